"""Pages that record, correct, end, withdraw and restore facts of every list."""

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core.action_registry import ActionForbiddenError
from maillage.core.actions.facts import (
    accept_citation,
    correct_fact,
    end_fact,
    may_write,
    record_fact,
    restore_fact,
    withdraw_fact,
)
from maillage.core.date_words import read_date
from maillage.core.formats import partial_date
from maillage.core.models import WithdrawnFact
from maillage.core.periods import OPEN, UNKNOWN, InvalidPeriodError, span
from maillage.core.record_versions import form_version
from maillage.core.request import Request
from maillage.core.rows.fact_list import FACT_LISTS, FactList
from maillage.presentation.action_forms import posted_data, redirect_after_action, require_officer, run_action_form
from maillage.web.facts.addresses import fact_address, list_address
from maillage.web.facts.forms import EndForm, FactForm, ReasonForm
from maillage.web.facts.organisation_picker import picker_text, suggested_organisations


def _list(request: Request, name: str) -> FactList[Any]:
    """The list of this name, if the reader may write in it. Raises `Http404`, `ActionForbiddenError`."""
    fact_list = FACT_LISTS.get(name)
    if fact_list is None:
        raise Http404(_("There is no list of this name."))
    if not may_write(fact_list, request.actor, timezone.now()):
        raise ActionForbiddenError(_("Facts of “%s” are recorded by officers of the site.") % fact_list.title)
    return fact_list


def _record(request: Request, fact_list: FactList[Any], uid: str) -> Any:
    records = fact_list.model.objects.all()
    return get_object_or_404(records.visible_to(request.actor) if hasattr(records, "visible_to") else records, uid=uid)


def new_fact_page(request: Request, name: str) -> HttpResponse:
    """The form of a new fact; “and another” shows it again with what the next one shares."""
    fact_list = _list(request, name)
    form = FactForm(fact_list, request)
    outcome = run_action_form(
        request,
        partial(record_fact, list_name=name),
        form,
        arguments=lambda: {"values": form.row_values},
        success=lambda record: _("Recorded: %s.") % record,
    )
    if outcome:
        return redirect(request.path if "another" in request.POST else fact_address(outcome.value))
    words = {"heading": _("Add to “%s”") % fact_list.title, "go": _("Record"), "another": True}
    return _form_page(request, fact_list, form, **words)


def correct_fact_page(request: Request, name: str, uid: str) -> HttpResponse:
    """The form that corrects a fact, filled with what is written."""
    fact_list = _list(request, name)
    record = _record(request, fact_list, uid)
    form = FactForm(fact_list, request, row=fact_list.to_row(record))
    outcome = run_action_form(
        request,
        partial(correct_fact, list_name=name, fact_id=str(uid)),
        form,
        arguments=lambda: {"values": form.row_values, "reason": form.cleaned_data["reason"]},
        success=_("The fact is corrected; its history keeps what it was."),
        version_of=record,
    )
    if outcome:
        return redirect(fact_address(outcome.value))
    words = {"heading": _("Correct: %s") % record, "go": _("Save the correction"), "record": record}
    return _form_page(request, fact_list, form, **words)


def end_fact_page(request: Request, name: str, uid: str) -> HttpResponse:
    """The form that ends a fact: it was true and is no longer."""
    fact_list = _list(request, name)
    record, form = _record(request, fact_list, uid), EndForm(posted_data(request))
    outcome = run_action_form(
        request,
        partial(end_fact, list_name=name, fact_id=str(uid)),
        form,
        success=_("The fact is ended; it stays true of the days before."),
        version_of=record,
        error_field="end",
    )
    if outcome:
        return redirect(fact_address(outcome.value))
    words = {"heading": _("End: %s") % record, "go": _("End the fact"), "record": record}
    return _form_page(request, fact_list, form, **words)


def withdraw_fact_page(request: Request, name: str, uid: str) -> HttpResponse:
    """The form that withdraws a fact: it never was so."""
    fact_list = _list(request, name)
    record, form = _record(request, fact_list, uid), ReasonForm(posted_data(request))
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
    return _form_page(request, fact_list, form, **words)


def _form_page(request: Request, fact_list: FactList[Any], form: Any, **words: Any) -> HttpResponse:
    record = words.get("record")
    context = {"form": form, "fact_list": fact_list, "list_url": list_address(fact_list), **words}
    if record is not None:
        context |= {"version": form_version(request, record), "record_url": fact_address(record)}
    return render(request, "web/facts/form.html", context, status=422 if form.is_bound else 200)


@require_POST
def accept_citation_button(request: Request, pk: int) -> HttpResponse:
    """Let a document that an organisation cites about itself confirm the fact; the page of the fact follows."""
    to = request.POST.get("next", "")
    to = to if url_has_allowed_host_and_scheme(to, allowed_hosts=None) else reverse("front-door")
    return redirect_after_action(request, accept_citation, to, _("The document is accepted."), citation_id=pk)


def withdrawn_page(request: Request) -> HttpResponse:
    """The facts that were withdrawn, newest first, for officers."""
    require_officer(request, _("Withdrawn facts are reviewed by officers of the site."))
    withdrawn = WithdrawnFact.objects.filter(restored_at=None).order_by("-withdrawn_at", "-pk")[:200]
    return render(request, "web/facts/withdrawn.html", {"withdrawn": withdrawn})


def restore_fact_page(request: Request, pk: int) -> HttpResponse:
    """The form that restores a withdrawn fact."""
    require_officer(request, _("Withdrawn facts are reviewed by officers of the site."))
    withdrawn, form = get_object_or_404(WithdrawnFact, pk=pk), ReasonForm(posted_data(request))
    outcome = run_action_form(
        request,
        partial(restore_fact, withdrawn_id=pk),
        form,
        success=_("The fact stands again, as it was."),
    )
    if outcome:
        return redirect("withdrawn-facts")
    fact_list = FACT_LISTS[withdrawn.list_name]
    return _form_page(request, fact_list, form, heading=_("Restore: %s") % withdrawn, go=_("Restore the fact"))


def suggestions(request: Request) -> HttpResponse:
    """The options of a picker of organisations while one types; `q` or the only other parameter is the text."""
    text = _typed(request, 200)
    organisations = suggested_organisations(request, text) if len(text.strip()) > 1 else []
    return render(request, "web/facts/options.html", {"options": [picker_text(one) for one in organisations]})


def understood(request: Request) -> HttpResponse:
    """What a date in words is understood as, while one types."""
    return render(request, "web/facts/understood.html", _understood(_typed(request, 40)))


def _typed(request: Request, limit: int) -> str:
    """The text of the field that asks, whatever its name."""
    return next((text for text in map(str, request.GET.values()) if text.strip()), "")[:limit].replace("\0", "")


def _understood(text: str) -> dict[str, str]:
    date = read_date(text)
    try:
        if date not in (OPEN, UNKNOWN):
            span(date)
    except InvalidPeriodError as error:
        return {"error": str(error)}
    words = {OPEN: _("it still holds"), UNKNOWN: _("not known")}
    return {"date": words.get(date) or partial_date(date)}
