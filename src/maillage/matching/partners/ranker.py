"""The learned ranking: trained on what was signed in the half-years before, each seen from an index of the time.

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
"""Of what is saved and how it is learned; raised when either changes, so that older files are left alone."""

TOWERS: Final = 1
SEEDS: Final = (1, 2)
HALF_YEAR: Final = dt.timedelta(182)
HALF_YEARS: Final = 3
NEEDS_PER_HALF_YEAR: Final = 1_500
"""Needs learned from in each half-year, taken at random where there are more."""

MIN_PARTNERS: Final = 3
"""A project of fewer partners is no answer to a search for partners: a grant to one laboratory, or to one company."""

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
    """Ranks the parties of its index for needs. Without boosters (too little to learn from) the first score decides."""

    reader: EncodedIndex
    boosters: tuple[Any, ...]

    def rank(self, texts: Sequence[str], limit: int = 100) -> Iterator[RankedParties]:
        """For each need, in English, at most `limit` parties by key with their score, best first."""
        for candidates in self.reader.candidates(texts):
            order, scores = self.order(candidates)
            chosen = order[:limit]
            keys = (self.reader.index.parties[candidates.columns[place]] for place in chosen)
            yield list(zip(keys, scores[chosen].tolist(), strict=True))

    def order(self, candidates: PartnerCandidates) -> tuple[Any, Floats]:
        """The positions of candidates, best first, and the score of each position."""
        if self.boosters:
            scores = sum(one.predict(candidates.values, num_threads=1) for one in self.boosters) / len(self.boosters)
        else:
            scores = -np.arange(len(candidates.columns), dtype=np.float32)
        return np.argsort(-scores, kind="stable"), scores

    def save(self, path: Path) -> None:
        """Write what was learned, whole or not at all."""
        parts: dict[str, Any] = {"boosters": np.array([one.model_to_string() for one in self.boosters], np.str_)}
        for number, tower in enumerate(self.reader.towers):
            parts |= {f"{name}{number}": getattr(tower, name) for name in ("words", "parties", "bias", "columns")}
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        with draft.open("wb") as file:
            np.savez(file, **parts)
        draft.replace(path)

    @classmethod
    def load(cls, path: Path, evidence: PartnerEvidence) -> PartnerRanker:
        """What `save` wrote, for the evidence that it was learned from."""
        import lightgbm

        with np.load(path) as parts:
            names = ("words", "parties", "bias", "columns")
            towers = [PartnerEncoder(*(parts[f"{name}{number}"] for name in names)) for number in range(TOWERS)]
            boosters = tuple(lightgbm.Booster(model_str=str(one)) for one in parts["boosters"])
        return cls(EncodedIndex.of(PastProjectIndex.of(evidence), towers), boosters)


def load_or_learn_ranker(evidence: PartnerEvidence, folder: Path, tell: LearningProgress) -> PartnerRanker:
    """The ranking for some evidence: learned once, then read from `folder`. Earlier ones there are removed."""
    path = folder / f"partners-{FORMAT_VERSION}-{evidence.fingerprint[:32]}.npz"
    if path.exists():
        return PartnerRanker.load(path, evidence)
    learned = learn_ranker(evidence, tell)
    for old in folder.glob("partners-*.npz"):
        old.unlink()
    learned.save(path)
    return learned


def learn_ranker(evidence: PartnerEvidence, tell: LearningProgress = lambda _what, _done, _all: None) -> PartnerRanker:
    """Learn to rank from evidence alone; the same evidence gives the same ranking on the same machine."""
    statements = MaskedTexts(evidence)
    last = evidence.projects[-1].signed_on
    days = [last - HALF_YEAR * number for number in range(HALF_YEARS, -1, -1)]
    lessons: list[_TrainingGroup] = []
    for number, (before, until) in enumerate(pairwise(days)):
        tell(_LEARNING_STEP, number, HALF_YEARS + 1)
        lessons += _training_groups(evidence, statements, before, until)
    tell(_LEARNING_STEP, HALF_YEARS, HALF_YEARS + 1)
    boosters = _boosters(lessons)
    reader = encode_evidence(evidence, statements)
    tell(_LEARNING_STEP, HALF_YEARS + 1, HALF_YEARS + 1)
    return PartnerRanker(reader, boosters)


def encode_evidence(evidence: PartnerEvidence, statements: MaskedTexts, towers: int = TOWERS) -> EncodedIndex:
    """Index evidence and learn the encoders of its words."""
    index = PastProjectIndex.of(evidence)
    whole = index.tfidf(index.counts)
    told = ([statements.text(project, form) for project in evidence.projects] for form in TEXT_FORMS)
    readings = [whole, *(index.tfidf(index.terms.count(texts)) for texts in told)]
    start = semantic_words(whole)
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
    chance = np.random.default_rng(before.toordinal())
    if len(projects) > NEEDS_PER_HALF_YEAR:
        projects = [
            projects[place] for place in sorted(chance.choice(len(projects), NEEDS_PER_HALF_YEAR, replace=False))
        ]
    reader = encode_evidence(known, statements)
    right = [reader.index.columns(project) for project in projects]
    for form in TEXT_FORMS:
        texts = [statements.text(project, form) for project in projects]
        for candidates, columns in zip(reader.candidates(texts), right, strict=True):
            yield _training_group(candidates, columns, chance)


def answerable_projects(projects: Sequence[EvidenceProject], known: PartnerEvidence) -> list[EvidenceProject]:
    """The projects of several partners of which one at least had taken part in a project before."""
    parties = {key for project in known.projects for key, _role in project.parties}
    return [
        project
        for project in projects
        if len(project.parties) >= MIN_PARTNERS and any(key in parties for key, _role in project.parties)
    ]


def _training_group(candidates: PartnerCandidates, right: Any, chance: np.random.Generator) -> _TrainingGroup:
    """All candidates that took part, and some of the others."""
    took_part = np.isin(candidates.columns, right)
    others = np.flatnonzero(~took_part)
    some = chance.choice(others, min(_OTHER_CANDIDATES, len(others)), replace=False)
    rows = np.concatenate([np.flatnonzero(took_part), some])
    return _TrainingGroup(candidates.values[rows], took_part[rows], candidates.names)


def _boosters(lessons: Sequence[_TrainingGroup]) -> tuple[Any, ...]:
    if not lessons:
        return ()
    import lightgbm

    values = np.concatenate([lesson.values for lesson in lessons])
    right = np.concatenate([lesson.right for lesson in lessons]).astype(np.int8)
    sizes = [len(lesson.right) for lesson in lessons]
    names = [name.replace(" ", "_") for name in lessons[0].names]
    return tuple(
        lightgbm.train(
            {**_LIGHTGBM_SETTINGS, "seed": seed},
            lightgbm.Dataset(values, right, group=sizes, feature_name=names, params={"verbose": -1}),
            _ROUNDS,
        )
        for seed in SEEDS
    )
