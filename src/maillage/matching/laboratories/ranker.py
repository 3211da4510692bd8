"""The ranking of laboratories for a need: a weighted sum of features, with the reasons of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.matching.laboratories.evidence import NOBODY, Asker, Laboratory, LaboratoryEvidence
from maillage.matching.laboratories.features import NeedFeatures
from maillage.matching.laboratories.index import LaboratoryIndex, Translate
from maillage.matching.laboratories.reasons import Reason, ReasonFinder
from maillage.matching.laboratories.weights import SET_WEIGHTS, WEIGHTS, WEIGHTS_WITHOUT_NEEDS, Weights
from maillage.matching.partners.features import top_positions
from maillage.matching.partners.terms import Floats


@dataclass(frozen=True, slots=True)
class RankedLaboratory:
    """A laboratory with its score and the reasons for it."""

    laboratory: Laboratory
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class LaboratoryRanker:
    """Ranks the laboratories of an index. Texts are French or English; `translate` puts them into English words."""

    index: LaboratoryIndex
    translate: Translate
    weights: Weights

    @classmethod
    def of(
        cls, evidence: LaboratoryEvidence, year: int, translate: Translate, weights: Weights | None = None
    ) -> LaboratoryRanker:
        """The ranker of a year, which knows what was known before it; other `weights` than ours may be given."""
        known = evidence.before(year)
        if weights is None:
            weights = WEIGHTS if known.needs else WEIGHTS_WITHOUT_NEEDS
        return cls(LaboratoryIndex.of(known, year, translate), translate, {**SET_WEIGHTS, **weights})

    def rank(
        self,
        text: str,
        asker: Asker = NOBODY,
        limit: int = 100,
        among: NDArray[np.bool_] | None = None,
        *,
        sharing: bool = False,
    ) -> list[tuple[str, float]]:
        """At most `limit` laboratories by key with their score, best first; `among` (by column) chooses candidates.

        With `sharing`, only those whose profile shares a word with the need.
        """
        features = NeedFeatures.of(self.index, text, asker, self.translate)
        among = _sharing(features, among) if sharing else among
        return [
            (self.index.laboratories[column].key, score) for column, score in self._best(features, limit, among, True)
        ]

    def explain(
        self,
        text: str,
        asker: Asker = NOBODY,
        limit: int = 10,
        *,
        use_asker: bool = True,
        among: NDArray[np.bool_] | None = None,
    ) -> list[RankedLaboratory]:
        """The first laboratories whose profile shares a word with the need, with their reasons; `among` as in `rank`.

        Without `use_asker` it does not matter who asks.
        """
        features = NeedFeatures.of(self.index, text, asker, self.translate)
        finder = ReasonFinder(features, text, self.translate, use_asker)
        return [
            RankedLaboratory(self.index.laboratories[column], score, finder.reasons(column))
            for column, score in self._best(features, limit, _sharing(features, among), use_asker)
        ]

    def scores(self, features: NeedFeatures, *, use_asker: bool = True) -> Floats:
        """The score of each laboratory of the index."""
        values = features.of_text() | features.of_laboratories() | (features.of_asker() if use_asker else {})
        total: Floats = np.zeros(len(self.index.laboratories), np.float32)
        for name, feature in values.items():
            total += self.weights.get(name, 0) * feature
        return total

    def _best(
        self, features: NeedFeatures, limit: int, among: NDArray[np.bool_] | None, use_asker: bool
    ) -> list[tuple[int, float]]:
        scores = self.scores(features, use_asker=use_asker)
        if among is not None:
            scores = np.where(among, scores, -np.inf)
        return [
            (int(column), float(scores[column])) for column in top_positions(scores, limit) if scores[column] > -np.inf
        ]


def _sharing(features: NeedFeatures, among: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    """The laboratories, of some (by column), whose profile shares a word with the need."""
    sharing: NDArray[np.bool_] = features.profile > 0
    return sharing if among is None else among & sharing
