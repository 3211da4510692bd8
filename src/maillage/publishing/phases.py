"""The phase of a fact on a day: not begun, true, not sure, or ended."""

import enum
from collections.abc import Iterable
from typing import TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maillage.core.models import Fact
from maillage.core.periods import TruthOnDay
from maillage.publishing.references import ResolvedReferences

R = TypeVar("R", bound=Fact)


class FactPhase(enum.Enum):
    """The phase of a fact on a day."""

    NOT_BEGUN = "not begun"
    TRUE = "true"
    UNSURE = "not sure"
    ENDED = "ended"

    @property
    def label(self) -> str | Promise:
        """The phase in the reader's language."""
        return _LABELS[self]


_LABELS: dict[FactPhase, str | Promise] = {
    FactPhase.NOT_BEGUN: _("not begun"),
    FactPhase.TRUE: _("true on that day"),
    FactPhase.UNSURE: _("not sure"),
    FactPhase.ENDED: _("ended"),
}

# Of several records of one fact, the one whose phase comes first here counts.
_ANY_ORDER = (FactPhase.TRUE, FactPhase.UNSURE, FactPhase.ENDED, FactPhase.NOT_BEGUN)
# Of several facts that must all be true, the phase that comes first here counts.
_ALL_ORDER = (FactPhase.NOT_BEGUN, FactPhase.ENDED, FactPhase.UNSURE, FactPhase.TRUE)


def fact_phase(fact: Fact, resolved: ResolvedReferences) -> FactPhase:
    """The phase of one fact on the day."""
    answer = fact.in_force(resolved.day)
    if answer is TruthOnDay.YES:
        return FactPhase.TRUE
    if answer is TruthOnDay.UNSURE:
        return FactPhase.UNSURE
    over = fact.possible.upper is not None and fact.possible.upper <= resolved.day
    return FactPhase.ENDED if over else FactPhase.NOT_BEGUN


def phase_of_any(phases: Iterable[FactPhase]) -> FactPhase:
    """The phase of a condition that one of the facts fulfils."""
    return min(phases, key=_ANY_ORDER.index)


def phase_of_all(phases: Iterable[FactPhase]) -> FactPhase:
    """The phase of a condition that needs all of the facts."""
    return min(phases, key=_ALL_ORDER.index)


def prevailing_record(records: Iterable[R], resolved: ResolvedReferences) -> R:
    """The record that counts on the day; among equals the one that began last."""
    latest = sorted(records, key=lambda record: record.period_start, reverse=True)
    return min(latest, key=lambda record: _ANY_ORDER.index(fact_phase(record, resolved)))
