"""Pages on which somebody who may not write a fact proposes it, its correction, its end or its withdrawal."""

from contextlib import nullcontext
from functools import partial

from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionValue, Arguments
from maillage.core.request import Request
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.rows.values import Values
from maillage.files.uploads import StreamingUploadHandler, discard_unless_stored
from maillage.presentation.action_forms import ActionOutcome, posted_data, run_action_form
from maillage.proposals.access_tokens import make_proposal_token
from maillage.proposals.actions.proposals import propose_change
from maillage.proposals.models import Proposal, ProposalKind, ProposalState
from maillage.register.fact_addresses import fact_address, list_address
from maillage.web.facts.changes import Change, row_changes
from maillage.web.facts.warnings import FactWarning, fact_warnings
from maillage.web.facts.withdrawn import withdrawn_fact
from maillage.web.facts.withdrawn_views import gone_page
from maillage.web.files.uploads import accepts_document
from maillage.web.proposals.forms import ProposedEndForm, ProposedFactForm, ProposedWithdrawalForm
from maillage.web.proposals.links import links_of
from maillage.web.rate_limits import enforce_proposal_limit

ProposalForm = ProposedFactForm | ProposedEndForm | ProposedWithdrawalForm


def _fact_list(name: str) -> AnyFactList:
    fact_list = FACT_LISTS.get(name)
    if fact_list is None:
        raise Http404(_("There is no list of this name."))
    return fact_list


def _record(request: Request, fact_list: AnyFactList, uid: str) -> Model | None:
    """The record that the reader sees, or `None` if they may know that it was withdrawn. Raises `Http404`."""
    records = fact_list.records()
    visible = records.visible_to(request.actor) if hasattr(records, "visible_to") else records
    record = visible.filter(uid=uid).first()
    if record is None and withdrawn_fact(request, fact_list.model, str(uid)) is None:
        raise Http404(_("No record has this address, or it is not for every reader."))
    return record


def _gone(request: Request, fact_list: AnyFactList, uid: str) -> HttpResponse:
    withdrawn = withdrawn_fact(request, fact_list.model, str(uid))
    if withdrawn is None:
        raise Http404
    return gone_page(request, withdrawn)


@accepts_document
def propose_fact_page(request: Request, name: str, intake: StreamingUploadHandler) -> HttpResponse:
    """The form of a new fact, as it is proposed."""
    fact_list = _fact_list(name)
    form = ProposedFactForm(fact_list, request)
    form.refuse_upload(intake)
    warnings = _warnings(request, form)
    outcome = ActionOutcome[Proposal]() if warnings else _propose(request, form, ProposalKind.RECORD, name)
    if outcome:
        return redirect("follow-proposal", make_proposal_token(outcome.value))
    heading = _("Propose: %s") % fact_list.title
    return _page(request, fact_list, form, heading=heading, warnings=warnings, may_save_anyway=bool(warnings))


@accepts_document
def propose_correction_page(request: Request, name: str, uid: str, intake: StreamingUploadHandler) -> HttpResponse:
    """The form of a fact, filled with what is written; what is wrong may be said in words alone."""
    fact_list = _fact_list(name)
    record = _record(request, fact_list, uid)
    if record is None:
        return _gone(request, fact_list, uid)
    form = ProposedFactForm(fact_list, request, row=fact_list.to_row(record), record=record)
    form.refuse_upload(intake)
    outcome = _propose(request, form, ProposalKind.CORRECT, name, record)
    if outcome:
        return redirect("follow-proposal", make_proposal_token(outcome.value))
    return _page(request, fact_list, form, heading=_("Propose a correction: %s") % record, record=record, corrects=True)


def proposed_changes(request: Request, name: str, uid: str) -> HttpResponse:
    """What the correction being typed would change."""
    fact_list = _fact_list(name)
    record = _record(request, fact_list, uid)
    if record is None:
        return _gone(request, fact_list, uid)
    form = ProposedFactForm(fact_list, request, row=fact_list.to_row(record), record=record)
    return render(request, "web/facts/changes.html", {"changes": _changes(request, form)})


@accepts_document
def propose_end_page(request: Request, name: str, uid: str, intake: StreamingUploadHandler) -> HttpResponse:
    """The form by which the end of a fact is proposed."""
    fact_list = _fact_list(name)
    if fact_list.end_field is None:
        raise Http404(_("Facts of “%s” do not end; correct or withdraw this one.") % fact_list.title)
    record = _record(request, fact_list, uid)
    if record is None:
        return _gone(request, fact_list, uid)
    form = ProposedEndForm(fact_list, request)
    form.refuse_upload(intake)
    outcome = _propose(request, form, ProposalKind.END, name, record)
    if outcome:
        return redirect("follow-proposal", make_proposal_token(outcome.value))
    return _page(request, fact_list, form, heading=_("Propose to end: %s") % record, record=record, ends=True)


def propose_withdrawal_page(request: Request, name: str, uid: str) -> HttpResponse:
    """The form by which the withdrawal of a fact is proposed."""
    fact_list = _fact_list(name)
    record = _record(request, fact_list, uid)
    if record is None:
        return _gone(request, fact_list, uid)
    form = ProposedWithdrawalForm(request, posted_data(request))
    outcome = _propose(request, form, ProposalKind.WITHDRAW, name, record)
    if outcome:
        return redirect("follow-proposal", make_proposal_token(outcome.value))
    return _page(request, fact_list, form, heading=_("Propose to withdraw: %s") % record, record=record, withdraws=True)


def _propose(
    request: Request, form: ProposalForm, kind: ProposalKind, name: str, record: Model | None = None
) -> ActionOutcome[Proposal]:
    def arguments() -> Arguments:
        values = {"values": _values(form, FACT_LISTS[name]), "reason": form.cleaned_data["reason"]}
        return values | {"proposer": form.proposer}

    def check_limit(request: Request) -> None:
        enforce_proposal_limit(request, form.proposer.email if form.proposer else "")

    fact_id = str(record.serializable_value("uid")) if record is not None else ""
    document = None if isinstance(form, ProposedWithdrawalForm) else form.incoming
    with discard_unless_stored(document) if document else nullcontext():
        return run_action_form(
            request,
            partial(propose_change, kind=kind.value, list_name=name, fact_id=fact_id, document=document),
            form,
            arguments=arguments,
            success=_sent_words,
            error_field="end" if kind == ProposalKind.END else None,
            before=check_limit,
        )


def _values(form: ProposalForm, fact_list: AnyFactList) -> Values:
    if isinstance(form, ProposedFactForm):
        return form.row_values
    if isinstance(form, ProposedEndForm) and fact_list.end_field:
        source = form.cleaned_data.get("source")
        return {fact_list.end_field.key: form.cleaned_data["end"]} | ({"source": [source]} if source else {})
    return {}


def _sent_words(proposal: Proposal) -> str:
    if proposal.state == ProposalState.UNCONFIRMED:
        return _("A mail is on its way to you.")
    return _("Thank you: your proposal is with those who answer for this fact.")


def _warnings(request: Request, form: ProposedFactForm) -> list[FactWarning]:
    """What is worth a second look before a new fact is proposed."""
    if request.method != "POST" or "anyway" in request.POST or not form.is_valid():
        return []
    values = {key: value for key, value in form.row_values.items() if key != "source"}
    return fact_warnings(request, form.fact_list, values)


def _changes(request: Request, form: ProposalForm) -> list[Change]:
    if not isinstance(form, ProposedFactForm) or form.row is None or not form.is_bound:
        return []
    form.is_valid()
    values = {key: value for key, value in form.row_values.items() if key not in form.errors}
    return list(row_changes(request, form.fact_list, form.row, values))


def _page(request: Request, fact_list: AnyFactList, form: ProposalForm, **words: ActionValue) -> HttpResponse:
    record = words.get("record")
    context = {"form": form, "fact_list": fact_list, "list_url": list_address(fact_list), "proposes": True, **words}
    if record is not None:
        context |= {"record_url": fact_address(record), "links": links_of(fact_list, record)}
    if isinstance(form, ProposedFactForm):
        context["changes"] = _changes(request, form)
        form.focus_first_error()
    return render(request, "web/proposals/form.html", context, status=422 if form.is_bound else 200)
