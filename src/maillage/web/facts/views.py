"""Pages that record, correct, end and withdraw facts of every list."""

from functools import partial
from urllib.parse import urlencode

from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionForbiddenError, ActionValue
from maillage.core.actions.facts import correct_fact, end_fact, record_fact, withdraw_fact
from maillage.core.models import WithdrawnFact
from maillage.core.record_versions import StaleRecordError, form_version, record_version
from maillage.core.request import Request
from maillage.core.rows.fact_list import AnyFactList
from maillage.files.uploads import StreamingUploadHandler
from maillage.listing.columns import ListedRecord
from maillage.presentation.action_forms import (
    AnyOutcome,
    check_action_allowed,
    posted_data,
    run_action_form,
)
from maillage.register.fact_addresses import fact_address, list_address
from maillage.web.facts.addresses import fact_links, may_record
from maillage.web.facts.attached_documents import keeping_document
from maillage.web.facts.changes import Change, row_changes
from maillage.web.facts.concurrent_changes import rebased_form
from maillage.web.facts.forms import EndForm, FactForm, ReasonForm
from maillage.web.facts.list_views import writable_list
from maillage.web.facts.source_fields import keep_sitting_source
from maillage.web.facts.warnings import FactWarning, fact_warnings
from maillage.web.facts.withdrawn import withdrawn_fact
from maillage.web.facts.withdrawn_views import gone_page
from maillage.web.files.uploads import accepts_document


class _WithdrawnError(Exception):
    """The record was withdrawn, as its reader may know."""

    def __init__(self, withdrawn: WithdrawnFact) -> None:
        super().__init__(str(withdrawn))
        self.withdrawn = withdrawn


def _record(request: Request, fact_list: AnyFactList, uid: str, action: str) -> ListedRecord:
    """The record, if the reader may change it by this action.

    Raises `_WithdrawnError`, `Http404`, `ActionForbiddenError`.
    """
    records = fact_list.model.objects.all()
    visible = records.visible_to(request.actor) if hasattr(records, "visible_to") else records
    record = visible.filter(uid=uid).first()
    if record is None:
        if withdrawn := withdrawn_fact(request, fact_list.model, str(uid)):
            raise _WithdrawnError(withdrawn)
        raise Http404(_("No record has this address, or it is not for every reader."))
    check_action_allowed(request, action, list_name=fact_list.name, fact_id=str(uid))
    return record


@accepts_document
def new_fact_page(request: Request, name: str, intake: StreamingUploadHandler) -> HttpResponse:
    """The form of a new fact; “and another” shows it again with what the next one shares."""
    fact_list = writable_list(request, name)
    if not may_record(fact_list, request.actor):
        raise ActionForbiddenError(_("A new organisation is recorded by an officer of the site."))
    form = FactForm(fact_list, request)
    form.refuse_upload(intake)
    warnings = _warnings(request, form)
    if not warnings:
        outcome = run_action_form(
            request,
            keeping_document(form, partial(record_fact, list_name=name)),
            form,
            arguments=lambda: {"values": form.row_values},
            success=lambda record: _("Recorded: %s.") % record,
        )
        if outcome:
            if fact_list.has_sources:
                keep_sitting_source(request, form.cleaned_data)
            another = f"{request.path}?{urlencode(form.shared_by_next())}"
            return redirect(another if "another" in request.POST else fact_address(outcome.value))
    heading, go = _("Add: %s") % fact_list.title, _("Record")
    return _form_page(request, fact_list, form, heading=heading, go=go, another=True, warnings=warnings)


def _warnings(request: Request, form: FactForm, record: Model | None = None) -> list[FactWarning]:
    """The warnings about a form that was sent, unless its person saves it all the same."""
    if request.method != "POST" or "anyway" in request.POST or not form.is_valid():
        return []
    if record is None:
        check_action_allowed(request, "core.record_fact", list_name=form.fact_list.name, values=form.row_values)
    values = {key: value for key, value in form.row_values.items() if key != "source"}
    return fact_warnings(request, form.fact_list, (form.row or {}) | values, record)


@accepts_document
def correct_fact_page(request: Request, name: str, uid: str, intake: StreamingUploadHandler) -> HttpResponse:
    """The form that corrects a fact, filled with what is written."""
    fact_list = writable_list(request, name)
    try:
        record = _record(request, fact_list, uid, "core.correct_fact")
    except _WithdrawnError as error:
        return gone_page(request, error.withdrawn)
    form = FactForm(fact_list, request, row=fact_list.to_row(record), record=record)
    form.refuse_upload(intake)
    warnings, outcome = _warnings(request, form, record), AnyOutcome()
    if not warnings:
        outcome = _correct(request, form, record)
    if outcome:
        return redirect(fact_address(outcome.value))
    since: list[Change] = []
    if isinstance(outcome.error, StaleRecordError):
        form, since = rebased_form(form)
    words = {"heading": _("Correct: %s") % record, "go": _("Save the correction"), "record": record, "corrects": True}
    return _form_page(request, fact_list, form, warnings=warnings, since=since, outcome=outcome, **words)


def _correct(request: Request, form: FactForm, record: Model) -> AnyOutcome:
    return run_action_form(
        request,
        keeping_document(
            form,
            partial(correct_fact, list_name=form.fact_list.name, fact_id=str(record.serializable_value("uid"))),
        ),
        form,
        arguments=lambda: {"values": form.row_values, "reason": form.cleaned_data["reason"]},
        success=_("The fact is corrected; its history keeps what it was."),
        version_of=record,
    )


def correction_changes(request: Request, name: str, uid: str) -> HttpResponse:
    """What the correction being typed will change."""
    fact_list = writable_list(request, name)
    try:
        record = _record(request, fact_list, uid, "core.correct_fact")
    except _WithdrawnError as error:
        return gone_page(request, error.withdrawn)
    form = FactForm(fact_list, request, row=fact_list.to_row(record), record=record)
    return render(request, "web/facts/changes.html", {"changes": _changes(request, form)})


def _changes(request: Request, form: FactForm) -> list[Change]:
    if form.row is None or not form.is_bound:
        return []
    form.is_valid()
    values = {key: value for key, value in form.row_values.items() if key not in form.errors}
    return list(row_changes(request, form.fact_list, form.row, values))


@accepts_document
def end_fact_page(request: Request, name: str, uid: str, intake: StreamingUploadHandler) -> HttpResponse:
    """The form that ends a fact: it was true and is no longer."""
    fact_list = writable_list(request, name)
    if fact_list.end_field is None:
        raise Http404(_("Facts of “%s” do not end; correct or withdraw this one.") % fact_list.title)
    try:
        record = _record(request, fact_list, uid, "core.end_fact")
    except _WithdrawnError as error:
        return gone_page(request, error.withdrawn)
    form = EndForm(fact_list, request)
    form.refuse_upload(intake)
    outcome = run_action_form(
        request,
        keeping_document(form, partial(end_fact, list_name=name, fact_id=str(uid))),
        form,
        arguments=lambda: {key: form.cleaned_data[key] for key in ("end", "source", "reason")},
        success=_("The fact is ended; it stays true of the days before."),
        version_of=record,
        error_field="end",
    )
    if outcome:
        if fact_list.has_sources:
            keep_sitting_source(request, form.cleaned_data)
        return redirect(fact_address(outcome.value))
    words = {"heading": _("End: %s") % record, "go": _("End the fact"), "record": record, "ends": True}
    return _form_page(request, fact_list, form, outcome=outcome, **words)


def withdraw_fact_page(request: Request, name: str, uid: str) -> HttpResponse:
    """The form that withdraws a fact: it never was so."""
    fact_list = writable_list(request, name)
    try:
        record = _record(request, fact_list, uid, "core.withdraw_fact")
    except _WithdrawnError as error:
        return gone_page(request, error.withdrawn)
    form = ReasonForm(posted_data(request))
    outcome = run_action_form(
        request,
        partial(withdraw_fact, list_name=name, fact_id=str(uid)),
        form,
        success=lambda withdrawn: _("Withdrawn: %s. An officer can restore it.") % withdrawn,
        version_of=record,
    )
    if outcome:
        return redirect(list_address(fact_list))
    words = {"heading": _("Withdraw: %s") % record, "go": _("Withdraw the fact"), "record": record, "withdraws": True}
    return _form_page(request, fact_list, form, outcome=outcome, **words)


def _form_page(
    request: Request,
    fact_list: AnyFactList,
    form: FactForm | EndForm | ReasonForm,
    *,
    outcome: AnyOutcome | None = None,
    **words: ActionValue,
) -> HttpResponse:
    record = words.get("record")
    context = {"form": form, "fact_list": fact_list, "list_url": list_address(fact_list), **words}
    if record is not None:
        is_stale = outcome is not None and isinstance(outcome.error, StaleRecordError)
        version = record_version(type(record), record.pk) if is_stale else form_version(request, record)
        context |= {"version": version, "record_url": fact_address(record), "links": fact_links(request, record)}
    if warnings := words.get("warnings"):
        context["may_save_anyway"] = not any(warning.blocking for warning in warnings)
    if isinstance(form, FactForm):
        context["changes"] = _changes(request, form)
        form.focus_first_error()
    return render(request, "web/facts/form.html", context, status=422 if form.is_bound else 200)
