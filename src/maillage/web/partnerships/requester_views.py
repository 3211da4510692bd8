"""The requester's own page, opened by a signed link: state of the need, answers and actions."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from maillage.core.request import Request
from maillage.core.security.session_scope import read_everything
from maillage.files.uploads import StreamingUploadHandler
from maillage.partnerships.access_tokens import need_id_of_token
from maillage.partnerships.actions.attachments import attach_to_need
from maillage.partnerships.actions.requester import (
    COMPLAINT_PROCESS,
    complain,
    escalate_complaint,
    rate_need,
    reword_need,
    withdraw_need,
)
from maillage.partnerships.addressees import addressee_of
from maillage.partnerships.letters import answer_letter_pdf
from maillage.partnerships.models import Need, NeedAddress, NeedAddressRole, NeedOutcome
from maillage.partnerships.queries import need_files, sent_answers
from maillage.presentation.action_forms import run_action_form
from maillage.presentation.partial_forms import PartialFormMixin
from maillage.web.files.downloads import file_response
from maillage.web.files.uploads import accepts_upload, run_with_upload, upload_limits
from maillage.web.partnerships.concept_names import ConceptNames
from maillage.web.partnerships.forms import ComplaintForm, RatingForm, WordingForm
from maillage.web.rate_limits import enforce_rate_limit
from maillage.workflow.models import Case

# The stages that a requester sees; the exchanges with teams are left out.
_STAGES = ("received", "acknowledged", "routed", "answered", "met")
_ENDED = (NeedOutcome.REDIRECTED, NeedOutcome.DECLINED, NeedOutcome.WITHDRAWN)


@never_cache
def follow_page(request: Request, token: str) -> HttpResponse:
    """The state of the need, its answers and the forms of the requester."""
    return _page(request, token)


def _page(request: Request, token: str, status: int = 200, **more: object) -> HttpResponse:
    # The signed link gives access to the need; its holder may have no account.
    with read_everything():
        need = _need_of_token(token)
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
        }
        return render(request, "web/needs/follow.html", context | more, status=status)


def _need_of_token(token: str) -> Need:
    try:
        need: Need | None = Need.objects.filter(pk=need_id_of_token(token)).first()
    except signing.BadSignature as error:
        raise Http404(_("This link is cut or wrong; copy it whole.")) from error
    if need is None:
        raise Http404(_("This need is not there any more."))
    return need


def _addresses(need: Need) -> list[NeedAddress]:
    addresses = need.addresses.filter(role=NeedAddressRole.ADDRESSEE).select_related("organisation", "case__definition")
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
    receiver = addressee_of(address.organisation, timezone.localdate(address.since))
    return {
        "address": address,
        "is_promised": receiver.working_days is not None,
        "is_unreached": receiver.is_unreached and receiver.working_days is None and address.dealt_at is None,
        "state": address.case.current_state.title if address.case else "",
        "late": bool(not address.dealt_at and address.promised_day and address.promised_day < timezone.localdate()),
        "stages": [
            {"title": _stage_title(address, stage), "reached": stage in reached, "now": stage == state}
            for stage in (*reached, *ahead)
        ],
    }


def _stage_title(address: NeedAddress, stage: str) -> str:
    states = address.case.definition.definition.states if address.case else {}
    return str(states[stage].title) if stage in states else stage


def _answer_context(answer: Any) -> dict[str, object]:
    names = ConceptNames()
    team = [(proposal.offer, [names[key] for key in proposal.brings]) for proposal in answer.team.all()]
    return {
        "answer": answer,
        "paragraphs": [part for part in answer.letter.split("\n\n") if part.strip()],
        "team": team,
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
        need = _need_of_token(token)
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
    """A file that the requester attached."""
    with read_everything():
        attachment = next((file for file in need_files(_need_of_token(token)) if file.pk == pk), None)
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
        need = _need_of_token(token)
    form = WordingForm(request.POST or None, initial={"text": need.text, "title": need.title})
    action = partial(reword_need, need_id=need.pk)
    success = _("Your need is changed; whoever deals with it is told.")
    if run_action_form(request, action, form, success=success, before=enforce_rate_limit):
        return redirect("follow-need", token)
    context = {"need": need, "token": token, "form": form}
    return render(request, "web/needs/reword.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: Request, token: str) -> HttpResponse:
    """Withdraw the need."""
    return _run_action(
        request, token, withdraw_need, _("Your need is withdrawn."), reason=request.POST.get("reason", "")
    )


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
        need_id = _need_of_token(token).pk
    arguments = {"need_id": need_id, **arguments}
    run_action_form(request, action, arguments=arguments, success=success, before=enforce_rate_limit)
    return redirect("follow-need", token)
