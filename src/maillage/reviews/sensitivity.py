"""How much the ranking of a call by marks depends on the weights of its criteria."""

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
    """The rank of an application now, and its best and worst rank while any one weight changes."""

    line: RankingRow
    best: int
    now: int
    worst: int


@dataclass(frozen=True, slots=True)
class TippingPoint:
    """The smallest change of a weight (in percentage points) that brings applications across the line of an outcome.

    `criterion` is `None` where no change does; a change of 0 means that applications tie at the line.
    """

    outcome: Outcome
    after: int
    criterion: BilingualText | None = None
    weight: Decimal = Decimal(0)
    change: Decimal = Decimal(0)
    entering: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()

    @property
    def new_weight(self) -> Decimal:
        """The weight after the change."""
        return self.weight + self.change


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What a step (in percentage points) does to each reviewed application, and the tipping point of each line."""

    step: int
    ranges: tuple[RankRange, ...]
    tipping_points: tuple[TippingPoint, ...]


def weight_sensitivity(call: Call, step: int) -> Sensitivity:
    """How ranks change while each weight in turn changes by up to `step` percentage points, 1 to 50.

    The other weights share the rest in proportion; `benchmarks/weights.py` measures how long that takes.
    """
    document = call.last.document
    lines = [line for line in call_ranking(call) if line.rank is not None]
    if not lines or len(document.criteria) < 2:
        return Sensitivity(step, (), ())
    criteria = [WeightedCriterion(criterion.key, criterion.weight) for criterion in document.criteria]
    means = normalised_criterion_means(review_marks(call), normalised_means(weighted_marks(call)).shrinkage)
    ranges_by_application = rank_ranges(criteria, means, Decimal(step) / 100)
    ranges = [
        RankRange(line, min(rank_range.best, line.rank), line.rank, max(rank_range.worst, line.rank))
        for line in lines
        if line.rank is not None and (rank_range := ranges_by_application[str(line.application.pk)])
    ]
    titles = {str(line.application.pk): line.application.title for line in lines}
    turnings = [
        _tipping_point(document, outcome, after, tipping_point(criteria, means, after), titles)
        for outcome, after in outcome_cutoffs(document)
        if after < len(lines)
    ]
    return Sensitivity(step, tuple(sorted(ranges, key=lambda ranked: ranked.now)), tuple(turnings))


def _tipping_point(
    document: CallDocument, outcome: Outcome, after: int, point: CriterionTippingPoint | None, titles: dict[str, str]
) -> TippingPoint:
    if point is None:
        return TippingPoint(outcome, after)
    criterion = next(criterion for criterion in document.criteria if criterion.key == point.criterion)
    entering, leaving = (tuple(titles[key] for key in keys) for keys in (point.entering, point.leaving))
    return TippingPoint(outcome, after, criterion.title, criterion.weight * 100, point.change * 100, entering, leaving)
