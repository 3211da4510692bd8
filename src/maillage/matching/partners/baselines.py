"""Baseline rankings for the learned one: popularity, and BM25 on profiles or on projects that vote."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from maillage.language import N_
from maillage.matching.partners.features import NEEDS_PER_BATCH, nearest_projects, top_positions
from maillage.matching.partners.index import PastProjectIndex
from maillage.matching.partners.metrics import Ranking
from maillage.matching.partners.terms import Floats, Matrix, bm25, softened

_SATURATION, _CORRECTION, _NEAREST = 1.2, 0.75, 200
RankingFunction = Callable[[Sequence[str], int], Iterator[Ranking]]


@dataclass(frozen=True)
class BaselineRankings:
    """The baseline rankings of an index; each returns, for needs and a depth, columns of the index, best first."""

    index: PastProjectIndex
    profiles: Matrix

    @classmethod
    def of(cls, index: PastProjectIndex) -> BaselineRankings:
        """Weigh profiles by BM25 (k1 1.2, b 0.75), each word of a project once, as the index does with projects."""
        texts = (
            f"{project.title} {project.topic_title} {project.keywords} {project.objective}"
            for project in index.evidence.projects
        )
        profiles = (index.taken.T @ index.terms.count(texts)).tocsr()
        return cls(index, bm25(profiles, _SATURATION, _CORRECTION))

    def systems(self) -> dict[str, RankingFunction]:
        """The rankings by name: the vote of the pages, and one that counts titles, key words and topics twice."""
        return {
            N_("popularity"): self._popularity,
            N_("BM25 on profiles"): self._ranked(lambda words: _dense(words @ self.profiles.T)),
            N_("BM25 on projects, vote (s⁴)"): self._ranked(lambda words: self._vote(words, self.index.plain, 4)),
            N_("BM25 on enriched projects, vote (s³)"): self._ranked(
                lambda words: self._vote(words, self.index.texts, 3)
            ),
        }

    def _popularity(self, texts: Sequence[str], depth: int) -> Iterator[Ranking]:
        order = top_positions(self.index.popularity, depth)
        yield from (order for _text in texts)

    def _ranked(self, score: Callable[[Matrix], Floats]) -> RankingFunction:
        def rank(texts: Sequence[str], depth: int) -> Iterator[Ranking]:
            for first in range(0, len(texts), NEEDS_PER_BATCH):
                words = softened(self.index.terms.count(texts[first : first + NEEDS_PER_BATCH]))
                yield from (top_positions(row, depth) for row in score(words))

        return rank

    def _vote(self, words: Matrix, projects: Matrix, exponent: float) -> Floats:
        near = nearest_projects(_dense(words @ projects.T), _NEAREST, exponent)
        return _dense(near @ self.index.taken)


def _dense(matrix: Matrix) -> Floats:
    scores: Floats = np.asarray(matrix.toarray())
    return scores
