"""Baseline rankings for the learned one: popularity, and BM25 on profiles or on projects that vote."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from maillage.language import N_
from maillage.matching.partners.features import NEEDS_PER_BATCH, nearest_projects, top_positions
from maillage.matching.partners.index import PastProjectIndex
from maillage.matching.partners.metrics import Ranking
from maillage.matching.partners.terms import Floats, Matrix, bm25

VOTE_SYSTEM: Final = N_("BM25 on projects, vote")
_SATURATION, _CORRECTION, _NEAREST = 1.2, 0.75, 100
RankingFunction = Callable[[Sequence[str], int], Iterator[Ranking]]


@dataclass(frozen=True)
class BaselineRankings:
    """The baseline rankings of an index; each returns, for needs and a depth, columns of the index, best first."""

    index: PastProjectIndex
    projects: Matrix
    profiles: Matrix

    @classmethod
    def of(cls, index: PastProjectIndex) -> BaselineRankings:
        """Weight projects and profiles by BM25 (k1 1.2, b 0.75)."""
        texts = (f"{project.title} {project.objective} {project.keywords}" for project in index.evidence.projects)
        counts = index.terms.count(texts)
        profiles = (index.taken.T @ counts).tocsr()
        return cls(index, bm25(counts, _SATURATION, _CORRECTION), bm25(profiles, _SATURATION, _CORRECTION))

    def systems(self) -> dict[str, RankingFunction]:
        """The rankings by name."""
        return {
            N_("popularity"): self._popularity,
            N_("BM25 on profiles"): lambda texts, depth: self._ranked(texts, depth, self._profiles),
            VOTE_SYSTEM: lambda texts, depth: self._ranked(texts, depth, self._vote),
        }

    def _popularity(self, texts: Sequence[str], depth: int) -> Iterator[Ranking]:
        order = top_positions(self.index.popularity, depth)
        yield from (order for _text in texts)

    def _ranked(self, texts: Sequence[str], depth: int, score: Callable[[Matrix], Floats]) -> Iterator[Ranking]:
        for first in range(0, len(texts), NEEDS_PER_BATCH):
            words = self.index.terms.count(texts[first : first + NEEDS_PER_BATCH])
            words.data[:] = 1
            yield from (top_positions(row, depth) for row in score(words))

    def _profiles(self, words: Matrix) -> Floats:
        scores: Floats = (words @ self.profiles.T).toarray()
        return scores

    def _vote(self, words: Matrix) -> Floats:
        near = (words @ self.projects.T).toarray()
        scores: Floats = np.asarray((nearest_projects(near, _NEAREST, 1) @ self.index.taken).toarray())
        return scores
