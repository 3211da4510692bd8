"""How far the list of a call hangs on the weights of its criteria, as its marks alone rank it."""

from dataclasses import dataclass
from decimal import Decimal

from maillage.calls.call_document import CallDocument, Outcome
from maillage.calls.models import Call
from maillage.documents.bilingual_text import BilingualText
from maillage.matching.panels import TippingPoint as CriterionTippingPoint
from maillage.matching.panels import (
    WeightedCriterion,
    normalised_criterion_means,
    normalised_means,
    rank_ranges,
    tipping_point,
)
from maillage.reviews.ranking import RankingRow, call_ranking, outcome_cutoffs, review_marks, weighted_marks

DEFAULT_STEP, MAX_STEP = 10, 50


@dataclass(frozen=True, slots=True)
class RankRange:
    """The ranks of a dossier: now, and the best and worst while any one weight moves."""

    line: RankingRow
    best: int
    now: int
    worst: int


@dataclass(frozen=True, slots=True)
class TippingPoint:
    """The least change of a weight (in points of a hundred) that brings dossiers across the line of an outcome.

    Nothing is said of the change where none does; one of 0 says that dossiers tie at the line.
    """

    outcome: Outcome
    after: int
    criterion: BilingualText | None = None
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
    ranges: tuple[RankRange, ...]
    tipping_points: tuple[TippingPoint, ...]


def weight_sensitivity(call: Call, step: int) -> Sensitivity:
    """How the list moves when each weight in turn moves by up to `step` points of a hundred, 1 to 50.

    The others share what is left as before; `benchmarks/weights.py` says how long that takes.
    """
    says = call.last.says
    lines = [line for line in call_ranking(call) if line.rank is not None]
    if not lines or len(says.criteria) < 2:
        return Sensitivity(step, (), ())
    criteria = [WeightedCriterion(one.key, one.weight) for one in says.criteria]
    means = normalised_criterion_means(review_marks(call), normalised_means(weighted_marks(call)).shrinkage)
    found = rank_ranges(criteria, means, Decimal(step) / 100)
    ranges = [
        RankRange(line, min(one.best, line.rank), line.rank, max(one.worst, line.rank))
        for line in lines
        if line.rank is not None and (one := found[str(line.application.pk)])
    ]
    titles = {str(line.application.pk): line.application.title for line in lines}
    turnings = [
        _tipping_point(says, outcome, after, tipping_point(criteria, means, after), titles)
        for outcome, after in outcome_cutoffs(says)
        if after < len(lines)
    ]
    return Sensitivity(step, tuple(sorted(ranges, key=lambda one: one.now)), tuple(turnings))


def _tipping_point(
    says: CallDocument, outcome: Outcome, after: int, found: CriterionTippingPoint | None, titles: dict[str, str]
) -> TippingPoint:
    if found is None:
        return TippingPoint(outcome, after)
    criterion = next(one for one in says.criteria if one.key == found.criterion)
    entering, leaving = (tuple(titles[key] for key in keys) for keys in (found.entering, found.leaving))
    return TippingPoint(outcome, after, criterion.title, criterion.weight * 100, found.change * 100, entering, leaving)
