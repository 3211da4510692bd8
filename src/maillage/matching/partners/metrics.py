"""Measures of rankings, with confidence intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ranking = NDArray[np.int64]
METRIC_NAMES: Final = ("nDCG@10", "recall@100", "MRR")
_RESAMPLES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over needs with the ends of its 95 % interval."""

    mean: float
    low: float
    high: float


def ndcg(ranking: Ranking, relevant: Ranking, depth: int = 10) -> float:
    """Normalised discounted cumulative gain of the first `depth`, relevance being yes or no.

    Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002; the discount is log2(rank + 1).
    """
    discounts = 1 / np.log2(np.arange(2, depth + 2))
    hits = np.isin(ranking[:depth], relevant)
    return float(discounts[: len(hits)][hits].sum() / discounts[: min(depth, len(relevant))].sum())


def recall(ranking: Ranking, relevant: Ranking, depth: int = 100) -> float:
    """The share of the relevant parties that are among the first `depth`."""
    return float(np.isin(ranking[:depth], relevant).sum() / len(relevant))


def reciprocal_rank(ranking: Ranking, relevant: Ranking, depth: int = 100) -> float:
    """1 over the rank of the first relevant party; 0 if none is among the first `depth`."""
    hits = np.flatnonzero(np.isin(ranking[:depth], relevant))
    return 1 / (float(hits[0]) + 1) if len(hits) else 0.0


def measure_rankings(rankings: Sequence[Ranking], relevant: Sequence[Ranking]) -> NDArray[np.float64]:
    """A row for each need, a column for each of `METRIC_NAMES`. Each need must have at least one relevant party."""
    rows = [
        (ndcg(ranking, relevant_parties), recall(ranking, relevant_parties), reciprocal_rank(ranking, relevant_parties))
        for ranking, relevant_parties in zip(rankings, relevant, strict=True)
    ]
    return np.array(rows, np.float64).reshape(-1, len(METRIC_NAMES))


def bootstrap_interval(values: NDArray[np.float64], seed: int = 0) -> Estimate:
    """The mean of values and its interval by the percentile bootstrap (Efron, 1979) over 1,000 resamples.

    Given the differences of two systems on the same needs it is the paired bootstrap.
    """
    random = np.random.default_rng(seed)
    means = [values[random.integers(0, len(values), len(values))].mean() for _ in range(_RESAMPLES)]
    low, high = np.percentile(means, (2.5, 97.5))
    return Estimate(float(values.mean()), float(low), float(high))
