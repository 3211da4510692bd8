"""The learned ranking: trained on projects of past half-years, each with an index of the time before it.

LightGBM with the objective of Bruch, "An alternative cross entropy loss for learning-to-rank" (WWW 2021), two seeds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from maillage.language import N_
from maillage.matching.partners.encoder import PartnerEncoder, semantic_words, train_encoder
from maillage.matching.partners.evidence import EvidenceProject, PartnerEvidence
from maillage.matching.partners.features import EncodedIndex, PartnerCandidates
from maillage.matching.partners.index import PastProjectIndex
from maillage.matching.partners.masked_texts import TEXT_FORMS, MaskedTexts
from maillage.matching.partners.terms import Floats

FORMAT_VERSION: Final = 1
"""Version of the saved files and of the learning; raised when either changes, so that older files are ignored."""

TOWERS: Final = 1
SEEDS: Final = (1, 2)
HALF_YEAR: Final = dt.timedelta(182)
HALF_YEARS: Final = 3
NEEDS_PER_HALF_YEAR: Final = 1_500
"""Needs to learn from in each half-year; a random sample if there are more."""

MIN_PARTNERS: Final = 3
"""Projects with fewer partners are left out: a grant to one laboratory or company is no search for partners."""

_LEARNING_STEP: Final = N_("learning")
_OTHER_CANDIDATES: Final = 200
_ROUNDS: Final = 250
_LIGHTGBM_SETTINGS: Final[dict[str, Any]] = {
    "objective": "rank_xendcg",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 200,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "num_threads": 2,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}

LearningProgress = Callable[[str, int, int], None]
RankedParties = list[tuple[str, float]]


@dataclass(frozen=True)
class PartnerRanker:
    """Ranks the parties of an index for needs. Without boosters (too little data) the order of candidates decides."""

    reader: EncodedIndex
    boosters: tuple[Any, ...]

    def rank(self, texts: Sequence[str], limit: int = 100) -> Iterator[RankedParties]:
        """For each need, in English, at most `limit` parties by key with their score, best first."""
        for candidates in self.reader.candidates(texts):
            order, scores = self.order(candidates)
            chosen = order[:limit]
            keys = (self.reader.index.parties[candidates.columns[position]] for position in chosen)
            yield list(zip(keys, scores[chosen].tolist(), strict=True))

    def order(self, candidates: PartnerCandidates) -> tuple[Any, Floats]:
        """The positions of candidates, best first, and the score of each position."""
        if self.boosters:
            total = sum(booster.predict(candidates.values, num_threads=1) for booster in self.boosters)
            scores = total / len(self.boosters)
        else:
            scores = -np.arange(len(candidates.columns), dtype=np.float32)
        return np.argsort(-scores, kind="stable"), scores

    def save(self, path: Path) -> None:
        """Save boosters and encoders atomically."""
        models = [booster.model_to_string() for booster in self.boosters]
        parts: dict[str, Any] = {"boosters": np.array(models, np.str_)}
        for number, tower in enumerate(self.reader.towers):
            parts |= {f"{name}{number}": getattr(tower, name) for name in ("words", "parties", "bias", "columns")}
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        with draft.open("wb") as file:
            np.savez(file, **parts)
        draft.replace(path)

    @classmethod
    def load(cls, path: Path, evidence: PartnerEvidence) -> PartnerRanker:
        """Load a saved ranker; `evidence` must be that from which it was learned."""
        import lightgbm

        with np.load(path) as parts:
            names = ("words", "parties", "bias", "columns")
            towers = [PartnerEncoder(*(parts[f"{name}{number}"] for name in names)) for number in range(TOWERS)]
            boosters = tuple(lightgbm.Booster(model_str=str(text)) for text in parts["boosters"])
        return cls(EncodedIndex.of(PastProjectIndex.of(evidence), towers), boosters)


def load_or_learn_ranker(evidence: PartnerEvidence, folder: Path, tell: LearningProgress) -> PartnerRanker:
    """The ranker for evidence: learned once, then loaded from `folder`. Older files there are removed."""
    path = folder / f"partners-{FORMAT_VERSION}-{evidence.fingerprint[:32]}.npz"
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
    groups: list[_TrainingGroup] = []
    for number, (before, until) in enumerate(pairwise(days)):
        tell(_LEARNING_STEP, number, HALF_YEARS + 1)
        groups += _training_groups(evidence, statements, before, until)
    tell(_LEARNING_STEP, HALF_YEARS, HALF_YEARS + 1)
    boosters = _boosters(groups)
    reader = encode_evidence(evidence, statements)
    tell(_LEARNING_STEP, HALF_YEARS + 1, HALF_YEARS + 1)
    return PartnerRanker(reader, boosters)


def encode_evidence(evidence: PartnerEvidence, statements: MaskedTexts, towers: int = TOWERS) -> EncodedIndex:
    """Index evidence and learn encoders from it."""
    index = PastProjectIndex.of(evidence)
    weights = index.tfidf(index.counts)
    texts_by_form = ([statements.text(project, form) for project in evidence.projects] for form in TEXT_FORMS)
    readings = [weights, *(index.tfidf(index.terms.count(texts)) for texts in texts_by_form)]
    start = semantic_words(weights)
    return EncodedIndex.of(
        index, [train_encoder(readings, index.taken, index.together, start, seed) for seed in range(1, towers + 1)]
    )


@dataclass(frozen=True, slots=True)
class _TrainingGroup:
    """Candidates for one need: their features, which of them took part, and the names of the features."""

    values: Floats
    right: Any
    names: tuple[str, ...]


def _training_groups(
    evidence: PartnerEvidence, statements: MaskedTexts, before: dt.date, until: dt.date
) -> Iterator[_TrainingGroup]:
    known = evidence.until(before)
    projects = answerable_projects(evidence.between(before, until), known)
    if not projects:
        return
    random = np.random.default_rng(before.toordinal())
    if len(projects) > NEEDS_PER_HALF_YEAR:
        projects = [
            projects[number] for number in sorted(random.choice(len(projects), NEEDS_PER_HALF_YEAR, replace=False))
        ]
    reader = encode_evidence(known, statements)
    relevant = [reader.index.columns(project) for project in projects]
    for form in TEXT_FORMS:
        texts = [statements.text(project, form) for project in projects]
        for candidates, columns in zip(reader.candidates(texts), relevant, strict=True):
            yield _training_group(candidates, columns, random)


def answerable_projects(projects: Sequence[EvidenceProject], known: PartnerEvidence) -> list[EvidenceProject]:
    """The projects with `MIN_PARTNERS` partners or more, at least one of which is in an earlier project."""
    parties = {key for project in known.projects for key, _role in project.parties}
    return [
        project
        for project in projects
        if len(project.parties) >= MIN_PARTNERS and any(key in parties for key, _role in project.parties)
    ]


def _training_group(candidates: PartnerCandidates, relevant: Any, random: np.random.Generator) -> _TrainingGroup:
    """All candidates that took part, and a random sample of the others."""
    took_part = np.isin(candidates.columns, relevant)
    others = np.flatnonzero(~took_part)
    sample = random.choice(others, min(_OTHER_CANDIDATES, len(others)), replace=False)
    rows = np.concatenate([np.flatnonzero(took_part), sample])
    return _TrainingGroup(candidates.values[rows], took_part[rows], candidates.names)


def _boosters(groups: Sequence[_TrainingGroup]) -> tuple[Any, ...]:
    if not groups:
        return ()
    import lightgbm

    values = np.concatenate([group.values for group in groups])
    relevant = np.concatenate([group.right for group in groups]).astype(np.int8)
    sizes = [len(group.right) for group in groups]
    names = [name.replace(" ", "_") for name in groups[0].names]
    return tuple(
        lightgbm.train(
            {**_LIGHTGBM_SETTINGS, "seed": seed},
            lightgbm.Dataset(values, relevant, group=sizes, feature_name=names, params={"verbose": -1}),
            _ROUNDS,
        )
        for seed in SEEDS
    )
