"""Pages of a team that is asked to take part: its requests, its reply, and the conversation with those who ask."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core import formats
from maillage.core.action_registry import ActionForbiddenError
from maillage.core.request import Request
from maillage.core.security.session_scope import read_everything
from maillage.files.uploads import StreamingUploadHandler
from maillage.partnerships.actions.answers import reply_to_request
from maillage.partnerships.actions.messages import write_message_with_files
from maillage.partnerships.conversations import Thread, is_conversation_open
from maillage.partnerships.coverage import requested_parts
from maillage.partnerships.models import MessageThread, NeedAddressRole, TeamRequest
from maillage.partnerships.queries import (
    asking_organisations,
    joined_offers,
    messages_of,
    open_team_requests,
    promised_day_of,
    requester_of,
)
from maillage.presentation.action_forms import run_action_form
from maillage.web.files.uploads import accepts_upload, upload_limits
from maillage.web.partnerships.concept_names import ConceptNames
from maillage.web.partnerships.conversations import message_entries, run_message_form
from maillage.web.partnerships.forms import MessageForm, ReplyForm


def team_requests_page(request: Request) -> HttpResponse:
    """The open requests to teams within the actor's reach, oldest first."""
    if request.actor.acting is None:
        raise ActionForbiddenError(_("Choose the mandate of the team that is asked first."))
    return render(request, "web/needs/requests.html", {"requests": open_team_requests(request.actor)[:100]})


def reply_page(request: Request, pk: int) -> HttpResponse:
    """Reply to a team request."""
    team_request = _request_in_reach(request, pk)
    initial = {"takes_part": team_request.reply, "free_from": team_request.free_from}
    form = ReplyForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid() and form.is_question:
        return _ask_first(request, team_request, form)
    outcome = run_action_form(
        request,
        partial(reply_to_request, request_id=team_request.pk),
        form,
        arguments=lambda: form.posted | {"takes_part": form.cleaned_data["takes_part"] == "yes"},
        success=_("Your reply is with the institute."),
    )
    return redirect("team-requests") if outcome else _page(request, team_request, form, MessageForm())


def _ask_first(request: Request, asked: TeamRequest, form: ReplyForm) -> HttpResponse:
    """Send the question of a team that does not reply yet; the request stays open."""
    success = _("Your question is with those who ask; your reply is still awaited.")
    arguments = {"need_id": asked.need_id, "thread": _team_thread(asked), "text": form.cleaned_data["note"]}
    if run_action_form(request, write_message_with_files, form, arguments=arguments, success=success):
        return redirect(reverse("reply-to-request", args=[asked.pk]) + "#conversation")
    return _page(request, asked, form, MessageForm())


def _team_thread(asked: TeamRequest) -> Thread:
    return Thread(MessageThread.TEAM, asked.offer.provider_id)


@require_POST
@accepts_upload
def write_to_institute(request: Request, pk: int, intake: StreamingUploadHandler) -> HttpResponse:
    """Write to those who ask the team, without a reply yet."""
    team_request = _request_in_reach(request, pk)
    form = MessageForm(request.POST)
    arguments = {"need_id": team_request.need_id, "thread": _team_thread(team_request)}
    success = _("Your message is with those who ask you.")
    if run_message_form(request, write_message_with_files, form, intake, arguments, success=success):
        return redirect(reverse("reply-to-request", args=[pk]) + "#conversation")
    initial = {"takes_part": team_request.reply, "free_from": team_request.free_from}
    return _page(request, team_request, ReplyForm(initial=initial), form)


def _request_in_reach(request: Request, pk: int) -> TeamRequest:
    requests_in_reach = TeamRequest.objects.filter(offer__provider__in=request.actor.reach)
    team_request: TeamRequest = get_object_or_404(requests_in_reach.select_related("need", "offer__provider"), pk=pk)
    return team_request


def _page(request: Request, asked: TeamRequest, form: ReplyForm, message_form: MessageForm) -> HttpResponse:
    names, team = ConceptNames(), asked.offer.provider_id
    with read_everything():  # a team reads no case of the need
        may_write = is_conversation_open(asked.need)
        may_reply = asked.need.addresses.filter(role=NeedAddressRole.ADDRESSEE, dealt_at=None).exists()
        joined = joined_offers(asked)
        facts = _request_facts(request, asked, names)
    messages = [message for message in messages_of(asked.need, actor=request.actor) if message.team_id == team]
    context = {
        "asked": asked,
        "request_facts": facts,
        "joined": joined,
        "form": form,
        "wanted": [(names[one.concept], one.essential) for one in asked.need.asked.order_by("-essential", "pk")],
        "messages_shown": message_entries(messages, asked.need, {team}),
        "message_form": message_form,
        "may_write": may_write,
        "may_reply": may_reply,
        **upload_limits(),
    }
    return render(request, "web/needs/reply.html", context, status=422 if form.errors or message_form.errors else 200)


def _request_facts(request: Request, asked: TeamRequest, names: ConceptNames) -> list[tuple[str, str]]:
    """By whom, for whom, for what part and by when a team is asked; who states a confidential need is not said."""
    need, day = asked.need, promised_day_of(asked.need)
    requester = requester_of(need, actor=request.actor) if not need.is_confidential else None
    parts = requested_parts(need, [asked.offer], request.actor, timezone.localdate())[asked.offer_id]
    facts = [
        (_("Asked by"), ", ".join(str(one) for one in asking_organisations(need))),
        (_("Who asks"), requester.organisation if requester else _("confidential") if need.is_confidential else ""),
        (_("For this part"), ", ".join(names[key] for key in parts)),
        (_("Reply before"), formats.day(day) if day else ""),
        (_("Your reply"), _reply_words(asked)),
    ]
    return [(name, value) for name, value in facts if value]


def _reply_words(asked: TeamRequest) -> str:
    if not asked.replied_at:
        return ""
    values = {"word": asked.get_reply_display(), "day": formats.day(timezone.localdate(asked.replied_at))}
    return _("%(word)s, on %(day)s") % values
