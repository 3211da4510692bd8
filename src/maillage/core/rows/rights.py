"""What those who write facts about their own organisations may not do by the way: open what others keep to themselves.

A fact may let persons read more than before: a tie of membership opens what a network shares, and a tie that is managed
by one end lets its managers act for the other. Officers record these; others only between organisations of their own.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Model
from django.utils.translation import gettext as _

from maillage.core.actors import Actor
from maillage.core.models import Source
from maillage.core.periods import DayRange
from maillage.core.rows.errors import RowError
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.rows.row import LastingRow
from maillage.core.rows.values import Values
from maillage.core.security.visibility import Visibility, visible_records
from maillage.core.security.visibility_changes import may_set_visibility


@dataclass(frozen=True, slots=True)
class Access:
    """What a record opens (`what`), between which organisations, and on which days; `field` is the key to blame."""

    what: tuple[object, ...]
    organisations: frozenset[int]
    days: DayRange
    field: str

    def is_within(self, other: "Access | None") -> bool:
        """Whether another access opens all that this one does."""
        return self.days.isempty or (other is not None and self.what == other.what and _contains(other.days, self.days))


AccessOf: TypeAlias = Callable[[Any], Access | None]  # Any: a record of the list


def opens_nothing(_record: Model) -> Access | None:
    """A list whose records let nobody read or do more than before."""
    return None


def _contains(outer: DayRange, inner: DayRange) -> bool:
    if outer.isempty:
        return False
    begins = outer.lower is None or (inner.lower is not None and outer.lower <= inner.lower)
    return begins and (outer.upper is None or (inner.upper is not None and inner.upper <= outer.upper))


def check_access(actor: Actor, before: Access | None, after: Access | None) -> None:
    """Raise `RowError` if a record opens more than it did, to or of an organisation that the actor does not act for."""
    if actor.is_officer or after is None or after.is_within(before) or after.organisations <= actor.reach:
        return
    message = _("This would open to others what a network shares among its members: ask an officer of the site.")
    raise RowError(message, after.field)


def check_closed_fields(actor: Actor, row: LastingRow) -> None:
    """Raise `RowError` for a field that comes from files alone, or from officers alone."""
    for field in row.given():
        if field.described.files_only:
            message = _("“%s” comes from files of lists alone; leave it out.")
            raise RowError(message % field.key, field.key)
        if field.described.officers_only and not actor.is_officer:
            raise RowError(_("“%s” is filled in by officers of the site; leave it out.") % field.key, field.key)


def check_statements(actor: Actor, model: type[Model], values: Values, current: Values | None = None) -> None:
    """Raise `RowError` for the statement of an organisation that is not in the register, or not for this actor.

    `values` are a row by key, `current` is the row of the record that is there: what it cites already stays.
    """
    known = current or {}
    if model is Source:
        _check_organisation(actor, str(values.get("of") or ""), "of", [known.get("of")])
        return
    cited = [source for source in values.get("source") or [] if source not in (known.get("source") or [])]
    for source in cited:
        if isinstance(source, dict):
            _check_organisation(actor, source.get("of", ""), "source")


def _check_organisation(actor: Actor, key: str, field: str, known: Container[object] = ()) -> None:
    if not key or key in known:
        return
    organisations = visible_records(FACT_LISTS["organisations"].model, actor)
    if "\0" in key or not organisations.filter(key=key).exists():
        message = _("A statement of “%s”: the register has no such organisation, or it is not for you.")
        raise RowError(message % key, field)


def check_visibility(actor: Actor, record: Model | None, row: LastingRow) -> None:
    """Raise `RowError` for a visibility that the actor may not set: see `core.actions.visibility.set_visibility`."""
    if actor.is_officer or not row.has("visibility"):
        return
    if getattr(record, "visibility", None) == row.visibility:
        return
    if row.visibility == Visibility.NAMED or (record is not None and not may_set_visibility(actor, record)):
        message = _("You may not set who reads it: ask an officer of the site, or use the page of the record.")
        raise RowError(message, "visibility")
