"""Ranges of ranks and tipping points: by hand, and against looking at every crossing and between."""

import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.matching.panels import (
    InvalidMarksError,
    RankRange,
    TippingPoint,
    WeightedCriterion,
    rank_ranges,
    ranking,
    tipping_point,
)
from tests.property_tests import examples

D = Decimal
many = examples(150)
TWO = (WeightedCriterion("a", D("0.6")), WeightedCriterion("b", D("0.4")))


def means_of(criteria, **papers):
    """The means of papers, in the order of criteria."""
    return {
        (paper, one.key): Fraction(value)
        for paper, values in papers.items()
        for one, value in zip(criteria, values, strict=True)
    }


CROSSING = means_of(TWO, p=("4", "1"), q=("2", "3.5"), r=("0", "0"))
"""p has 2.8 and q 2.6; they meet where a weighs 5/9."""


@st.composite
def cases(draw):
    weights = draw(st.lists(st.integers(0, 4), min_size=1, max_size=3).filter(any))
    total = sum(weights) * 5
    criteria = [WeightedCriterion(f"c{n}", D(weight * 5) / D(total)) for n, weight in enumerate(weights)]
    if sum(one.weight for one in criteria) != 1:
        criteria = [WeightedCriterion("c0", D("0.25")), WeightedCriterion("c1", D("0.75"))]
    papers = {f"p{n}": [draw(st.integers(0, 4)) for _one in criteria] for n in range(draw(st.integers(1, 5)))}
    return criteria, means_of(criteria, **papers)


def ranks_at(criteria, means, key, to):
    """The ranks where one weight is `to`."""
    weights = {one.key: Fraction(one.weight) for one in criteria}
    rest = 1 - weights[key]
    moved = {one: to if one == key else weight * (1 - to) / rest for one, weight in weights.items()}
    papers = {paper for paper, _key in means}
    return ranking({paper: sum(moved[one] * means[paper, one] for one in moved) for paper in papers})


def points(criteria, means, key, end):
    """From the weight as it is to another: every crossing, the ends, and between each two of these; in order."""
    start = next(Fraction(one.weight) for one in criteria if one.key == key)
    weights = {one.key: Fraction(one.weight) for one in criteria}
    others = [one for one in weights if one != key]

    def line(paper):
        rest = sum(weights[one] * means[paper, one] for one in others) / (1 - start)
        return means[paper, key] - rest, rest

    found = {start, end}
    for one, other in itertools.combinations({paper for paper, _key in means}, 2):
        (slope, base), (steep, foot) = line(one), line(other)
        if slope != steep:
            found.add((foot - base) / (slope - steep))
    low, high = min(start, end), max(start, end)
    inside = sorted(at for at in found if low <= at <= high)
    inside += [(one + other) / 2 for one, other in itertools.pairwise(inside)]
    return sorted(inside, reverse=end < start)


def ways(criteria, step):
    for one in criteria:
        if one.weight < 1:
            for end in (min(Fraction(1), Fraction(one.weight) + step), max(Fraction(0), Fraction(one.weight) - step)):
                yield one.key, Fraction(one.weight), end


@many
@given(cases(), st.sampled_from(["0", "0.1", "0.35", "1"]))
def test_ranges_are_those_of_every_point(case, step):
    criteria, means = case
    ranks = {paper: {rank} for paper, rank in _base(criteria, means).items()}
    for key, _start, end in ways(criteria, Fraction(step)):
        for at in points(criteria, means, key, end):
            for paper, rank in ranks_at(criteria, means, key, at).items():
                ranks[paper].add(rank)
    assert rank_ranges(criteria, means, D(step)) == {
        paper: RankRange(min(found), max(found)) for paper, found in ranks.items()
    }


@many
@given(cases(), st.integers(0, 5))
def test_the_tipping_point_is_the_first_of_all(case, quota):
    criteria, means = case
    now, least = {paper for paper, rank in _base(criteria, means).items() if rank <= quota}, None
    for key, start, end in ways(criteria, Fraction(1)):
        before = start
        for at in points(criteria, means, key, end):
            within = {paper for paper, rank in ranks_at(criteria, means, key, at).items() if rank <= quota}
            if within != now:
                # Between two crossings it is the first of them beyond which papers change.
                change = abs((at if _crosses(criteria, means, key, at) else before) - start)
                least = change if least is None else min(least, change)
                break
            before = at
    found = tipping_point(criteria, means, quota)
    assert (found and abs(found.change)) == (None if least is None else pytest.approx(D(float(least))))
    if found:
        assert found.entering or found.leaving
        assert not now & set(found.entering)
        assert set(found.leaving) <= now


def _base(criteria, means):
    papers = {paper for paper, _key in means}
    return ranking({paper: sum(Fraction(one.weight) * means[paper, one.key] for one in criteria) for paper in papers})


def _crosses(criteria, means, key, at):
    """Whether two papers that do not tie throughout meet here."""
    ranks = ranks_at(criteria, means, key, at)
    near = ranks_at(criteria, means, key, at + Fraction(1, 10**9))
    return any(ranks[one] == ranks[other] and near[one] != near[other] for one in ranks for other in ranks)


def test_ranges_by_hand():
    assert rank_ranges(TWO, CROSSING, D("0.04")) == {"p": RankRange(1, 1), "q": RankRange(2, 2), "r": RankRange(3, 3)}
    assert rank_ranges(TWO, CROSSING, D("0.05")) == {"p": RankRange(1, 2), "q": RankRange(1, 2), "r": RankRange(3, 3)}


def test_the_tipping_point_by_hand():
    found = tipping_point(TWO, CROSSING, quota=1)
    assert found == TippingPoint("a", D(-2) / D(45), entering=("q",), leaving=("p",))
    # r, without a mark above 0, never enters; all three never leave.
    assert tipping_point(TWO, CROSSING, quota=2) is None
    assert tipping_point(TWO, CROSSING, quota=3) is None


def test_a_tie_at_the_line_parts_at_once():
    means = means_of(TWO, p=("2", "2"), q=("4", "-1"), s=("5", "5"))
    found = tipping_point(TWO, means, quota=2)
    assert found == TippingPoint("a", D(0), entering=(), leaving=("p",))


def test_papers_that_are_alike_are_never_parted():
    assert tipping_point(TWO, means_of(TWO, p=("2", "3"), q=("2", "3")), quota=1) is None


def test_a_single_criterion_cannot_move():
    one = (WeightedCriterion("a", D(1)), WeightedCriterion("b", D(0)))
    means = means_of(one, p=("1", "0"), q=("0", "9"))
    assert rank_ranges(one[:1], means, D("0.5")) == {"p": RankRange(1, 1), "q": RankRange(2, 2)}
    # But one that weighs nothing can be given weight, at the cost of it.
    assert tipping_point(one, means, quota=1) == TippingPoint("b", D("0.1"), entering=("q",), leaving=("p",))


def test_what_cannot_be_is_refused():
    with pytest.raises(InvalidMarksError, match="p has no mark on b"):
        rank_ranges(TWO, {("p", "a"): Fraction(1)}, D("0.1"))
    with pytest.raises(InvalidMarksError, match="Weights cannot move by -1"):
        rank_ranges(TWO, CROSSING, D(-1))
    with pytest.raises(InvalidMarksError, match=r"sum to 0\.6"):
        tipping_point(TWO[:1], CROSSING, 1)
