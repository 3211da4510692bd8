"""Severity by hand, and what holds of normalised means."""

import random
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from maillage.matching.panels import (
    MarkScale,
    WeightedCriterion,
    normalised_criterion_means,
    normalised_means,
    ranking,
    weighted_marks,
)
from maillage.matching.panels.severity import MAX_SHRINKAGE, MIN_SHRINKAGE
from tests.property_tests import examples

D = Decimal
many = examples(100)
marks = st.integers(0, 20).map(lambda half: D(half) / 2)
reviews_of_all = st.dictionaries(st.tuples(st.sampled_from("abcdef"), st.sampled_from("stuvwxyz")), marks, min_size=1)
COMPLETE = {("a", "x"): D(3), ("a", "y"): D(5), ("b", "x"): D(1), ("b", "y"): D(3)}


@st.composite
def complete(draw):
    """Every reviewer reviews every paper."""
    who, what = "abcd"[: draw(st.integers(1, 4))], "uvwxyz"[: draw(st.integers(1, 6))]
    return {(one, other): draw(marks) for one in who for other in what}


@pytest.mark.parametrize(("shrinkage", "expected"), [(2.0, 0.5), (1e-9, 1.0), (6.0, 0.25)])
def test_severity_by_hand(shrinkage, expected):
    """Each gives 1 more or less than the mean, twice: 2 of 2 + λ of it is severity."""
    found = normalised_means(COMPLETE, shrinkage)
    assert found.severity == pytest.approx({"a": -expected, "b": expected})
    assert found.means == {"x": D(2), "y": D(4)}


def test_one_review_corrects_less_than_many():
    papers = "stuvwxyz"
    many_reviews = {(one, paper): D(3) for one in "ab" for paper in papers} | {
        ("severe", paper): D(1) for paper in papers
    }
    one_review = {key: mark for key, mark in many_reviews.items() if key[0] != "severe" or key[1] == "s"}
    often, once = normalised_means(many_reviews, 2.0), normalised_means(one_review, 2.0)
    assert 0 < 2 * once.severity["severe"] < often.severity["severe"] < 2


def test_a_severe_reviewer_does_not_decide_the_ranking():
    """u and v are equally good; three severe reviewers of four fall on u, three generous ones on v."""
    seen = {"u": "123a", "v": "1abc"} | {f"w{n}": "123abc" for n in range(8)}
    reviews = {(one, paper): D(4 if one.isalpha() else 2) for paper, who in seen.items() for one in who}
    raw = {paper: sum(reviews[one, paper] for one in who) / len(who) for paper, who in seen.items()}
    found = normalised_means(reviews)
    assert raw["v"] - raw["u"] == 1
    assert abs(found.means["v"] - found.means["u"]) < D("0.2")
    assert all((found.severity[one] < 0) == one.isalpha() for one in found.severity)


@many
@given(reviews_of_all, st.sampled_from([None, 0.5, 3.0]))
def test_the_mean_of_all_reviews_stays(reviews, shrinkage):
    found = normalised_means(reviews, shrinkage)
    number = {paper: sum(key[1] == paper for key in reviews) for paper in found.means}
    total = sum(number[paper] * mean for paper, mean in found.means.items())
    assert float(total) == pytest.approx(float(sum(reviews.values())), abs=1e-4)
    assert sum(found.severity.values()) == pytest.approx(0, abs=1e-9)


@many
@given(complete(), st.integers(-5, 5), st.sampled_from([None, 1.0, 7.0]))
def test_where_all_review_all_a_constant_of_one_reviewer_moves_every_paper_alike(reviews, constant, shrinkage):
    shifted = {key: mark + constant * (key[0] == "a") for key, mark in reviews.items()}
    before, after = normalised_means(reviews, shrinkage).means, normalised_means(shifted, shrinkage).means
    moved = [float(after[paper] - before[paper]) for paper in before]
    assert moved == pytest.approx([moved[0]] * len(moved), abs=1e-5)


@many
@given(reviews_of_all, st.integers(-5, 5))
def test_without_shrinkage_a_constant_of_one_reviewer_moves_every_paper_alike(reviews, constant):
    assume(_connected(reviews))
    shifted = {key: mark + constant * (key[0] == "a") for key, mark in reviews.items()}
    before, after = normalised_means(reviews, 1e-7).means, normalised_means(shifted, 1e-7).means
    moved = [float(after[paper] - before[paper]) for paper in before]
    assert moved == pytest.approx([moved[0]] * len(moved), abs=1e-3)


def _connected(reviews) -> bool:
    reached = {next(iter(reviews))[0]}
    for _turn in reviews:
        papers = {paper for who, paper in reviews if who in reached}
        reached |= {who for who, paper in reviews if paper in papers}
    return reached == {who for who, _paper in reviews}


def test_who_shares_no_paper_has_no_severity():
    found = normalised_means(COMPLETE | {("alone", "z"): D(0)})
    assert found.severity["alone"] == pytest.approx(0)
    assert normalised_means({("a", "x"): D(1), ("b", "y"): D(5)}).severity == pytest.approx({"a": 0, "b": 0})


def _simulated(severity: float, chance: float) -> tuple[dict[str, float], dict[tuple[str, str], D]]:
    draw = random.Random(f"{severity} {chance}")
    true = {f"r{n}": draw.gauss(0, severity) for n in range(40)}
    reviews = {}
    for paper in range(200):
        worth = draw.gauss(3, 1)
        for one in draw.sample(sorted(true), 3):
            reviews[one, f"p{paper}"] = D(round(worth - true[one] + draw.gauss(0, chance), 3))
    return true, reviews


def test_shrinkage_is_estimated():
    """It is the variance of chance over that of severity, here 4; and severities are found."""
    true, reviews = _simulated(severity=0.5, chance=1.0)
    found = normalised_means(reviews)
    assert 2 < found.shrinkage < 8
    middle = sum(true.values()) / len(true)
    error = sum((found.severity[key] - (true[key] - middle)) ** 2 for key in true)
    assert error < 0.5 * sum((value - middle) ** 2 for value in true.values())


def test_shrinkage_stays_within_its_limits():
    assert normalised_means(_simulated(severity=1.0, chance=0.1)[1]).shrinkage == pytest.approx(MIN_SHRINKAGE, rel=0.01)
    assert normalised_means(_simulated(severity=0.0, chance=1.0)[1]).shrinkage > 20
    assert normalised_means({key: D(3) for key in COMPLETE}).shrinkage == MAX_SHRINKAGE
    with pytest.raises(ValueError, match="A shrinkage of 0 cannot be"):
        normalised_means(COMPLETE, 0)


def test_nothing_and_one_review():
    assert normalised_means({}).means == {}
    assert normalised_means({("a", "x"): D("2.5")}).means == {"x": D("2.5")}


def test_by_criterion_it_sums_to_the_whole():
    criteria, draw = (
        (WeightedCriterion("science", D("0.7")), WeightedCriterion("team", D("0.3"))),
        random.Random("criteria"),
    )
    marks = {
        (reviewer, paper, one.key): D(draw.randint(0, 10))
        for reviewer in "abcde" for paper in "uvwxyz" if draw.random() < 0.6 for one in criteria
    }  # fmt: skip
    whole = normalised_means(weighted_marks(criteria, MarkScale(D(0), D(10)), marks))
    parts = normalised_criterion_means(marks, whole.shrinkage)
    for paper, mean in whole.means.items():
        summed = sum(float(one.weight) * float(parts[paper, one.key]) for one in criteria)
        assert summed == pytest.approx(float(mean), abs=1e-5)
    assert set(ranking(whole.means)) == {paper for paper, _criterion in parts}
