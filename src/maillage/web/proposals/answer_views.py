"""The pages of those who answer proposals of change: the list, one proposal, and its acceptance with changes."""

from collections.abc import Callable
from functools import partial

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.core.action_registry import ActionForbiddenError, Arguments
from maillage.core.record_versions import record_version
from maillage.core.request import Request
from maillage.core.rows.values import Values
from maillage.files.uploads import StreamingUploadHandler
from maillage.presentation.action_forms import ActionOutcome, parse_number, posted_data, run_action_form
from maillage.proposals.actions.answers import accept_proposal, refuse_proposal
from maillage.proposals.documents import document_of
from maillage.proposals.models import Proposal, ProposalKind, ProposalState, Proposer
from maillage.proposals.queries import ProposalOnFact, find_fact, may_answer, proposal_on_fact, proposals_to_answer
from maillage.register.fact_addresses import fact_address, list_address
from maillage.web.facts.attached_documents import keeping_document
from maillage.web.facts.forms import FactForm
from maillage.web.files.downloads import file_response
from maillage.web.files.uploads import accepts_document
from maillage.web.proposals.changes import proposed_changes, written_otherwise
from maillage.web.proposals.forms import AcceptForm, RefuseForm, amended_data, proposed_reason

_PAGE = 50
_ANSWERED = (ProposalState.ACCEPTED, ProposalState.REFUSED, ProposalState.TAKEN_BACK)


def list_page(request: Request) -> HttpResponse:
    """The proposals that the reader answers: those that wait, by the day due, or those that are answered."""
    if not request.user.is_authenticated:
        raise ActionForbiddenError(_("Proposals are answered by those who act for an organisation, and by officers."))
    answered = request.GET.get("show") == "answered"
    proposals = proposals_to_answer(request.actor, timezone.now())
    if answered:
        proposals = proposals.in_state(*_ANSWERED).order_by("-pk")
        if before := parse_number(request.GET.get("before", "")):
            proposals = proposals.filter(pk__lt=before)
    else:
        proposals = proposals.in_state(ProposalState.OPEN).order_by("due_on", "pk")
    page = list(proposals[: _PAGE + 1])
    rows = [(proposal, proposal_on_fact(proposal, request.actor)) for proposal in page[:_PAGE]]
    context = {"rows": rows, "answered": answered, "today": timezone.localdate(), "more": len(page) > _PAGE}
    return render(request, "web/proposals/list.html", context)


def _open(request: Request, pk: int) -> ProposalOnFact:
    """The proposal, if the reader answers it. Raises `Http404`."""
    proposal = Proposal.objects.filter(pk=pk).first()
    if proposal is None or not may_answer(request.actor, timezone.now(), proposal):
        raise Http404(_("There is no such proposal, or it is answered by others."))
    return proposal_on_fact(proposal, request.actor)


def proposal_page(request: Request, pk: int) -> HttpResponse:
    """A proposal beside its fact, with the forms that accept and refuse it."""
    return _page(request, _open(request, pk))


def _page(
    request: Request, on_fact: ProposalOnFact, accept: AcceptForm | None = None, refuse: RefuseForm | None = None
) -> HttpResponse:
    proposal = on_fact.proposal
    context = {
        "proposal": proposal,
        "on_fact": on_fact,
        "fact_list": on_fact.fact_list,
        "fact_url": fact_address(on_fact.record) if on_fact.record is not None else "",
        "list_url": list_address(on_fact.fact_list),
        "proposer": _proposer_name(proposal),
        "document": document_of(proposal, actor=request.actor),
        "changes": list(proposed_changes(request, on_fact)),
        "written": written_otherwise(request, proposal),
        "may_amend": proposal.kind in (ProposalKind.RECORD, ProposalKind.CORRECT),
        "accept": accept or AcceptForm(None, proposal),
        "refuse": refuse or RefuseForm(None),
        "version": _version(on_fact),
        "late": bool(proposal.is_open and proposal.due_on and proposal.due_on < timezone.localdate()),
    }
    is_faulty = accept is not None or refuse is not None
    return render(request, "web/proposals/proposal.html", context, status=422 if is_faulty else 200)


def _version(on_fact: ProposalOnFact) -> str:
    record = on_fact.record
    return record_version(type(record), record.pk) if record is not None else ""


def _proposer_name(proposal: Proposal) -> str:
    proposer = Proposer.objects.filter(proposal=proposal).first()
    if proposal.proposed_by:
        return str(proposal.proposed_by.name)
    return proposer.name or _("a reader with a confirmed mail address") if proposer else _("a reader, since erased")


@require_safe
def document_download(request: Request, pk: int) -> HttpResponseBase:
    """Download the document that came with a proposal."""
    document = document_of(_open(request, pk).proposal, actor=request.actor)
    if document is None:
        raise Http404(_("No file has this address, or it is not for every reader."))
    return file_response(request, document)


@require_POST
def accept_button(request: Request, pk: int) -> HttpResponse:
    """Accept a proposal as it is."""
    on_fact = _open(request, pk)
    form = AcceptForm(posted_data(request), on_fact.proposal)
    outcome = _accept(request, form, on_fact, None)
    return _answered(outcome) if outcome else _page(request, on_fact, accept=form)


def _accept(
    request: Request, form: AcceptForm | FactForm, on_fact: ProposalOnFact, values: Values | None
) -> ActionOutcome[Proposal]:
    def arguments() -> Arguments:
        given = {"reason": form.cleaned_data["reason"], "answer": form.cleaned_data.get("answer", "")}
        return given if values is None else given | {"values": values}

    accept: Callable[..., Proposal] = partial(accept_proposal, proposal_id=on_fact.proposal.pk)
    if isinstance(form, FactForm):
        accept = keeping_document(form, accept, lambda proposal: find_fact(on_fact.fact_list, proposal))
    return run_action_form(
        request,
        accept,
        form,
        arguments=arguments,
        success=_("The proposal is accepted; who proposed it is told by mail."),
        version_of=on_fact.record,
    )


def _answered(outcome: ActionOutcome[Proposal]) -> HttpResponse:
    return redirect("proposal", outcome.value.pk)


@require_POST
def refuse_button(request: Request, pk: int) -> HttpResponse:
    """Refuse a proposal."""
    on_fact, form = _open(request, pk), RefuseForm(posted_data(request))
    success = _("The proposal is refused; who proposed it is told why by mail.")
    outcome = run_action_form(request, partial(refuse_proposal, proposal_id=pk), form, success=success)
    return _answered(outcome) if outcome else _page(request, on_fact, refuse=form)


@accepts_document
def amend_page(request: Request, pk: int, intake: StreamingUploadHandler) -> HttpResponse:
    """The form of the fact, filled with what is proposed: accepted once it is changed."""
    on_fact = _open(request, pk)
    proposal, record = on_fact.proposal, on_fact.record
    if not on_fact.may_be_accepted or proposal.kind not in (ProposalKind.RECORD, ProposalKind.CORRECT):
        return redirect("proposal", pk)
    form = _amending_form(request, on_fact)
    form.refuse_upload(intake)
    outcome = ActionOutcome[Proposal]()
    if request.method == "POST" and form.is_valid():
        outcome = _accept(request, form, on_fact, form.row_values)
    if outcome:
        return _answered(outcome)
    form.focus_first_error()
    context = {
        "form": form,
        "fact_list": on_fact.fact_list,
        "proposal": proposal,
        "record": record,
        "list_url": list_address(on_fact.fact_list),
        "heading": _("Change before accepting: %s") % proposal,
        "go": _("Accept with these changes"),
        "version": _version(on_fact),
    }
    return render(request, "web/proposals/amend.html", context, status=422 if request.method == "POST" else 200)


def _amending_form(request: Request, on_fact: ProposalOnFact) -> FactForm:
    proposal, fact_list, record = on_fact.proposal, on_fact.fact_list, on_fact.record
    if request.method == "POST":
        row = fact_list.to_row(record) if record is not None else None
        form = FactForm(fact_list, request, row=row, record=record)
    elif record is None:
        form = FactForm(fact_list, request, proposed=proposal.values)
    else:
        row = fact_list.to_row(record)
        now = FactForm(fact_list, request, row=row, record=record)
        proposed = FactForm(fact_list, request, row=row, record=record, proposed=proposal.values)
        data = amended_data(now, proposed, proposed_reason(proposal))
        form = FactForm(fact_list, request, row=row, record=record, data=data)
    if "reason" not in form.fields:
        form.add_reason(proposed_reason(proposal))
    form.proposed_document = document_of(proposal, actor=request.actor)
    return form
