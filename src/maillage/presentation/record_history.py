"""What changed in the register, when, by whom and why: read from the history that triggers write."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.core.action_registry import REGISTRY
from maillage.core.actors import FORMER_PERSON, Actor
from maillage.core.history import tracked_models
from maillage.core.security.visibility import visible_q
from maillage.core.text import label_and_value
from maillage.presentation import property_names

# What follows from other fields says nothing that the others do not.
_DERIVED = frozenset({"id", "certain", "possible", "days", "sort_name", "moved"})
# What names a person is for those who sign in.
_NAMING = frozenset({"settled_by", "author"})
_LONG = 400


@dataclass(frozen=True, slots=True)
class Difference:
    """One property: what it was and what it became; no `before` where only that it changed can be told."""

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
    event: Any
    context: Any
    differences: list[Difference] = field(default_factory=list)
    # Whether persons are named: to those who sign in; the public reads for which organisation it was.
    named: bool = False

    @property
    def who(self) -> str:
        actor = str(self._context("actor"))
        if not self.named and self._context("user"):
            return str(self._context("for")) or _("an officer of the site")
        return _("a former person") if actor == FORMER_PERSON else actor or _("outside of Maillage’s actions")

    @property
    def reason(self) -> str:
        return str(self._context("reason"))

    @property
    def action(self) -> str:
        """What the person did, in words."""
        name = self._context("action")
        return str(REGISTRY[name].title) if name in REGISTRY else str(name)

    @property
    def summary(self) -> str:
        """What was done, by whom, through which action, and why."""
        done = " · ".join(part for part in (self.event_name, self.who, self.action) if part)
        return label_and_value(done, self.reason) if self.reason else done

    @property
    def event_name(self) -> str:
        words = {"insert": _("recorded"), "update": _("changed"), "delete": _("removed")}
        return words.get(self.what, self.what)

    def _context(self, name: str) -> Any:
        return (self.context.metadata.get(name) or "") if self.context else ""


def list_events(model: type[models.Model], *, actor: Actor) -> Any:
    """The events of a tracked model with their context, the latest first; those of a time when it was hidden are not
    for who could not read it then."""
    event = dict(tracked_models())[model]
    events = event._default_manager.select_related("pgh_context").order_by("-pgh_id")
    return events if actor.is_officer else events.filter(visible_q(model, actor))


def list_changes(record: models.Model, *, actor: Actor, until: dt.datetime | None, limit: int = 20) -> list[Change]:
    """The last changes of one record, each with what differed from the event before it."""
    events = list_events(type(record), actor=actor).filter(id=record.pk)
    if until:
        events = events.filter(pgh_created_at__lte=until)
    return compare_events(type(record), list(events[: limit + 1]), actor=actor)[:limit]


def compare_events(model: type[models.Model], events: list[Any], *, actor: Actor) -> list[Change]:
    """Events, latest first, each against the one before it of the same record, if that one is among them."""
    names, named = _Names(model, events, actor), bool(actor.user_id or actor.is_officer)
    earlier: dict[int, Any] = {}
    found = []
    for event in reversed(events):
        before = earlier.get(event.id)
        differences = names.differences(before, event) if before is not None else []
        found.append(_change(event, differences, named))
        earlier[event.id] = event
    return found[::-1]


def _change(event: Any, differences: list[Difference], named: bool) -> Change:
    moment, label, context = event.pgh_created_at, event.pgh_label, event.pgh_context
    return Change(event.pgh_id, event.id, moment, label, event, context, differences, named)


class _Names:
    """How the values of a model's fields are written; records that they point at are read once each."""

    def __init__(self, model: type[models.Model], events: Iterable[Any], actor: Actor) -> None:
        hidden = _DERIVED if actor.user_id or actor.is_officer else _DERIVED | _NAMING
        self.fields = [each for each in model._meta.concrete_fields if each.name not in hidden]
        wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
        for one in self.fields:
            if isinstance(one, models.ForeignKey):
                wanted[one.related_model].update(getattr(event, one.attname) for event in events)
        self.pointed = {other: _visible(other, actor).in_bulk(ids - {None}) for other, ids in wanted.items()}

    def differences(self, before: Any, after: Any) -> list[Difference]:
        """The properties on which two events of one record differ."""
        pairs = ((each, getattr(before, each.attname), getattr(after, each.attname)) for each in self.fields)
        return [self._difference(each, old, new) for each, old, new in pairs if old != new]

    def _difference(self, one: Any, old: Any, new: Any) -> Difference:
        if property_names.is_internal(one):
            return Difference(property_names.property_name(one), "", _("changed"))
        return Difference(property_names.property_name(one), self._words(one, old), self._words(one, new))

    def _words(self, one: Any, value: Any) -> str:
        if value in (None, "", []):
            return "—"
        if isinstance(one, models.ForeignKey):
            return str(self.pointed[one.related_model].get(value, value))
        if isinstance(value, dt.datetime):
            return formats.moment(value)
        text = property_names.property_text(one, value)
        return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def _visible(model: Any, actor: Actor) -> Any:
    """The history of a record tells no more of another than its page would."""
    manager = model._default_manager
    return manager.visible_to(actor) if hasattr(manager, "visible_to") else manager
