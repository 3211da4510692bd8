"""How a ranking depends on the weights: one criterion's weight moves, and the others share what is left as before.

When the weight w of a criterion moves to v, every other is multiplied by (1 - v) / (1 - w). The mean of a paper is then
linear in v, and two papers change places at most once, where their lines cross. All crossings are found exactly, in
fractions. A criterion that weighs 1 cannot move: the others have no proportion to share by.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Final

from maillage.language import gettext as _
from maillage.matching.panels.marks import BadMarks, Criterion, check

_REACHES: Final = (Fraction(1, 200), Fraction(1, 20), Fraction(1, 5), Fraction(1))

Means = Mapping[tuple[str, str], Fraction]
"""The mean of each paper on each criterion, raw or normalised, by the keys of paper and criterion."""


@dataclass(frozen=True, slots=True)
class RankRange:
    """The best and the worst rank of a paper."""

    best: int
    worst: int


@dataclass(frozen=True, slots=True)
class Tipping:
    """A change of one weight, and the papers that it, or the least beyond it, brings or takes across a line."""

    criterion: str
    change: Decimal
    entering: tuple[str, ...]
    leaving: tuple[str, ...]


def rank_ranges(criteria: Sequence[Criterion], means: Means, step: Decimal) -> dict[str, RankRange]:
    """The ranks that each paper takes while any one weight moves by up to `step` either way, within 0 to 1.

    Raises `BadMarks` on criteria that cannot be, on a paper without a mean on one, and on a step that is not 0 to 1.
    """
    if not 0 <= step <= 1:
        raise BadMarks(_("Weights cannot move by %(step)s; give 0 to 1.") % {"step": str(step)})
    moves = _moves(criteria, means, Fraction(step))
    return {paper: _range([count for move in moves for count in move.counts(paper)]) for paper in moves[0].before}


def _range(counts: Sequence[_Count]) -> RankRange:
    return RankRange(1 + min(one.there for one in counts), 1 + max(one.beyond for one in counts))


def tipping(criteria: Sequence[Criterion], means: Means, quota: int) -> Tipping | None:
    """The least change of one weight that changes which papers rank `quota` or better; nothing where none does.

    A change of 0 says that papers tie at the line now and that the least change parts them. Raises `BadMarks`.
    """
    # Most lists tip within a small change, up to which few papers cross: what is found there is the least of all.
    for reach in _REACHES:
        found = [one for move in _moves(criteria, means, reach) if (one := _first(move, quota))]
        if found:
            return min(found, key=lambda one: abs(one.change))
    return None


def _first(move: _Move, quota: int) -> Tipping | None:
    """Where on its way a move first changes which papers rank `quota` or better."""
    counts = {paper: move.counts(paper) for paper in move.before}
    within = {paper: found[0].there < quota for paper, found in counts.items()}
    crossings = {paper: _crossing(found, quota) for paper, found in counts.items()}
    at = min((one for one in crossings.values() if one is not None), default=None)
    if at is None:
        return None
    crossing = sorted(paper for paper, one in crossings.items() if one == at)
    change = Decimal((at * move.change).numerator) / (at * move.change).denominator
    entering = tuple(paper for paper in crossing if not within[paper])
    return Tipping(move.criterion, change, entering, tuple(paper for paper in crossing if within[paper]))


def _crossing(counts: Sequence[_Count], quota: int) -> Fraction | None:
    within = counts[0].there < quota
    return next((one.at for one in counts if (one.there < quota) != within or (one.beyond < quota) != within), None)


@dataclass(frozen=True, slots=True)
class _Count:
    """How many papers stand above one at a point of a move (0 to 1 of its way), and how many just beyond it."""

    at: Fraction
    there: int
    beyond: int


@dataclass(frozen=True, slots=True)
class _Move:
    """A weight on its way: by how much it changes in all, and each paper's mean before and after, times one factor."""

    criterion: str
    change: Fraction
    before: Mapping[str, int]
    after: Mapping[str, int]

    def counts(self, paper: str) -> list[_Count]:
        """How many stand above a paper, from the start to wherever that changes."""
        always, lose, gain = 0, list[Fraction](), list[Fraction]()
        own, moved = self.before[paper], self.after[paper]
        for mean, later in zip(self.before.values(), self.after.values(), strict=True):
            start, end = mean - own, later - moved
            if start > 0 and end > 0:
                always += 1
            elif start > 0:
                lose.append(Fraction(start, start - end))
            elif end > 0:
                gain.append(Fraction(-start, end - start))
        lose.sort()
        gain.sort()
        points = sorted({Fraction(0), *lose, *gain})
        still = {at: always + len(lose) - bisect_right(lose, at) for at in points}
        return [_Count(at, still[at] + bisect_left(gain, at), still[at] + bisect_right(gain, at)) for at in points]


def _moves(criteria: Sequence[Criterion], means: Means, step: Fraction) -> list[_Move]:
    """Each criterion's weight up and down by a step, within 0 to 1; one that weighs 1 stays where it is."""
    check(criteria)
    weights = {one.key: Fraction(one.weight) for one in criteria}
    moves = []
    for key, weight in weights.items():
        for goal in (min(Fraction(1), weight + step), max(Fraction(0), weight - step)):
            to = goal if weight < 1 else weight
            moves.append(_move(weights, means, key, to))
    return moves


def _move(weights: Mapping[str, Fraction], means: Means, key: str, to: Fraction) -> _Move:
    rest = (1 - to) / (1 - weights[key]) if weights[key] < 1 else Fraction(1)
    moved = {one: to if one == key else rest * weight for one, weight in weights.items()}
    before, after = _values(weights, means), _values(moved, means)
    factor = lcm(*(value.denominator for value in [*before.values(), *after.values()]))
    whole = ({paper: int(value * factor) for paper, value in values.items()} for values in (before, after))
    return _Move(key, to - weights[key], *whole)


def _values(weights: Mapping[str, Fraction], means: Means) -> dict[str, Fraction]:
    """The mean of each paper at these weights."""
    values = {}
    for paper in sorted({paper for paper, _criterion in means}):
        for criterion in weights:
            if (paper, criterion) not in means:
                told = {"paper": paper, "criterion": criterion}
                raise BadMarks(_("%(paper)s has no mark on %(criterion)s; wait for one, or leave it out.") % told)
        values[paper] = sum((weight * means[paper, one] for one, weight in weights.items()), Fraction(0))
    return values
