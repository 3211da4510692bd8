"""How far the list of a call hangs on the weights of its criteria, as its marks alone rank it."""

from dataclasses import dataclass
from decimal import Decimal

from maillage.calls.document import CallDocument, Outcome
from maillage.calls.models import Call
from maillage.kernel.documents.words import Words
from maillage.matching.panels import Criterion, Tipping, normalised, normalised_criterion_means, rank_ranges, tipping
from maillage.reviews.standing import Line, cuts, marks_of, standings, weighed

USUAL, MOST = 10, 50


@dataclass(frozen=True, slots=True)
class Range:
    """The ranks of a dossier: now, and the best and worst while any one weight moves."""

    line: Line
    best: int
    now: int
    worst: int


@dataclass(frozen=True, slots=True)
class Turning:
    """The least change of a weight (in points of a hundred) that brings dossiers across the line of an outcome.

    Nothing is said of the change where none does; one of 0 says that dossiers tie at the line.
    """

    outcome: Outcome
    after: int
    criterion: Words | None = None
    weight: Decimal = Decimal(0)
    change: Decimal = Decimal(0)
    entering: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()

    @property
    def moved(self) -> Decimal:
        """The weight after the change."""
        return self.weight + self.change


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What a step (in points of a hundred) does to each dossier that has reviews, and where each line turns."""

    step: int
    ranges: tuple[Range, ...]
    turnings: tuple[Turning, ...]


def sensitivity(call: Call, step: int) -> Sensitivity:
    """How the list moves when each weight in turn moves by up to `step` points of a hundred, 1 to 50.

    The others share what is left as before; `benchmarks/weights.py` says how long that takes.
    """
    says = call.last.says
    lines = [line for line in standings(call) if line.rank is not None]
    if not lines or len(says.criteria) < 2:
        return Sensitivity(step, (), ())
    criteria = [Criterion(one.key, one.weight) for one in says.criteria]
    means = normalised_criterion_means(marks_of(call), normalised(weighed(call)).shrinkage)
    found = rank_ranges(criteria, means, Decimal(step) / 100)
    ranges = [
        Range(line, min(one.best, line.rank), line.rank, max(one.worst, line.rank))
        for line in lines
        if line.rank is not None and (one := found[str(line.dossier.pk)])
    ]
    titles = {str(line.dossier.pk): line.dossier.title for line in lines}
    turnings = [
        _turning(says, outcome, after, tipping(criteria, means, after), titles)
        for outcome, after in cuts(says)
        if after < len(lines)
    ]
    return Sensitivity(step, tuple(sorted(ranges, key=lambda one: one.now)), tuple(turnings))


def _turning(
    says: CallDocument, outcome: Outcome, after: int, found: Tipping | None, titles: dict[str, str]
) -> Turning:
    if found is None:
        return Turning(outcome, after)
    criterion = next(one for one in says.criteria if one.key == found.criterion)
    entering, leaving = (tuple(titles[key] for key in keys) for keys in (found.entering, found.leaving))
    return Turning(outcome, after, criterion.title, criterion.weight * 100, found.change * 100, entering, leaving)
