"""Evaluation of rankings of laboratories: on needs of some years, each ranked with what was known before its year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from maillage.language import N_
from maillage.matching.laboratories.evidence import AnsweredNeed, LaboratoryEvidence
from maillage.matching.laboratories.features import NeedFeatures, dense
from maillage.matching.laboratories.index import LaboratoryIndex, Translate, label_text
from maillage.matching.laboratories.learning import Progress, needs_by_year
from maillage.matching.laboratories.ranker import LaboratoryRanker
from maillage.matching.laboratories.weights import Weights
from maillage.matching.partners.evidence import KnownParty
from maillage.matching.partners.masked_texts import name_masker
from maillage.matching.partners.metrics import Estimate, bootstrap_interval
from maillage.matching.partners.terms import Floats, bm25, softened

METRIC_NAMES: Final = ("hit@1", "hit@10", "hit@50", "MRR")
ALL_YEARS: Final = N_("all")
WHOLE_REGISTER: Final = N_("whole register")
KNOWN_LABORATORIES: Final = N_("laboratories of any need")
LEARNED: Final = N_("learned")
WITHOUT_ASKER: Final = N_("learned, without who asks")
_DEPTHS: Final = (1, 10, 50)

Values = NDArray[np.float64]
Scores = Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """The measures of one ranking over the needs of a year, or of all, among some candidates."""

    candidates: str
    ranking: str
    year: str
    needs: int
    estimates: tuple[Estimate, ...]


def evaluate_laboratories(
    evidence: LaboratoryEvidence,
    years: Sequence[int],
    translate: Translate,
    weights: Weights | None = None,
    tell: Progress = lambda _done, _all: None,
    *,
    past_needs: bool = True,
) -> Iterator[EvaluationRow]:
    """Measure every ranking on the needs of some years, among the whole register and among `known_laboratories`.

    Without `past_needs` the rankings know none, as on pages. A need with no right laboratory in the register counts
    as one that was not found. Raises ValueError if there is no need of these years.
    """
    needs = needs_by_year(evidence, years)
    if not needs:
        raise ValueError("There must be needs of these years.")
    known = known_laboratories(evidence)
    read = evidence if past_needs else replace(evidence, needs=())
    measured: dict[tuple[str, str], dict[int, list[tuple[float, ...]]]] = {}
    for number, (year, of_year) in enumerate(needs.items()):
        tell(number, len(needs))
        trial = _Trial.of(LaboratoryRanker.of(read, year, translate, weights), known)
        for need in of_year:
            for place, values in trial.measures(need):
                measured.setdefault(place, {}).setdefault(year, []).append(values)
    for (candidates, ranking), by_year in measured.items():
        yield from _rows(candidates, ranking, by_year)


def known_laboratories(evidence: LaboratoryEvidence) -> frozenset[str]:
    """The laboratories that are right for any need, of whatever year: a smaller field, chosen with hindsight."""
    return frozenset(key for need in evidence.needs for key in need.laboratories)


def without_names(evidence: LaboratoryEvidence, need: AnsweredNeed) -> AnsweredNeed:
    """The need without the names, acronyms and towns of its right laboratories and of the bodies above them."""
    laboratories = [laboratory for laboratory in evidence.laboratories if laboratory.key in need.laboratories]
    names = [KnownParty(lab.key, lab.label, lab.acronym, lab.town) for lab in laboratories]
    names += [KnownParty("", name) for lab in laboratories for name in (*lab.supervisors, *lab.supervisor_acronyms)]
    return replace(need, text=name_masker(names)(need.text)) if names else need


@dataclass(frozen=True)
class _Trial:
    """The rankings of a year."""

    ranker: LaboratoryRanker
    known: NDArray[np.bool_]
    baselines: Mapping[str, Callable[[NeedFeatures], Floats]]

    @classmethod
    def of(cls, ranker: LaboratoryRanker, known: frozenset[str]) -> _Trial:
        is_known = np.array([laboratory.key in known for laboratory in ranker.index.laboratories])
        return cls(ranker, is_known, _baselines(ranker.index, ranker.translate))

    def measures(self, need: AnsweredNeed) -> Iterator[tuple[tuple[str, str], tuple[float, ...]]]:
        """The measures of each ranking, by candidates and name of the ranking."""
        index = self.ranker.index
        right = index.columns_of(need.laboratories)
        features = NeedFeatures.of(index, need.text, need.asker, self.ranker.translate)
        for name, scores in self._scores(features).items():
            for candidates, among in ((WHOLE_REGISTER, np.ones_like(self.known)), (KNOWN_LABORATORIES, self.known)):
                yield (candidates, name), _measures(np.where(among, scores, -np.inf), right)

    def _scores(self, features: NeedFeatures) -> dict[str, Floats]:
        return {
            LEARNED: self.ranker.scores(features),
            WITHOUT_ASKER: self.ranker.scores(features, use_asker=False),
        } | {name: score(features) for name, score in self.baselines.items()}


def _baselines(index: LaboratoryIndex, translate: Translate) -> dict[str, Callable[[NeedFeatures], Floats]]:
    """BM25 (k1 1.2, b 0.75) on labels, and on all that is known of a laboratory, each alone and within the region."""
    labels = bm25(index.terms.count(translate(label_text(lab)) for lab in index.laboratories), 1.2, 0.75)
    texts = {
        N_("BM25 on labels"): lambda features: dense(labels @ softened(features.counts).T),
        N_("BM25 on profiles"): lambda features: features.profile,
    }
    return texts | {
        N_("BM25 on profiles, region first"): lambda features: features.profile + 1e6 * features.of_asker()["region"]
    }


def _measures(scores: Floats, right: NDArray[np.int64]) -> tuple[float, ...]:
    """Whether the best right laboratory is among the first, at each depth, and 1 over its rank; equals share places."""
    if not len(right) or not np.isfinite(scores[right]).any():
        return (0.0,) * len(METRIC_NAMES)
    best = scores[right].max()
    rank = 1 + int((scores > best).sum()) + (int((scores == best).sum()) - 1) // 2
    return (*(float(rank <= depth) for depth in _DEPTHS), 1 / rank)


def _rows(candidates: str, ranking: str, by_year: Mapping[int, list[tuple[float, ...]]]) -> Iterator[EvaluationRow]:
    everything = [values for of_year in by_year.values() for values in of_year]
    yield _row(candidates, ranking, ALL_YEARS, everything)
    for year, of_year in by_year.items():
        yield _row(candidates, ranking, str(year), of_year)


def _row(candidates: str, ranking: str, year: str, values: Iterable[tuple[float, ...]]) -> EvaluationRow:
    table = np.array(list(values), np.float64)
    estimates = tuple(bootstrap_interval(table[:, metric]) for metric in range(len(METRIC_NAMES)))
    return EvaluationRow(candidates, ranking, year, len(table), estimates)
