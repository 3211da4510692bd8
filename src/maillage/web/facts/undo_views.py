"""Undoing a correction or an end, from the history of a fact."""

from dataclasses import replace
from functools import partial

from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError
from maillage.core.actions.undo import find_change, undo_change
from maillage.core.record_versions import form_version
from maillage.core.request import Request
from maillage.core.rows.list_register import list_of
from maillage.presentation.action_forms import check_action_allowed, posted_data, run_action_form
from maillage.presentation.record_history import Change, list_fact_changes
from maillage.register.fact_addresses import fact_address
from maillage.web.facts.addresses import fact_links
from maillage.web.facts.changes import row_changes
from maillage.web.facts.forms import ReasonForm
from maillage.web.facts.list_views import writable_list


def history_with_undo(request: Request, record: Model) -> list[Change]:
    """The history of a record; each change that this reader may undo has the address at which it is undone."""
    changes = list_fact_changes(record, actor=request.actor, until=request.as_of.known)
    fact_list = list_of(record)
    if fact_list is None or request.as_of.known is not None or fact_links(request, record) is None:
        return changes
    undone = {change.undoes for change in changes if change.undoes}
    return [
        replace(
            change,
            undo=reverse("undo-change", args=[fact_list.name, record.serializable_value("uid"), change.change_id]),
            is_undone=change.change_id in undone,
        )
        if change.change_id and change.what == "update" and not change.is_about_sources
        else change
        for change in changes
    ]


def undo_page(request: Request, name: str, uid: str, change: str) -> HttpResponse:
    """The form that undoes a change, with what the fact says again then."""
    fact_list = writable_list(request, name)
    records = fact_list.model.objects.all()
    visible = records.visible_to(request.actor) if hasattr(records, "visible_to") else records
    record = visible.filter(uid=uid).first()
    if record is None:
        raise Http404(_("No record has this address, or it is not for every reader."))
    check_action_allowed(request, "core.undo_change", list_name=name, fact_id=str(uid))
    form = ReasonForm(posted_data(request))
    undo = partial(undo_change, list_name=name, fact_id=str(uid), change_id=str(change))
    success = _("The change is undone; the history keeps it.")
    if run_action_form(request, undo, form, success=success, version_of=record):
        return redirect(fact_address(record))
    context = {
        "fact_list": fact_list,
        "record": record,
        "record_url": fact_address(record),
        "form": form,
        "version": form_version(request, record),
        **_what_is_undone(request, record, str(change)),
    }
    return render(request, "web/facts/undo.html", context, status=422 if form.is_bound else 200)


def _what_is_undone(request: Request, record: Model, change_id: str) -> dict[str, object]:
    """What the fact says now and again, the fields that were changed since, or why nothing can be undone."""
    fact_list = list_of(record)
    if fact_list is None:
        return {}
    try:
        change = find_change(fact_list, record, change_id)
    except ActionError as error:
        return {"refusal": str(error)}
    now = fact_list.to_row(record)
    return {
        "changes": list(row_changes(request, fact_list, now, change.values_before())),
        "conflicts": change.conflicts(now),
        "sources": len(change.citation_ids),
    }
