"""How a ranking depends on the weights: one criterion's weight moves, and the others share what is left as before.

When the weight w of a criterion moves to v, every other is multiplied by (1 - v) / (1 - w). The mean of a paper is then
linear in v, and two papers change places at most once, where their lines cross. All crossings are found exactly, in
fractions. A criterion that weighs 1 cannot move: the others have no proportion to share by.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any, Final

from maillage.language import gettext as _
from maillage.matching.panels.marks import InvalidMarksError, WeightedCriterion, check_criteria

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
    """A change of one weight, and the papers that it, or the least beyond it, brings or takes across a line."""

    criterion: str
    change: Decimal
    entering: tuple[str, ...]
    leaving: tuple[str, ...]


def rank_ranges(criteria: Sequence[WeightedCriterion], means: Means, step: Decimal) -> dict[str, RankRange]:
    """The ranks that each paper takes while any one weight moves by up to `step` either way, within 0 to 1.

    Raises `InvalidMarksError` on criteria that cannot be, on a paper without a mean on one, and on a step that is
    not 0 to 1.
    """
    if not 0 <= step <= 1:
        raise InvalidMarksError(_("Weights cannot move by %(step)s; give 0 to 1.") % {"step": str(step)})
    moves = _weight_moves(criteria, means, Fraction(step))
    return {paper: _range([count for move in moves for count in move.counts(paper)]) for paper in moves[0].places}


def _range(counts: Sequence[_RankCount]) -> RankRange:
    return RankRange(1 + min(one.there for one in counts), 1 + max(one.beyond for one in counts))


def tipping_point(criteria: Sequence[WeightedCriterion], means: Means, quota: int) -> TippingPoint | None:
    """The least change of one weight that changes which papers rank `quota` or better; nothing where none does.

    A change of 0 says that papers tie at the line now and that the least change parts them. Raises `InvalidMarksError`.
    """
    # Most lists tip within a small change, up to which few papers cross: what is found there is the least of all.
    for reach in _SEARCH_REACHES:
        found = [one for move in _weight_moves(criteria, means, reach) if (one := _first_change(move, quota))]
        if found:
            return min(found, key=lambda one: abs(one.change))
    return None


def _first_change(move: _WeightMove, quota: int) -> TippingPoint | None:
    """Where on its way a move first changes which papers rank `quota` or better."""
    counts = {paper: move.counts(paper) for paper in move.places}
    within = {paper: found[0].there < quota for paper, found in counts.items()}
    crossings = {paper: _crossing(found, quota) for paper, found in counts.items()}
    at = min((one for one in crossings.values() if one is not None), default=None)
    if at is None:
        return None
    crossing = sorted(paper for paper, one in crossings.items() if one == at)
    change = Decimal((at * move.change).numerator) / (at * move.change).denominator
    entering = tuple(paper for paper in crossing if not within[paper])
    return TippingPoint(move.criterion, change, entering, tuple(paper for paper in crossing if within[paper]))


def _crossing(counts: Sequence[_RankCount], quota: int) -> Fraction | None:
    within = counts[0].there < quota
    return next((one.at for one in counts if (one.there < quota) != within or (one.beyond < quota) != within), None)


@dataclass(frozen=True, slots=True)
class _RankCount:
    """How many papers stand above one at a point of a move (0 to 1 of its way), and how many just beyond it."""

    at: Fraction
    there: int
    beyond: int


@dataclass(frozen=True, slots=True)
class _WeightMove:
    """A weight on its way: by how much it changes in all, and the papers' means before and after, times one factor."""

    criterion: str
    change: Fraction
    places: Mapping[str, int]
    before: NDArray[Any]
    after: NDArray[Any]

    def counts(self, paper: str) -> list[_RankCount]:
        """How many stand above a paper, from the start to wherever that changes."""
        place = self.places[paper]
        starts, ends = self.before - self.before[place], self.after - self.after[place]
        above, stays = starts > 0, ends > 0
        always = int((above & stays).sum())
        lose = sorted(_crossings(starts, ends, above & ~stays))
        gain = sorted(_crossings(starts, ends, ~above & stays))
        points = sorted({Fraction(0), *lose, *gain})
        still = {at: always + len(lose) - bisect_right(lose, at) for at in points}
        return [_RankCount(at, still[at] + bisect_left(gain, at), still[at] + bisect_right(gain, at)) for at in points]


def _crossings(starts: NDArray[Any], ends: NDArray[Any], which: NDArray[Any]) -> Iterator[Fraction]:
    """Where on the way differences that begin and end on two sides of 0 are 0."""
    for start, end in zip(starts[which].tolist(), ends[which].tolist(), strict=True):
        yield Fraction(start, start - end)


def _weight_moves(criteria: Sequence[WeightedCriterion], means: Means, step: Fraction) -> list[_WeightMove]:
    """Each criterion's weight up and down by a step, within 0 to 1; one that weighs 1 stays where it is."""
    check_criteria(criteria)
    weights = {one.key: Fraction(one.weight) for one in criteria}
    places, rows = _rows(weights, means)
    moves = []
    for key, weight in weights.items():
        for goal in (min(Fraction(1), weight + step), max(Fraction(0), weight - step)):
            to = goal if weight < 1 else weight
            after = _moved_weights(weights, key, to)
            factor = lcm(*(one.denominator for one in [*weights.values(), *after.values()]))
            values = (_values(rows, each, factor) for each in (weights, after))
            moves.append(_WeightMove(key, to - weight, places, *values))
    return moves


def _moved_weights(weights: Mapping[str, Fraction], key: str, to: Fraction) -> dict[str, Fraction]:
    """The weights where one of them is moved."""
    rest = (1 - to) / (1 - weights[key]) if weights[key] < 1 else Fraction(1)
    return {one: to if one == key else rest * weight for one, weight in weights.items()}


def _rows(weights: Mapping[str, Fraction], means: Means) -> tuple[dict[str, int], NDArray[Any]]:
    """The place of each paper, and its means on each criterion as a row, all times one factor that makes them whole."""
    import numpy as np

    papers = sorted({paper for paper, _criterion in means})
    for paper in papers:
        for criterion in weights:
            if (paper, criterion) not in means:
                told = {"paper": paper, "criterion": criterion}
                raise InvalidMarksError(
                    _("%(paper)s has no mark on %(criterion)s; wait for one, or leave it out.") % told
                )
    factor = lcm(*(mean.denominator for mean in means.values()))
    rows = [[int(means[paper, criterion] * factor) for criterion in weights] for paper in papers]
    return {paper: place for place, paper in enumerate(papers)}, np.array(rows, dtype=object).reshape(
        len(papers), len(weights)
    )


def _values(rows: NDArray[Any], weights: Mapping[str, Fraction], factor: int) -> NDArray[Any]:
    """The mean of each paper at these weights times a factor, exactly: as machine integers where differences fit."""
    import numpy as np

    found: NDArray[Any] = rows @ np.array([int(weight * factor) for weight in weights.values()], dtype=object)
    return found.astype(np.int64) if max(map(abs, found), default=0) < _MAX_EXACT_INTEGER else found
