"""Learned text encoders: from the words of a need to the probability that each party takes part.

An encoder turns tf-idf weights into a vector, h = tanh(x E); the score of party o is h·R_o + b_o, and a softmax over
all parties is fitted to who took part in past projects (a two-tower model, as in Yi et al., "Sampling-bias-corrected
neural modeling for large corpus item recommendations", RecSys 2019, here small enough to need no sampling). E starts
from latent semantic analysis. Steps follow AdaGrad with one rate for each row (Duchi, Hazan and Singer, 2011).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from maillage.matching.partners.terms import Floats, Matrix

DIMENSIONS: Final = 200
EPOCHS: Final = 20
BATCH: Final = 256
LEARNING_RATE: Final = 0.02
"""Learning rate of the vectors of parties; that of words is half of it."""

DROPOUT: Final = 0.3
"""Share of the words that are dropped at random in each step."""

LABEL_SMOOTHING: Final = 0.3
"""Share of the target that goes to the usual partners of the parties."""

MIN_PROJECTS_OF_PARTY: Final = 2
"""The least number of projects of a party to be learned."""


@dataclass(frozen=True, slots=True)
class PartnerEncoder:
    """`words` (terms × dimensions); `parties` (parties × dimensions) and `bias` (parties), for those of `columns`."""

    words: Floats
    parties: Floats
    bias: Floats
    columns: NDArray[np.int64]

    def encode(self, weights: Matrix) -> Floats:
        """The vectors of texts, from their tf-idf weights."""
        vectors: Floats = np.tanh(weights @ self.words)
        return vectors

    def scores(self, vectors: Floats) -> Floats:
        """The score of each party of `columns` for each text, before the softmax."""
        scores: Floats = vectors @ self.parties.T + self.bias
        return scores


@dataclass(slots=True)
class _GradientHistory:
    """Sum of squared gradients, by row."""

    seen: Floats

    @classmethod
    def of(cls, rows: int) -> _GradientHistory:
        return cls(np.full(rows, 1e-3, np.float32))

    def step(self, values: Floats, gradient: Floats, rate: float, rows: NDArray[np.int64] | None = None) -> None:
        """Move `values`, or only some rows of it, against a gradient; `values` are changed in place."""
        rows = np.arange(len(values)) if rows is None else rows
        self.seen[rows] += (gradient**2).mean(1)
        values[rows] -= gradient * (rate / np.sqrt(self.seen[rows]))[:, None]


@dataclass(slots=True)
class _EncoderTraining:
    """An encoder in training, with the gradient histories of its three parts."""

    tower: PartnerEncoder
    slopes: tuple[_GradientHistory, _GradientHistory, _GradientHistory] = field(init=False)

    def __post_init__(self) -> None:
        parts = (self.tower.words, self.tower.parties, self.tower.bias)
        self.slopes = tuple(_GradientHistory.of(len(part)) for part in parts)  # type: ignore[assignment]

    def step(self, texts: Matrix, targets: Matrix, weights: Floats) -> None:
        """One step towards the target shares of each party; `weights` are those of the texts."""
        vectors = self.tower.encode(texts)
        errors = _softmax(self.tower.scores(vectors))
        shares = targets.tocoo()
        errors[shares.row, shares.col] -= shares.data
        errors *= weights[:, None]
        text_gradients = (errors @ self.tower.parties) * (1 - vectors * vectors)
        rows = np.unique(texts.indices)
        words, parties, bias = self.slopes
        parties.step(self.tower.parties, errors.T @ vectors, LEARNING_RATE)
        words.step(
            self.tower.words, (texts.T.tocsr()[rows] @ text_gradients).astype(np.float32), LEARNING_RATE / 2, rows
        )
        bias.step(self.tower.bias[:, None], errors.sum(0)[:, None], LEARNING_RATE)


def train_encoder(
    readings: Sequence[Matrix], taken: Matrix, together: Matrix, start: Floats, seed: int
) -> PartnerEncoder:
    """Learn, from several texts of the same projects (tf-idf weights), who took part in them.

    `start` (terms × dimensions) are the initial word vectors. The same seed gives the same encoder.
    """
    random = np.random.default_rng(seed)
    columns = np.flatnonzero(np.asarray(taken.sum(0)).ravel() >= MIN_PROJECTS_OF_PARTY)
    taken = taken[:, columns]
    targets = _target_shares(taken, together[columns][:, columns])
    sizes = np.diff(taken.indptr).astype(np.float32)
    training = _EncoderTraining(_initial_encoder(start, taken, columns, random))
    usable = np.flatnonzero(sizes)
    for _epoch in range(EPOCHS):
        order = random.permutation(usable)
        for first in range(0, len(order), BATCH):
            rows = order[first : first + BATCH]
            texts = readings[int(random.integers(len(readings)))][rows]
            texts.data *= (random.random(texts.nnz, np.float32) > DROPOUT) / np.float32(1 - DROPOUT)
            training.step(texts, targets[rows], sizes[rows] / sizes[rows].mean())
    return training.tower


def _initial_encoder(
    start: Floats, taken: Matrix, columns: NDArray[np.int64], random: np.random.Generator
) -> PartnerEncoder:
    """Word vectors near `start`, small vectors of parties, and the logarithm of their popularity as bias."""
    popularity = np.asarray(taken.sum(0)).ravel()
    spread = np.sqrt((start**2).sum() / max(start.size, 1))
    noise = random.normal(size=start.shape).astype(np.float32) * spread * np.float32(0.3)
    return PartnerEncoder(
        words=start + noise,
        parties=random.normal(size=(len(columns), start.shape[1])).astype(np.float32) * np.float32(0.01),
        bias=np.log(popularity / popularity.sum()).astype(np.float32),
        columns=columns,
    )


def _target_shares(taken: Matrix, together: Matrix) -> Matrix:
    """The target of each project: equal shares of its parties, some of it passed on to their usual partners."""
    own = _by_rows(taken)
    return _by_rows(((1 - LABEL_SMOOTHING) * own + LABEL_SMOOTHING * (own @ together)).tocsr()).astype(np.float32)


def _by_rows(matrix: Matrix) -> Matrix:
    return (sparse.diags(1 / np.maximum(np.asarray(matrix.sum(1)).ravel(), 1e-9)) @ matrix).tocsr()


def _softmax(scores: Floats) -> Floats:
    scores -= scores.max(1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(1, keepdims=True)
    return scores


def semantic_words(weights: Matrix, dimensions: int = DIMENSIONS) -> Floats:
    """Word vectors (terms × dimensions) of latent semantic analysis, by randomised decomposition.

    Halko, Martinsson and Tropp, "Finding structure with randomness", 2011, algorithm 4.4 with three iterations. A small
    corpus gives fewer than `dimensions`; the others are zero.
    """
    random = np.random.default_rng(0)
    sketch = weights @ random.normal(size=(weights.shape[1], min(dimensions + 10, *weights.shape))).astype(np.float32)
    for _iteration in range(3):
        basis = np.linalg.qr(sketch)[0]
        sketch = weights @ np.linalg.qr(weights.T @ basis)[0]
    _left, _values, right = np.linalg.svd((weights.T @ np.linalg.qr(sketch)[0]).T, full_matrices=False)
    words = np.zeros((weights.shape[1], dimensions), np.float32)
    # Scaled so that an encoded text of length one is where tanh is nearly linear.
    words[:, : min(dimensions, len(right))] = right[:dimensions].T * np.sqrt(dimensions) / 2
    return words
