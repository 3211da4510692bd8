"""Where a fact stands on the day read: not begun, in force, not sure, or ended."""

import enum
from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maillage.core.periods import TruthOnDay
from maillage.publishing.references import ResolvedReferences


class FactPhase(enum.Enum):
    AHEAD = "not begun"
    IN_FORCE = "in force"
    UNSURE = "not sure"
    ENDED = "ended"

    @property
    def word(self) -> str | Promise:
        """The phase in the reader's language."""
        return _LABELS[self]


_LABELS: dict[FactPhase, str | Promise] = {
    FactPhase.AHEAD: _("not begun"),
    FactPhase.IN_FORCE: _("in force"),
    FactPhase.UNSURE: _("not sure"),
    FactPhase.ENDED: _("ended"),
}

# Of several records of one fact, the one that speaks for the day comes first.
_ANY_ORDER = (FactPhase.IN_FORCE, FactPhase.UNSURE, FactPhase.ENDED, FactPhase.AHEAD)
# Of several facts that must all hold, the one that forbids most comes first.
_ALL_ORDER = (FactPhase.AHEAD, FactPhase.ENDED, FactPhase.UNSURE, FactPhase.IN_FORCE)


def fact_phase(fact: Any, found: ResolvedReferences) -> FactPhase:
    """Where one fact stands on the day read."""
    answer = fact.in_force(found.day)
    if answer is TruthOnDay.YES:
        return FactPhase.IN_FORCE
    if answer is TruthOnDay.UNSURE:
        return FactPhase.UNSURE
    over = fact.possible.upper is not None and fact.possible.upper <= found.day
    return FactPhase.ENDED if over else FactPhase.AHEAD


def phase_of_any(phases: Iterable[FactPhase]) -> FactPhase:
    """The phase of a fact that any of these would make."""
    return min(phases, key=_ANY_ORDER.index)


def phase_of_all(phases: Iterable[FactPhase]) -> FactPhase:
    """The phase of a fact that needs all of these."""
    return min(phases, key=_ALL_ORDER.index)


def prevailing_record(records: Iterable[Any], found: ResolvedReferences) -> Any:
    """The record that speaks for the day; among equals the latest begun."""
    latest = sorted(records, key=lambda record: record.period_start, reverse=True)
    return min(latest, key=lambda record: _ANY_ORDER.index(fact_phase(record, found)))
