"""How a ranking depends on the weights: one criterion's weight moves, and the others share what is left as before.

When the weight w of a criterion moves to v, every other is multiplied by (1 - v) / (1 - w). The mean of a paper is then
linear in v, and two papers swap ranks at most once, where their lines cross. All crossings are found exactly, in
fractions. A criterion that weighs 1 cannot move: the others have no proportion to share by.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from maillage.language import gettext as _
from maillage.matching.panels.marks import InvalidMarksError, WeightedCriterion, check_criteria

if TYPE_CHECKING:
    from numpy.typing import NDArray

    # Any: the elements are the integers of Python, exact however large.
    Exact: TypeAlias = NDArray[Any]

_MAX_EXACT_INTEGER: Final = 2**61
_SEARCH_REACHES: Final = (Fraction(1, 200), Fraction(1, 20), Fraction(1, 5), Fraction(1))

Means = Mapping[tuple[str, str], Fraction]
"""The mean of each paper on each criterion, raw or normalised, by the keys of paper and criterion."""


@dataclass(frozen=True, slots=True)
class RankRange:
    """The best and the worst rank of a paper."""

    best: int
    worst: int


@dataclass(frozen=True, slots=True)
class TippingPoint:
    """A change of one weight, and the papers that enter or leave the first ranks at it, or just beyond it."""

    criterion: str
    change: Decimal
    entering: tuple[str, ...]
    leaving: tuple[str, ...]


def rank_ranges(criteria: Sequence[WeightedCriterion], means: Means, step: Decimal) -> dict[str, RankRange]:
    """The ranks that each paper takes while any one weight moves by up to `step` either way, within 0 to 1.

    Raises `InvalidMarksError` for invalid criteria, for a paper without a mean on a criterion, and for a step
    that is not 0 to 1.
    """
    if not 0 <= step <= 1:
        raise InvalidMarksError(_("Weights cannot move by %(step)s; give 0 to 1.") % {"step": str(step)})
    moves = _weight_moves(criteria, means, Fraction(step))
    return {paper: _range([count for move in moves for count in move.counts(paper)]) for paper in moves[0].places}


def _range(counts: Sequence[_RankCount]) -> RankRange:
    return RankRange(1 + min(count.there for count in counts), 1 + max(count.beyond for count in counts))


def tipping_point(criteria: Sequence[WeightedCriterion], means: Means, quota: int) -> TippingPoint | None:
    """The least change of one weight that changes which papers rank `quota` or better; `None` if none does.

    A change of 0 means that papers tie at the quota, and that any change separates them. Raises `InvalidMarksError`.
    """
    # Most rankings change within a small step, in which few papers cross; the least change in it is the least of all.
    for reach in _SEARCH_REACHES:
        points = [point for move in _weight_moves(criteria, means, reach) if (point := _first_change(move, quota))]
        if points:
            return min(points, key=lambda point: abs(point.change))
    return None


def _first_change(move: _WeightMove, quota: int) -> TippingPoint | None:
    """The first point of a move that changes which papers rank `quota` or better."""
    counts = {paper: move.counts(paper) for paper in move.places}
    within = {paper: paper_counts[0].there < quota for paper, paper_counts in counts.items()}
    crossings = {paper: _crossing(paper_counts, quota) for paper, paper_counts in counts.items()}
    at = min((point for point in crossings.values() if point is not None), default=None)
    if at is None:
        return None
    crossing = sorted(paper for paper, point in crossings.items() if point == at)
    change = Decimal((at * move.change).numerator) / (at * move.change).denominator
    entering = tuple(paper for paper in crossing if not within[paper])
    return TippingPoint(move.criterion, change, entering, tuple(paper for paper in crossing if within[paper]))


def _crossing(counts: Sequence[_RankCount], quota: int) -> Fraction | None:
    within = counts[0].there < quota
    return next(
        (count.at for count in counts if (count.there < quota) != within or (count.beyond < quota) != within), None
    )


@dataclass(frozen=True, slots=True)
class _RankCount:
    """The number of papers ranked above a paper at a point of a move (`at`, 0 to 1), and just beyond it."""

    at: Fraction
    there: int
    beyond: int


@dataclass(frozen=True, slots=True)
class _WeightMove:
    """A move of one weight: its whole change, and the means of papers before and after, times a common factor."""

    criterion: str
    change: Fraction
    places: Mapping[str, int]
    before: Exact
    after: Exact

    def counts(self, paper: str) -> list[_RankCount]:
        """The number of papers above a paper, at the start and at each point where it changes."""
        place = self.places[paper]
        starts, ends = self.before - self.before[place], self.after - self.after[place]
        above, stays = starts > 0, ends > 0
        always = int((above & stays).sum())
        lose = sorted(_crossings(starts, ends, above & ~stays))
        gain = sorted(_crossings(starts, ends, ~above & stays))
        points = sorted({Fraction(0), *lose, *gain})
        still = {at: always + len(lose) - bisect_right(lose, at) for at in points}
        return [_RankCount(at, still[at] + bisect_left(gain, at), still[at] + bisect_right(gain, at)) for at in points]


def _crossings(starts: Exact, ends: Exact, selected: Exact) -> Iterator[Fraction]:
    """The points (0 to 1) at which differences that change their sign are 0."""
    for start, end in zip(starts[selected].tolist(), ends[selected].tolist(), strict=True):
        yield Fraction(start, start - end)


def _weight_moves(criteria: Sequence[WeightedCriterion], means: Means, step: Fraction) -> list[_WeightMove]:
    """Moves of each weight up and down by a step, within 0 to 1; a weight of 1 does not move."""
    check_criteria(criteria)
    weights = {criterion.key: Fraction(criterion.weight) for criterion in criteria}
    positions, rows = _rows(weights, means)
    moves = []
    for key, weight in weights.items():
        for target in (min(Fraction(1), weight + step), max(Fraction(0), weight - step)):
            to = target if weight < 1 else weight
            after = _moved_weights(weights, key, to)
            factor = lcm(*(value.denominator for value in [*weights.values(), *after.values()]))
            values = (_values(rows, moved, factor) for moved in (weights, after))
            moves.append(_WeightMove(key, to - weight, positions, *values))
    return moves


def _moved_weights(weights: Mapping[str, Fraction], key: str, to: Fraction) -> dict[str, Fraction]:
    """The weights after one of them has moved."""
    factor = (1 - to) / (1 - weights[key]) if weights[key] < 1 else Fraction(1)
    return {criterion: to if criterion == key else factor * weight for criterion, weight in weights.items()}


def _rows(weights: Mapping[str, Fraction], means: Means) -> tuple[dict[str, int], Exact]:
    """The row of each paper, and its means on each criterion, times a common factor that makes them whole."""
    import numpy as np

    papers = sorted({paper for paper, _criterion in means})
    for paper in papers:
        for criterion in weights:
            if (paper, criterion) not in means:
                names = {"paper": paper, "criterion": criterion}
                raise InvalidMarksError(
                    _("%(paper)s has no mark on %(criterion)s; wait for one, or leave it out.") % names
                )
    factor = lcm(*(mean.denominator for mean in means.values()))
    rows = [[int(means[paper, criterion] * factor) for criterion in weights] for paper in papers]
    return {paper: row for row, paper in enumerate(papers)}, np.array(rows, dtype=object).reshape(
        len(papers), len(weights)
    )


def _values(rows: Exact, weights: Mapping[str, Fraction], factor: int) -> Exact:
    """The mean of each paper at these weights times a factor, exactly: as machine integers where differences fit."""
    import numpy as np

    means: Exact = rows @ np.array([int(weight * factor) for weight in weights.values()], dtype=object)
    return means.astype(np.int64) if max(map(abs, means), default=0) < _MAX_EXACT_INTEGER else means
