"""Where a fact stands on the day read: not begun, in force, not sure, or ended."""

import enum
from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maillage.kernel.periods import Certainty
from maillage.publishing.references import Found


class Phase(enum.Enum):
    AHEAD = "not begun"
    IN_FORCE = "in force"
    UNSURE = "not sure"
    ENDED = "ended"

    @property
    def word(self) -> str | Promise:
        """The phase in the reader's language."""
        return _WORDS[self]


_WORDS: dict[Phase, str | Promise] = {
    Phase.AHEAD: _("not begun"),
    Phase.IN_FORCE: _("in force"),
    Phase.UNSURE: _("not sure"),
    Phase.ENDED: _("ended"),
}

# Of several records of one fact, the one that speaks for the day comes first.
_ANY = (Phase.IN_FORCE, Phase.UNSURE, Phase.ENDED, Phase.AHEAD)
# Of several facts that must all hold, the one that forbids most comes first.
_ALL = (Phase.AHEAD, Phase.ENDED, Phase.UNSURE, Phase.IN_FORCE)


def phase_of(fact: Any, found: Found) -> Phase:
    """Where one fact stands on the day read."""
    answer = fact.in_force(found.day)
    if answer is Certainty.YES:
        return Phase.IN_FORCE
    if answer is Certainty.UNSURE:
        return Phase.UNSURE
    over = fact.possible.upper is not None and fact.possible.upper <= found.day
    return Phase.ENDED if over else Phase.AHEAD


def any_of(phases: Iterable[Phase]) -> Phase:
    """The phase of a fact that any of these would make."""
    return min(phases, key=_ANY.index)


def all_of(phases: Iterable[Phase]) -> Phase:
    """The phase of a fact that needs all of these."""
    return min(phases, key=_ALL.index)


def foremost(records: Iterable[Any], found: Found) -> Any:
    """The record that speaks for the day; among equals the latest begun."""
    latest = sorted(records, key=lambda record: record.period_start, reverse=True)
    return min(latest, key=lambda record: _ANY.index(phase_of(record, found)))
