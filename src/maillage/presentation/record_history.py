"""The changes of records (what, when, by whom and why), read from the event tables."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db import models
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.core.action_registry import REGISTRY
from maillage.core.actors import FORMER_PERSON, Actor
from maillage.core.history import HistoryEvent, tracked_models
from maillage.core.models import Citation
from maillage.core.rows.list_register import list_of
from maillage.core.rows.past_changes import part_models
from maillage.core.security.row_policies import has_visibility
from maillage.core.security.visibility import visible_q, visible_records
from maillage.core.text import label_and_value
from maillage.presentation import property_names

# Fields computed from other fields.
_DERIVED = frozenset({"id", "certain", "possible", "days", "sort_name", "sort_name_en", "moved"})
# Fields that name a person, shown to signed-in readers only.
_PERSON_FIELDS = frozenset({"settled_by", "author"})
_MAX_TEXT_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Difference:
    """A property that changed, with its text before and after; `before` is empty for an internal property."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One event of one record."""

    number: int
    record_id: int
    when: dt.datetime
    what: str
    event: HistoryEvent
    context: HistoryEvent
    differences: list[Difference] = field(default_factory=list)
    # Whether `who` names persons, for signed-in readers; the public sees the organisation of the mandate.
    named: bool = False
    # Who ran the action, where the history does not name them (see `authors_of_actions` of `Need`).
    unnamed: str | Promise = ""
    # The address at which this reader may undo the change, and whether it was undone already.
    undo: str = ""
    is_undone: bool = False

    @property
    def who(self) -> str:
        if self.unnamed:
            return str(self.unnamed)
        actor = str(self._context("actor"))
        if not self.named and self._context("user"):
            return str(self._context("for")) or _("an officer of the site")
        return _("a former person") if actor == FORMER_PERSON else actor or _("outside of Maillage’s actions")

    @property
    def reason(self) -> str:
        return str(self._context("reason"))

    @property
    def action(self) -> str:
        """The title of the action."""
        name = self._context("action")
        return str(REGISTRY[name].title) if name in REGISTRY else str(name)

    @property
    def summary(self) -> str:
        """The event, the person, the action and the reason."""
        done = " · ".join(part for part in (self.event_name, self.who, self.action) if part)
        return label_and_value(done, self.reason) if self.reason else done

    @property
    def event_name(self) -> str:
        words = {"insert": _("recorded"), "update": _("changed"), "delete": _("removed")}
        return words.get(self.what, self.what)

    @property
    def change_id(self) -> str:
        """The id of the action's entry in the history; empty for a change outside of actions."""
        return str(self.context.id) if self.context and self._context("action") else ""

    @property
    def undoes(self) -> str:
        """The id of the change that this one undoes; empty for any other."""
        given = self._context("given")
        return str(given.get("change_id", "")) if self._context("action") == "core.undo_change" and given else ""

    @property
    def is_about_sources(self) -> bool:
        """Whether it changed nothing but the sources."""
        return getattr(self.event, "pgh_tracked_model", None) is Citation

    def _context(self, name: str) -> HistoryEvent:
        return (self.context.metadata.get(name) or "") if self.context else ""


def list_events(model: type[models.Model], *, actor: Actor) -> QuerySet[HistoryEvent]:
    """The events of a tracked model with their context, latest first, if the actor may see the state they record."""
    event_model = dict(tracked_models())[model]
    events = event_model._default_manager.select_related("pgh_context").order_by("-pgh_id")
    if actor.is_officer:
        return events
    if not has_visibility(model):
        # Such a record is shown with others: with the facts that cite a source.
        return events.filter(id__in=visible_records(model, actor).values("pk"))
    return events.filter(visible_q(model, actor))


def list_changes(record: models.Model, *, actor: Actor, until: dt.datetime | None, limit: int = 20) -> list[Change]:
    """The last changes of one record, latest first, each with the differences from the event before it."""
    events = list_events(type(record), actor=actor).filter(id=record.pk)
    if until:
        events = events.filter(pgh_created_at__lte=until)
    return compare_events(type(record), list(events[: limit + 1]), actor=actor)[:limit]


def list_fact_changes(
    record: models.Model, *, actor: Actor, until: dt.datetime | None, limit: int = 20
) -> list[Change]:
    """The last changes of a record and of its parts (names, identifiers, parties …), one for each action."""
    fact_list = list_of(record)
    changes = list_changes(record, actor=actor, until=until, limit=limit)
    for part, reference in part_models(fact_list) if fact_list else ():
        events = dict(tracked_models())[part]._default_manager.select_related("pgh_context").order_by("-pgh_id")
        if not actor.is_officer and has_visibility(part):
            events = events.filter(visible_q(part, actor))
        events = events.filter(**{reference: record.pk})
        if until:
            events = events.filter(pgh_created_at__lte=until)
        changes += _part_changes(part, list(events[: limit + 1]), record, actor)
    if fact_list:
        changes += _source_changes(record, actor, until, limit)
    return _joined(changes)[:limit]


def _source_changes(record: models.Model, actor: Actor, until: dt.datetime | None, limit: int) -> list[Change]:
    """The changes of the sources of a record."""
    events = dict(tracked_models())[Citation]._default_manager.select_related("pgh_context").order_by("-pgh_id")
    events = events.filter(record_kind=record._meta.label_lower, record_id=record.pk)
    if until:
        events = events.filter(pgh_created_at__lte=until)
    return _part_changes(Citation, list(events[: limit + 1]), record, actor)


def _part_changes(
    part: type[models.Model], events: list[HistoryEvent], record: models.Model, actor: Actor
) -> list[Change]:
    """The changes of the parts of a record as changes of the record."""
    label, changes = property_names.part_name(part), []
    for change in compare_events(part, events, actor=actor):
        text = str(
            part(**{column.attname: getattr(change.event, column.attname) for column in part._meta.concrete_fields})
        )
        told = {"insert": [Difference(label, "—", text)], "delete": [Difference(label, text, "—")]}
        differences = told.get(change.what, change.differences)
        changes.append(replace(change, record_id=record.pk, what="update", differences=differences))
    return changes


def _joined(changes: list[Change]) -> list[Change]:
    """The changes, latest first, those of one action as one."""
    joined: dict[object, Change] = {}
    for change in changes:
        key = change.change_id or (id(change),)
        same = joined.get(key)
        if same is None:
            joined[key] = change
        elif "insert" in (same.what, change.what):
            joined[key] = same if same.what == "insert" else change
        else:
            joined[key] = replace(same, differences=[*same.differences, *change.differences])
    return sorted(joined.values(), key=lambda change: change.when, reverse=True)


def compare_events(model: type[models.Model], events: list[HistoryEvent], *, actor: Actor) -> list[Change]:
    """The changes of events (latest first), each compared with the previous event of its record, if among them."""
    formatter, shows_persons = _FieldFormatter(model, events, actor), bool(actor.user_id or actor.is_officer)
    last_events: dict[int, HistoryEvent] = {}
    changes = []
    for event in reversed(events):
        previous = last_events.get(event.id)
        differences = formatter.differences(previous, event) if previous is not None else []
        changes.append(_change(event, differences, shows_persons))
        last_events[event.id] = event
    return changes[::-1]


def _change(event: HistoryEvent, differences: list[Difference], shows_persons: bool) -> Change:
    when, what, context = event.pgh_created_at, event.pgh_label, event.pgh_context
    change = Change(event.pgh_id, event.id, when, what, event, context, differences, shows_persons)
    unnamed = getattr(event.pgh_tracked_model, "authors_of_actions", {}) if context else {}
    return replace(change, unnamed=unnamed.get(context.metadata.get("action"), "")) if unnamed else change


class _FieldFormatter:
    """Formats the values of a model's fields; loads the records that they refer to once each."""

    def __init__(self, model: type[models.Model], events: Iterable[HistoryEvent], actor: Actor) -> None:
        hidden = _DERIVED if actor.user_id or actor.is_officer else _DERIVED | _PERSON_FIELDS
        stored = (model_field for model_field in model._meta.concrete_fields if not model_field.generated)
        self.fields = [model_field for model_field in stored if model_field.name not in hidden]
        ids_by_model: dict[type[models.Model], set[object]] = defaultdict(set)
        for model_field in self.fields:
            if isinstance(model_field, models.ForeignKey):
                ids = (getattr(event, model_field.attname) for event in events)
                ids_by_model[model_field.related_model].update(ids)
        self.related_records = {
            related: _visible_records(related, actor).in_bulk(pks - {None}) for related, pks in ids_by_model.items()
        }

    def differences(self, before: HistoryEvent, after: HistoryEvent) -> list[Difference]:
        """The properties that differ between two events of one record."""
        values = (
            (model_field, getattr(before, model_field.attname), getattr(after, model_field.attname))
            for model_field in self.fields
        )
        return [self._difference(model_field, old, new) for model_field, old, new in values if old != new]

    def _difference(self, model_field: object, old: object, new: object) -> Difference:
        name = property_names.property_name(model_field)
        if property_names.is_internal(model_field):
            return Difference(name, "", _("changed"))
        if isinstance(old, dict) and isinstance(new, dict):
            old, new = ({key: side[key] for key in side if old.get(key) != new.get(key)} for side in (old, new))
        return Difference(name, self._format(model_field, old), self._format(model_field, new))

    def _format(self, model_field: object, value: object) -> str:
        if value in (None, "", [], {}):
            return "—"
        if isinstance(model_field, models.ForeignKey):
            return str(self.related_records[model_field.related_model].get(value, value))
        if isinstance(value, dt.datetime):
            return formats.moment(value)
        text = property_names.property_text(model_field, value)
        return text if len(text) <= _MAX_TEXT_LENGTH else f"{text[:_MAX_TEXT_LENGTH]}…"


def _visible_records(model: type[models.Model], actor: Actor) -> models.QuerySet[models.Model]:
    """The records that the actor may see, since a history must not reveal hidden records."""
    manager = model._default_manager
    return visible_records(model, actor) if hasattr(manager, "visible_to") else manager.all()
