"""The learned ranking: trained on projects of past half-years, each with an index of the time before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from maillage.language import N_
from maillage.matching.partners.encoder import PartnerEncoder
from maillage.matching.partners.evidence import PartnerEvidence
from maillage.matching.partners.features import EncodedIndex, PartnerCandidates
from maillage.matching.partners.index import PastProjectIndex
from maillage.matching.partners.length_models import (
    LengthModel,
    LengthModels,
    learn_length_models,
    learn_one_model,
    model_for,
)
from maillage.matching.partners.masked_texts import MaskedTexts
from maillage.matching.partners.members import Columns
from maillage.matching.partners.terms import Floats
from maillage.matching.partners.training import TOWERS, TrainingGroup, encode_evidence, training_groups

FORMAT_VERSION: Final = 3
"""Version of the saved files and of the learning; raised when either changes, so that older files are ignored."""

HALF_YEAR: Final = dt.timedelta(182)
HALF_YEARS: Final = 2
"""Half-years before the last signature of which the needs are learned from, each with the index of its first day."""

FREE_PLACES: Final = 10
SINGLE_EVERY: Final = 10
"""After the first `FREE_PLACES`, one place of so many goes to the likeliest party of a single project."""

_LEARNING_STEP: Final = N_("learning")
_TOWER_PARTS: Final = ("words", "parties", "bias", "columns")

LearningProgress = Callable[[str, int, int], None]
RankedParties = list[tuple[str, float]]


@dataclass(frozen=True)
class PartnerRanker:
    """Ranks the parties of an index for needs. Without models (too little data) the order of candidates decides.

    `completing` are the models for needs of which some members are known.
    """

    reader: EncodedIndex
    models: LengthModels = field(default_factory=dict)
    completing: LengthModels = field(default_factory=dict)

    def rank(
        self, texts: Sequence[str], limit: int = 100, members: Sequence[Sequence[str]] | None = None
    ) -> Iterator[RankedParties]:
        """For each need, in English, at most `limit` parties by key with their score, best first.

        `members` are, for each need, the keys of parties that take part already; the others are ranked to join them.
        """
        for candidates in self._candidates(texts, members):
            order, scores = self.order(candidates)
            chosen = order[:limit]
            keys = (self.reader.index.parties[candidates.columns[position]] for position in chosen)
            yield list(zip(keys, scores[chosen].tolist(), strict=True))

    def _candidates(self, texts: Sequence[str], members: Sequence[Sequence[str]] | None) -> Iterator[PartnerCandidates]:
        """Candidates for each need; needs without known members are read as if none had been asked for."""
        known = [self.reader.index.columns_of(keys) for keys in members or ()]
        if not any(len(columns) for columns in known):
            yield from self.reader.candidates(texts)
            return
        for (plain, completing), columns in zip(
            self.reader.candidates_and_completing(texts, known), known, strict=True
        ):
            yield completing if len(columns) else plain

    def order(self, candidates: PartnerCandidates) -> tuple[Columns, Floats]:
        """The positions of candidates, best first, and the score of each position.

        Without known members places are kept for parties of a single project; scores fall from place to place.
        """
        order, scores = self.likeliest(candidates)
        if candidates.completes:
            return order, scores
        order = with_single_projects(order, candidates.single)
        placed = np.empty_like(scores)
        placed[order] = -np.sort(-scores)
        return order, placed

    def likeliest(self, candidates: PartnerCandidates) -> tuple[Columns, Floats]:
        """The positions of candidates, the likeliest first, and the score of each position; no places are kept."""
        models = self.completing if candidates.completes else self.models
        if not models:
            scores = -np.arange(len(candidates.columns), dtype=np.float32)
            return np.arange(len(scores)), scores
        scores = model_for(models, candidates.length).scores(candidates)
        return np.argsort(-scores, kind="stable"), scores

    def save(self, path: Path) -> None:
        """Save models and encoders atomically."""
        parts: dict[str, Any] = {}  # Any: the library takes arrays and options by name alike
        for name in ("models", "completing"):
            for length, model in getattr(self, name).items():
                parts[f"{name} {length} booster"] = np.array(model.booster.model_to_string(), np.str_)
                if model.weights is not None:
                    parts[f"{name} {length} weights"] = model.weights
        for number, tower in enumerate(self.reader.towers):
            parts |= {f"{name}{number}": getattr(tower, name) for name in _TOWER_PARTS}
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        with draft.open("wb") as file:
            np.savez(file, **parts)
        draft.replace(path)

    @classmethod
    def load(cls, path: Path, evidence: PartnerEvidence) -> PartnerRanker:
        """Load a saved ranker; `evidence` must be that from which it was learned."""
        with np.load(path) as parts:
            towers = [PartnerEncoder(*(parts[f"{name}{number}"] for name in _TOWER_PARTS)) for number in range(TOWERS)]
            models, completing = (_loaded_models(parts, name) for name in ("models", "completing"))
        return cls(EncodedIndex.of(PastProjectIndex.of(evidence), towers), models, completing)


def _loaded_models(parts: Mapping[str, Floats], name: str) -> LengthModels:
    import lightgbm

    lengths = sorted(int(key.split()[1]) for key in parts if key.startswith(f"{name} ") and key.endswith(" booster"))
    return {
        length: LengthModel(
            lightgbm.Booster(model_str=str(parts[f"{name} {length} booster"])), parts.get(f"{name} {length} weights")
        )
        for length in lengths
    }


def with_single_projects(order: Columns, single: NDArray[np.bool_]) -> Columns:
    """The same positions, with places kept for parties of a single project (`single`, by position).

    They are the smaller part of those who take part, and the larger part of all parties: a ranking by likelihood alone
    shows almost none of them among the first hundred. The first places are not touched.
    """
    head, rest = order[:FREE_PLACES], order[FREE_PLACES:]
    is_single = single[rest]
    others_before: NDArray[np.int64] = np.cumsum(~is_single) - ~is_single
    places: NDArray[np.float64] = others_before.astype(np.float64)
    most_before = (SINGLE_EVERY - 1) * np.arange(1, is_single.sum() + 1)
    places[is_single] = np.minimum(others_before[is_single], most_before) - 0.5
    return np.concatenate([head, rest[np.argsort(places, kind="stable")]])


def ranker_path(folder: Path, evidence: PartnerEvidence) -> Path:
    """The file in a folder of what is learned from evidence."""
    return folder / f"partners-{FORMAT_VERSION}-{evidence.fingerprint[:32]}.npz"


def load_or_learn_ranker(evidence: PartnerEvidence, folder: Path, tell: LearningProgress) -> PartnerRanker:
    """The ranker for evidence: learned once, then loaded from `folder`. Older files there are removed."""
    path = ranker_path(folder, evidence)
    if path.exists():
        return PartnerRanker.load(path, evidence)
    ranker = learn_ranker(evidence, tell)
    for old_file in folder.glob("partners-*.npz"):
        old_file.unlink()
    ranker.save(path)
    return ranker


def learn_ranker(evidence: PartnerEvidence, tell: LearningProgress = lambda _what, _done, _all: None) -> PartnerRanker:
    """Learn to rank from evidence alone; the same evidence gives the same ranking on the same machine."""
    statements = MaskedTexts(evidence)
    last = evidence.projects[-1].signed_on
    days = [last - HALF_YEAR * number for number in range(HALF_YEARS, -1, -1)]
    groups: list[tuple[TrainingGroup, TrainingGroup]] = []
    for number, (before, until) in enumerate(pairwise(days)):
        tell(_LEARNING_STEP, number, HALF_YEARS + 1)
        groups += training_groups(evidence, statements, before, until)
    tell(_LEARNING_STEP, HALF_YEARS, HALF_YEARS + 1)
    models = learn_length_models([plain for plain, _completing in groups])
    completing = learn_one_model([completing for _plain, completing in groups])
    reader = encode_evidence(evidence, statements)
    tell(_LEARNING_STEP, HALF_YEARS + 1, HALF_YEARS + 1)
    return PartnerRanker(reader, models, completing)
