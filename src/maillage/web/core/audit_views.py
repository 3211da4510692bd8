"""The audit pages: runs of actions (who, for whom, when, why), and each run with its records before and after."""

import base64
import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.db.models import Manager, Model, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from pghistory.models import Context

from maillage.core.action_registry import REGISTRY, ActionForbiddenError
from maillage.core.history import HistoryEvent, action_runs, tracked_models
from maillage.core.request import Request
from maillage.listing.listing import listing_of_kind
from maillage.people.models import User
from maillage.presentation import links, record_history, record_links
from maillage.register.models import Organisation

_PAGE = 50
_RECORDS = 200


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One run of an action."""

    pk: uuid.UUID
    when: dt.datetime
    who: str
    organisation: str
    action: str
    reason: str


@dataclass(frozen=True, slots=True)
class AuditedChange:
    """One event of a run: the kind of record, its heading where it has a page, and what changed."""

    kind: str
    heading: object
    change: record_history.Change


def audit_page(request: Request) -> HttpResponse:
    """Runs of actions, latest first, for officers of the site."""
    _check_officer(request)
    action_name = request.GET.get("action", "")
    who = request.GET.get("who", "").strip()[:200]
    runs = action_runs(actor=request.actor)
    if action_name in REGISTRY:
        runs = runs.filter(metadata__action=action_name)
    if who:
        runs = runs.filter(models.Q(metadata__actor__icontains=who) | models.Q(metadata__for__icontains=who))
    rows = list(_runs_after(runs, request.GET.get("after", "")).order_by("-created_at", "-id")[: _PAGE + 1])
    following = links.with_parameters(request, after=_cursor_of(rows[_PAGE - 1])) if len(rows) > _PAGE else ""
    context = {
        "entries": [_entry(row) for row in rows[:_PAGE]],
        "next_url": following,
        "actions": sorted(((name, str(action.title)) for name, action in REGISTRY.items()), key=lambda pair: pair[1]),
        "wanted": action_name,
        "who": who,
    }
    return render(request, "web/audit.html", context)


def audit_entry_page(request: Request, pk: uuid.UUID) -> HttpResponse:
    """One run, with the differences in each record it changed."""
    _check_officer(request)
    run = get_object_or_404(action_runs(actor=request.actor), pk=pk)
    changes = list(_changes_of_run(request, run))
    context = {"entry": _entry(run), "given": _arguments(run), "touched": changes, "bound": _RECORDS}
    return render(request, "web/audit_entry.html", context)


def _entry(row: Context) -> AuditEntry:
    metadata = row.metadata
    name = str(metadata.get("action", ""))
    title = str(REGISTRY[name].title) if name in REGISTRY else name
    return AuditEntry(row.pk, row.created_at, str(metadata.get("actor", "")), str(metadata.get("for", "")), title,
                 str(metadata.get("reason", "")))  # fmt: skip


_MODELS_BY_ARGUMENT: dict[str, type[models.Model]] = {
    "organisation_id": Organisation,
    "network_id": Organisation,
    "provider_id": Organisation,
    "addressee_id": Organisation,
    "person_id": User,
}


def _arguments(row: Context) -> list[tuple[str, str]]:
    """The arguments of a run: organisations and persons by name, other records by id."""
    return [(name.removesuffix("_id").replace("_", " "), _argument_text(name, value))
            for name, value in row.metadata.get("given", {}).items()]  # fmt: skip


def _argument_text(argument: str, value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    model = _MODELS_BY_ARGUMENT.get(argument)
    record = model._default_manager.filter(pk=value).first() if model else None
    return str(record or value)


def _changes_of_run(request: Request, run: Context) -> Iterator[AuditedChange]:
    for model, event in tracked_models():
        manager: Manager[HistoryEvent] = event._default_manager
        events = list(manager.select_related("pgh_context").filter(pgh_context=run).order_by("-pgh_id")[:_RECORDS])
        if events:
            yield from _compared_events(request, model, manager, events)


def _compared_events(
    request: Request, model: type[Model], manager: Manager[HistoryEvent], events: list[HistoryEvent]
) -> Iterator[AuditedChange]:
    """Compare each event of the run with the previous event of its record, which another run may have written."""
    ids, first = {event.id for event in events}, min(event.pgh_id for event in events)
    before = list(manager.filter(id__in=ids, pgh_id__lt=first).order_by("id", "-pgh_id").distinct("id"))
    kind = model._meta.label_lower
    listing = listing_of_kind(kind)
    headings = record_links.record_headings([(kind, number) for number in ids], actor=request.actor) if listing else {}
    all_events = events + sorted(before, key=lambda event: -event.pgh_id)
    for change in record_history.compare_events(model, all_events, actor=request.actor):
        if change.number >= first:
            kind_name = str(listing.singular if listing else model._meta.verbose_name)
            yield AuditedChange(kind_name, headings.get((kind, change.record_id)), change)


def _cursor_of(row: Context) -> str:
    return base64.urlsafe_b64encode(f"{row.created_at.isoformat()} {row.pk}".encode()).decode()


def _runs_after(runs: QuerySet[HistoryEvent], cursor: str) -> QuerySet[HistoryEvent]:
    if not cursor:
        return runs
    try:
        moment, pk = base64.urlsafe_b64decode(cursor).decode().split(" ")
        when, number = dt.datetime.fromisoformat(moment), uuid.UUID(pk)
    except ValueError as error:
        raise Http404(_("This place in the list cannot be read; begin again.")) from error
    later = models.Q(created_at__lt=when) | models.Q(created_at=when, id__lt=number)
    return runs.filter(later, created_at__lte=when)


def _check_officer(request: Request) -> None:
    if not request.actor.is_officer:
        raise ActionForbiddenError(
            _("What was done is for officers of the site to read; each record tells its own history.")
        )
