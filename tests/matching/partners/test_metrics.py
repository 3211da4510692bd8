"""Measures against cases counted by hand."""

import math

import numpy as np
import pytest

from maillage.matching.partners.metrics import bootstrap_interval, measure_rankings, ndcg, recall, reciprocal_rank


def ranks(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def test_ndcg_discounts_by_the_logarithm_of_the_rank():
    # Hits at ranks 1 and 3 of two relevant ones: (1 + 1/2) / (1 + 1/log2(3)).
    assert ndcg(ranks(7, 1, 8), ranks(7, 8)) == pytest.approx(1.5 / (1 + 1 / math.log2(3)))


def test_ndcg_looks_at_ten_and_asks_for_no_more_than_ten():
    everything = ranks(*range(30))
    assert ndcg(everything, everything) == 1
    assert ndcg(ranks(*range(100, 110), 5), ranks(5)) == 0


def test_a_ranking_shorter_than_ten_is_measured_as_it_is():
    assert ndcg(ranks(4), ranks(4)) == 1
    assert ndcg(ranks(), ranks(4)) == 0


def test_recall_is_the_share_found_among_a_hundred():
    assert recall(ranks(*range(150)), ranks(3, 99, 100, 1000)) == 0.5


def test_the_reciprocal_rank_is_of_the_first_hit():
    assert reciprocal_rank(ranks(9, 8, 5, 4), ranks(4, 5)) == pytest.approx(1 / 3)
    assert reciprocal_rank(ranks(9, 8), ranks(4)) == 0


def test_measures_stand_in_columns():
    assert measure_rankings([ranks(1, 2), ranks(3)], [ranks(2), ranks(1)])[:, 2].tolist() == [0.5, 0]


def test_the_interval_holds_the_mean_and_narrows_with_more_needs():
    few, many = (bootstrap_interval(np.tile([0.0, 1.0], times)) for times in (10, 1000))
    assert few.low < 0.5 < few.high
    assert many.high - many.low < (few.high - few.low) / 5
    assert bootstrap_interval(np.full(8, 0.25)).low == 0.25
