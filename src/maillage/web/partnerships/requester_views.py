"""The requester's own page, opened by a signed link: state of the need, answers and actions."""

from collections.abc import Callable
from functools import partial

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from maillage.core.request import Request
from maillage.core.security.session_scope import read_everything
from maillage.files.uploads import StreamingUploadHandler
from maillage.partnerships.access_tokens import is_mailed_token
from maillage.partnerships.actions.attachments import attach_to_need
from maillage.partnerships.actions.messages import write_as_requester
from maillage.partnerships.actions.requester import (
    COMPLAINT_PROCESS,
    agree_to_pass_on,
    complain,
    confirm_address,
    escalate_complaint,
    rate_need,
    reword_need,
    withdraw_need,
)
from maillage.partnerships.addressees import somebody_acts
from maillage.partnerships.conversations import is_conversation_open
from maillage.partnerships.letters import answer_letter_pdf, coverage_detail
from maillage.partnerships.models import Answer, Need, NeedAddress, NeedAddressRole, NeedOutcome
from maillage.partnerships.queries import (
    answers_waiting_for_consent,
    cases_waiting_for_agreement,
    consent_day,
    files_with_requester,
    messages_with_requester,
    need_files,
    networks_to_agree_to,
    promised_day_of,
    sent_answers,
    working_days_promised,
)
from maillage.presentation.action_forms import run_action_form
from maillage.presentation.partial_forms import PartialFormMixin
from maillage.register.models import Organisation
from maillage.web.files.downloads import file_response
from maillage.web.files.uploads import accepts_upload, run_with_upload, upload_limits
from maillage.web.partnerships.concept_names import ConceptNames
from maillage.web.partnerships.conversations import message_entries, run_message_form
from maillage.web.partnerships.forms import ComplaintForm, MessageForm, RatingForm, WordingForm
from maillage.web.partnerships.need_links import find_need, has_ended, need_of_token
from maillage.web.rate_limits import enforce_rate_limit
from maillage.workflow.models import Case

# The stages that a requester sees; the exchanges with teams are left out.
_STAGES = ("received", "acknowledged", "routed", "answered", "met")
_ENDED = (NeedOutcome.REDIRECTED, NeedOutcome.DECLINED, NeedOutcome.WITHDRAWN)


@never_cache
def follow_page(request: Request, token: str) -> HttpResponse:
    """The state of the need, its answers and the forms of the requester; else that it is erased, or the link ended."""
    with read_everything():
        need = find_need(token)
        if need.is_erased or has_ended(need, token):
            return render(request, "web/needs/link_ended.html", {"need": need, "token": token}, status=410)
    if request.method == "GET" and is_mailed_token(token):
        with read_everything():
            is_new = need.requester.confirmed_at is None
        if is_new:
            confirm_address(actor=request.actor, at=timezone.now(), need_id=need.pk)
    return _page(request, token)


def _page(request: Request, token: str, status: int = 200, **more: object) -> HttpResponse:
    # The signed link gives access to the need; its holder may have no account.
    with read_everything():
        need = need_of_token(token)
        messages = messages_with_requester(need)
        capabilities = list(need.asked.order_by("-essential", "pk"))
        names = ConceptNames()
        context = {
            "need": need,
            "token": token,
            "held": [_address_context(address) for address in _addresses(need)],
            "asked": [(names[capability.concept], capability.essential) for capability in capabilities],
            "answers": [_answer_context(answer) for answer in sent_answers(need)],
            "complaints": _complaint_contexts(need),
            "need_files": need_files(need),
            **upload_limits(),
            "rating": getattr(need, "rating", None),
            "running": any(address.case and address.case.ended_at is None for address in _addresses(need)),
            "may_reword": _may_reword(need),
            "rating_form": RatingForm(),
            "complaint_form": ComplaintForm(),
            "messages_shown": message_entries(messages, need, (), token=token),
            "message_form": MessageForm(),
            **_consent_context(need),
            "networks": [one.organisation for one in _addresses(need, NeedAddressRole.NETWORK)],
            "may_write": is_conversation_open(need),
        }
        return render(request, "web/needs/follow.html", context | more, status=status)


def _consent_context(need: Need) -> dict[str, object]:
    """To whom a need can go on if the requester agrees, by when, and whether that day has passed."""
    if overdue := cases_waiting_for_agreement(need.pk):
        networks = Organisation.objects.filter(pk__in=networks_to_agree_to(need)).order_by("sort_name")
        promised = promised_day_of(need)
        return {
            "proposed_organisations": list(networks),
            "consent_day": overdue[0].due_at,
            "may_consent": True,
            "is_overdue": promised is not None and promised < timezone.localdate(),
        }
    proposing = list(need.answers.exclude(sent_at=None).exclude(pass_on_to=[]).order_by("sent_at", "pk"))
    if not proposing:
        return {}
    organisation_ids = {pk for answer in proposing for pk in answer.pass_on_to}
    return {
        "proposed_organisations": list(Organisation.objects.filter(pk__in=organisation_ids).order_by("sort_name")),
        "consent_day": consent_day(proposing[-1]),
        "may_consent": answers_waiting_for_consent(timezone.now()).filter(need=need).exists(),
    }


def _addresses(need: Need, role: NeedAddressRole = NeedAddressRole.ADDRESSEE) -> list[NeedAddress]:
    addresses = need.addresses.filter(role=role).select_related("organisation", "case__definition")
    return list(addresses.order_by("since", "pk"))


def _may_reword(need: Need) -> bool:
    """Whether the need waits, and nobody has written an answer yet."""
    waiting = need.addresses.filter(role=NeedAddressRole.ADDRESSEE, dealt_at=None)
    return waiting.exists() and not need.answers.exists()


def _address_context(address: NeedAddress) -> dict[str, object]:
    """The context of one addressee of the need, with the stages reached and those ahead."""
    state = address.case.state if address.case else ""
    steps = [step.after for step in address.case.steps.all()[:200]] if address.case else []
    reached = [stage for stage in _STAGES if stage in steps]
    ahead = [] if address.outcome in _ENDED else _STAGES[_STAGES.index(reached[-1]) + 1 if reached else 0 :]
    promised = working_days_promised(address.organisation_id, timezone.localdate(address.since))
    return {
        "address": address,
        "is_promised": promised is not None,
        "nobody_acts": address.dealt_at is None and not somebody_acts(address.organisation_id, timezone.localdate()),
        "state": address.case.current_state.title if address.case else "",
        "late": bool(
            not address.dealt_at
            and not address.stopped_at
            and address.promised_day
            and address.promised_day < timezone.localdate()
        ),
        "stages": [
            {"title": _stage_title(address, stage), "reached": stage in reached, "now": stage == state}
            for stage in (*reached, *ahead)
        ],
    }


def _stage_title(address: NeedAddress, stage: str) -> str:
    states = address.case.definition.definition.states if address.case else {}
    return str(states[stage].title) if stage in states else stage


def _answer_context(answer: Answer) -> dict[str, object]:
    names = ConceptNames()
    team = [(proposal.offer, [names[key] for key in proposal.brings]) for proposal in answer.team.all()]
    return {
        "answer": answer,
        "paragraphs": [part for part in answer.letter.split("\n\n") if part.strip()],
        "team": team,
        "lines": [
            (names[line.concept], line.coverage, line.get_coverage_display(), coverage_detail(line))
            for line in answer.lines.order_by("-essential", "pk")
        ],
    }


def _complaint_contexts(need: Need) -> list[dict[str, object]]:
    cases = Case.objects.filter(definition__name=COMPLAINT_PROCESS, record_kind=Need.kind_name(), record_id=need.pk)
    return [
        {"case": case, "steps": list(case.steps.select_related("definition").exclude(kind="moved")[:50])}
        for case in cases.select_related("definition").order_by("pk")[:20]
    ]


@never_cache
@require_safe
def letter_file(request: Request, token: str, pk: int) -> HttpResponse:
    """The letter of an answer, as PDF."""
    with read_everything():
        need = need_of_token(token)
        answer = need.answers.filter(pk=pk).exclude(sent_at=None).first()
        if answer is None:
            raise Http404
        content = answer_letter_pdf(answer, (get_language() or "fr")[:2])
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{need.key}.pdf"'
    return response


@never_cache
@require_safe
def need_file(request: Request, token: str, pk: int) -> HttpResponseBase:
    """A file that the requester attached, or of a message to or from them."""
    with read_everything():
        need = need_of_token(token)
        attachment = next((file for file in files_with_requester(need) if file.pk == pk), None)
        if attachment is None:
            raise Http404
        return file_response(request, attachment)


@require_POST
@accepts_upload
def attach(request: Request, token: str, intake: StreamingUploadHandler) -> HttpResponse:
    """Attach a file."""
    action = partial(run_with_upload, attach_to_need, intake)
    return _run_action(request, token, action, _("The file is with the institute."))


@never_cache
def reword_page(request: Request, token: str) -> HttpResponse:
    """Change the words of the need while nobody has answered it."""
    with read_everything():
        need = need_of_token(token)
    form = WordingForm(request.POST or None, initial={"text": need.text, "title": need.title})
    action = partial(reword_need, need_id=need.pk)
    success = _("Your need is changed; whoever deals with it is told.")
    if run_action_form(request, action, form, success=success, before=enforce_rate_limit):
        return redirect("follow-need", token)
    context = {"need": need, "token": token, "form": form}
    return render(request, "web/needs/reword.html", context, status=422 if form.errors else 200)


@require_POST
@accepts_upload
def write(request: Request, token: str, intake: StreamingUploadHandler) -> HttpResponse:
    """Write to those who answer."""
    with read_everything():
        arguments = {"need_id": need_of_token(token).pk}
    form, success = MessageForm(request.POST), _("Your message is with those who answer you.")
    outcome = run_message_form(
        request, write_as_requester, form, intake, arguments, success=success, before=enforce_rate_limit
    )
    if not outcome:
        return _page(request, token, 422, message_form=form)
    return redirect(reverse("follow-need", args=[token]) + "#conversation")


@require_POST
def withdraw(request: Request, token: str) -> HttpResponse:
    """Withdraw the need."""
    return _run_action(
        request, token, withdraw_need, _("Your need is withdrawn."), reason=request.POST.get("reason", "")
    )


@require_POST
def pass_on(request: Request, token: str) -> HttpResponse:
    """Agree that the need goes on to the organisations proposed, or not."""
    agrees = request.POST.get("agrees") == "yes"
    success = _("Your need is passed on.") if agrees else _("Your need goes to nobody else.")
    return _run_action(request, token, agree_to_pass_on, success, agrees=agrees)


@require_POST
def rate(request: Request, token: str) -> HttpResponse:
    """Rate the answer."""
    form = RatingForm(request.POST)
    return _run_form(request, token, form, "rating_form", rate_need, _("Thank you; the institute reads it."))


@require_POST
def file_complaint(request: Request, token: str) -> HttpResponse:
    """File a complaint."""
    form = ComplaintForm(request.POST)
    success = _("Your complaint is with the institute; its answer will stand here.")
    return _run_form(request, token, form, "complaint_form", complain, success)


@require_POST
def escalate(request: Request, token: str) -> HttpResponse:
    """Escalate an answered complaint to the network."""
    success = _("Your complaint is with the network, whose answer will stand here.")
    return _run_action(request, token, escalate_complaint, success, reason=request.POST.get("reason", ""))


def _run_form(
    request: Request, token: str, form: forms.Form, name: str, action: Callable[..., object], success: str
) -> HttpResponse:
    if not form.is_valid():
        return _page(request, token, 422, **{name: form})
    values = form.posted if isinstance(form, PartialFormMixin) else form.cleaned_data
    return _run_action(request, token, action, success, **values)


def _run_action(
    request: Request, token: str, action: Callable[..., object], success: str, **arguments: object
) -> HttpResponse:
    with read_everything():
        need_id = need_of_token(token).pk
    arguments = {"need_id": need_id, **arguments}
    run_action_form(request, action, arguments=arguments, success=success, before=enforce_rate_limit)
    return redirect("follow-need", token)
