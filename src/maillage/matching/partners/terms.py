"""Texts as counts of English stems, and their weights."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from maillage.matching.text import stem
from maillage.matching.word_lists import Language

Floats = NDArray[np.float32]
Positions = NDArray[np.intp]
Matrix: TypeAlias = Any  # Any: a sparse matrix of float32 in rows, which scipy gives no type

_WORD: Final = re.compile(r"[^\W_]{2,40}")


def stems(text: str) -> list[str]:
    """The English stems of a text without stop words, in order."""
    return [word_stem for word in _WORD.findall(text) if (word_stem := stem(word, Language.EN))]


@dataclass(slots=True)
class TermNumbers:
    """The stems of a corpus, numbered in the order of their first occurrence."""

    numbers: dict[str, int] = field(default_factory=dict)

    def learn(self, texts: Iterable[str]) -> list[Counter[int]]:
        """Count the stems of each text, numbering the new ones."""
        return [
            Counter([self.numbers.setdefault(word_stem, len(self.numbers)) for word_stem in stems(text)])
            for text in texts
        ]

    def count(self, texts: Iterable[str]) -> Matrix:
        """Counts of the known stems, one row for each text."""
        numbers_by_text = ((self.numbers.get(word_stem) for word_stem in stems(text)) for text in texts)
        return self.matrix([Counter(number for number in numbers if number is not None) for numbers in numbers_by_text])

    def matrix(self, counts: list[Counter[int]]) -> Matrix:
        """Counts of stems as a matrix, one column for each known stem."""
        pointers = np.cumsum([0, *(len(text_counts) for text_counts in counts)])
        columns = np.fromiter((number for text_counts in counts for number in text_counts), np.int32, pointers[-1])
        values = np.fromiter(
            (count for text_counts in counts for count in text_counts.values()), np.float32, pointers[-1]
        )
        return sparse.csr_matrix((values, columns, pointers), shape=(len(counts), len(self.numbers)))


def softened(counts: Matrix) -> Matrix:
    """Counts replaced by 1 + their logarithm, so that repetition counts, but less than in proportion."""
    soft = counts.copy()
    soft.data = 1 + np.log(np.maximum(soft.data, 1))
    return soft


def bm25(counts: Matrix, saturation: float, correction: float) -> Matrix:
    """Okapi BM25 weights of documents (rows) by stems.

    Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, with one added inside the
    logarithm so that no weight is negative.
    """
    lengths = np.asarray(counts.sum(1)).ravel()
    holders = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log(1 + (counts.shape[0] - holders + 0.5) / (holders + 0.5))
    length_factors = 1 - correction + correction * lengths / max(lengths.sum() / max(len(lengths), 1), 1)
    weights = counts.copy()
    rows = np.repeat(length_factors, np.diff(counts.indptr))
    weights.data = (counts.data * (saturation + 1) / (counts.data + saturation * rows) * rarity[counts.indices]).astype(
        np.float32
    )
    return weights


@dataclass(frozen=True, slots=True)
class TfIdf:
    """Logarithmic tf-idf with rows of length one; stems of a single document are left out."""

    rarity: Floats
    kept: NDArray[np.int64]

    @classmethod
    def of(cls, counts: Matrix) -> TfIdf:
        """Learn how rare each stem is in a corpus."""
        holders = np.bincount(counts.indices, minlength=counts.shape[1])
        rarity = np.log(counts.shape[0] / np.maximum(holders, 1)).astype(np.float32)
        return cls(rarity, np.flatnonzero(holders > 1))

    def __call__(self, counts: Matrix) -> Matrix:
        """The weights of texts, one row each and one column for each stem kept."""
        weights = softened(counts)
        weights.data *= self.rarity[weights.indices]
        weights = weights[:, self.kept]
        lengths = np.sqrt(np.asarray(weights.multiply(weights).sum(1)).ravel())
        return (sparse.diags(1 / np.maximum(lengths, 1e-9)) @ weights).tocsr().astype(np.float32)
