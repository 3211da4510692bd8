"""A log-linear choice among candidates, fitted to which of them were right (a conditional logit).

It has few parameters, so that it hardly follows the chance of the years that it learned from. McFadden, "Conditional
logit analysis of qualitative choice behavior", 1974.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Choice:
    """Candidates by group (`group` is that of each row, `starts` the first row of each) and their target shares.

    Each row stands for `counts` candidates.
    """

    columns: Floats
    targets: Floats
    group: NDArray[np.int64]
    starts: NDArray[np.int64]
    weights: Floats
    counts: Floats

    @classmethod
    def of(cls, columns: Floats, right: Floats, sizes: NDArray[np.int64], counts: Floats) -> Choice:
        """Groups of `sizes` rows, in order; `right` is 1 for the candidates that are.

        A group has the weight of the root of the number of its right candidates, shared equally among them.
        """
        starts = np.cumsum(sizes) - sizes
        group = np.repeat(np.arange(len(sizes)), sizes)
        numbers = np.add.reduceat(right, starts)
        weights = (np.sqrt(numbers) / np.sqrt(numbers).sum()).astype(np.float32)
        targets = (right / np.maximum(numbers, 1)[group] * weights[group]).astype(np.float32)
        return cls(columns, targets, group, starts, weights, counts)

    def fit(self, penalty: float, steps: int) -> Floats:
        """The weights that make the right candidates likeliest, kept small by a penalty."""
        from scipy.optimize import minimize

        start = np.zeros(self.columns.shape[1])
        found = minimize(self._loss, start, (penalty,), jac=True, method="L-BFGS-B", options={"maxiter": steps})
        weights: Floats = found.x.astype(np.float32)
        return weights

    def _loss(self, weights: NDArray[np.float64], penalty: float) -> tuple[float, NDArray[np.float64]]:
        """The cross entropy with a penalty of large weights, and its gradient."""
        scores = self.columns @ weights.astype(np.float32)
        scores -= np.maximum.reduceat(scores, self.starts)[self.group]
        chances = self.counts * np.exp(scores)
        totals = np.add.reduceat(chances, self.starts)[self.group]
        loss = penalty * (weights**2).sum() - (self.targets * (scores - np.log(totals))).sum()
        gradient = (chances / totals * self.weights[self.group] - self.targets) @ self.columns
        return float(loss), gradient + 2 * penalty * weights
