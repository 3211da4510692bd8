"""Marks, means, rankings and disagreement, computed by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.matching.panels import (
    InvalidMarksError,
    MarkScale,
    WeightedCriterion,
    criterion_means,
    disagreements,
    ranking,
    raw_means,
    weighted_marks,
)

D = Decimal
CRITERIA = (
    WeightedCriterion("science", D("0.5")),
    WeightedCriterion("team", D("0.3")),
    WeightedCriterion("impact", D("0.2")),
)
SCALE = MarkScale(D(0), D(5))


def marks_of(reviewer: str, paper: str, *values: str) -> dict[tuple[str, str, str], D]:
    return {(reviewer, paper, one.key): D(value) for one, value in zip(CRITERIA, values, strict=True)}


MARKS = marks_of("a", "x", "4", "3", "5") | marks_of("b", "x", "2.5", "3", "0") | marks_of("a", "y", "5", "5", "5")


def test_the_mark_of_a_review_is_weighted():
    assert weighted_marks(CRITERIA, SCALE, MARKS) == {("a", "x"): D("3.9"), ("a", "y"): D("5.0"), ("b", "x"): D("2.15")}


def test_means_by_paper_and_by_criterion():
    assert raw_means(weighted_marks(CRITERIA, SCALE, MARKS)) == {"x": D("3.025"), "y": D(5)}
    means = criterion_means(MARKS)
    assert [means["x", one.key] for one in CRITERIA] == [Fraction(13, 4), 3, Fraction(5, 2)]


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        (["0.5", "0.3", "0.1"], "sum to 0.9; make them sum to 1."),
        (["0.5", "0.3", "0.20001"], "sum to 1.00001; make them sum to 1."),
        (["0.333333", "0.333333", "0.333333"], "sum to 0.999999"),
        (["1.2", "-0.2", "0"], "The criterion team weighs -0.2; give 0 or more."),
    ],
)
def test_weights_that_do_not_sum_to_one_are_refused(weights, told):
    criteria = [WeightedCriterion(one.key, D(weight)) for one, weight in zip(CRITERIA, weights, strict=True)]
    with pytest.raises(InvalidMarksError) as refused:
        weighted_marks(criteria, SCALE, MARKS)
    assert told in str(refused.value)


def test_criteria_given_twice_and_none_at_all_are_refused():
    with pytest.raises(InvalidMarksError, match="team is given twice"):
        weighted_marks([WeightedCriterion("team", D("0.5"))] * 2, SCALE, {})
    with pytest.raises(InvalidMarksError, match="sum to 0; make"):
        weighted_marks([], SCALE, {})


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        (MARKS | marks_of("b", "y", "5", "5.1", "5"), "b gives y 5.1 on team; marks are from 0 to 5."),
        (MARKS | marks_of("b", "y", "-0.5", "5", "5"), "b gives y -0.5 on science; marks are from 0 to 5."),
        (MARKS | {("a", "x", "beauty"): D(3)}, "a marks x on beauty, which is no criterion"),
        (MARKS | {("c", "x", "team"): D(3)}, "c has not marked x on science"),
    ],
)
def test_marks_that_cannot_be_are_refused(marks, told):
    with pytest.raises(InvalidMarksError) as refused:
        weighted_marks(CRITERIA, SCALE, marks)
    assert told in str(refused.value)


def test_those_that_tie_share_a_rank():
    means = {"d": D(1), "b": D("2.50"), "a": D(4), "c": D("2.5"), "e": D(1)}
    assert list(ranking(means).items()) == [("a", 1), ("b", 2), ("c", 2), ("d", 4), ("e", 4)]
    assert ranking({}) == {}


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=3), st.integers(0, 5).map(D), max_size=12))
def test_a_rank_is_one_more_than_how_many_are_better(means):
    ranks = ranking(means)
    assert ranks == {key: 1 + sum(other > mean for other in means.values()) for key, mean in means.items()}


def test_means_of_unlike_numbers_of_reviews_tie_where_they_are_equal():
    thirds = {("a", "x"): D(1), ("b", "x"): D(0), ("c", "x"): D(0)}
    sixths = {(str(n), "y"): D(n < 2) for n in range(6)}
    assert ranking(raw_means(thirds | sixths)) == {"x": 1, "y": 1}


def test_reviewers_disagree_where_their_marks_deviate_more_than_usual():
    given = {"x": {"a": 1, "b": 5}, "y": {"a": 3, "b": 3}, "z": {"a": 2, "b": 3, "c": 4}, "alone": {"a": 5}}
    reviews = {(one, paper): D(mark) for paper, found in given.items() for one, mark in found.items()}
    found = disagreements(reviews)
    # Sums of squares 8, 0 and 2 on 1, 1 and 2 degrees: the pooled variance is 10 / 4.
    assert set(found) == {"x", "y", "z"}
    assert [found[key].deviation ** 2 for key in "xyz"] == pytest.approx([8, 0, 1])
    assert [found[key].ratio ** 2 for key in "xyz"] == pytest.approx([D("3.2"), 0, D("0.4")])
    assert [found[key].flagged for key in "xyz"] == [True, False, False]
    assert not disagreements(reviews, factor=D(2))["x"].flagged


def test_reviewers_who_all_agree_do_not_disagree():
    reviews = {(reviewer, paper): D(3) for reviewer in "ab" for paper in "xy"}
    assert not any(one.flagged or one.ratio for one in disagreements(reviews).values())
    assert disagreements({("a", "x"): D(3)}) == {}
