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
from maillage.matching.partners.evidence import Evidence, PastProject
from maillage.matching.partners.features import Candidates, Reader
from maillage.matching.partners.index import PastIndex
from maillage.matching.partners.masking import FORMS, Statements
from maillage.matching.partners.terms import Floats
from maillage.matching.partners.tower import Tower, semantic_words, train

FORM: Final = 1
"""Of what is saved and how it is learned; raised when either changes, so that older files are left alone."""

TOWERS: Final = 1
SEEDS: Final = (1, 2)
HALF_YEAR: Final = dt.timedelta(182)
HALF_YEARS: Final = 3
NEEDS: Final = 1_500
"""Needs learned from in each half-year, taken at random where there are more."""

PARTNERS: Final = 3
"""A project of fewer partners is no answer to a search for partners: a grant to one laboratory, or to one company."""

_LEARNING: Final = N_("learning")
_OTHERS: Final = 200
_ROUNDS: Final = 250
_LIGHTGBM: Final[dict[str, Any]] = {
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

Tell = Callable[[str, int, int], None]
Ranked = list[tuple[str, float]]


@dataclass(frozen=True)
class Ranker:
    """Ranks the parties of its index for needs. Without boosters (too little to learn from) the first score decides."""

    reader: Reader
    boosters: tuple[Any, ...]

    def rank(self, texts: Sequence[str], limit: int = 100) -> Iterator[Ranked]:
        """For each need, in English, at most `limit` parties by key with their score, best first."""
        for candidates in self.reader.candidates(texts):
            order, scores = self.order(candidates)
            chosen = order[:limit]
            keys = (self.reader.index.parties[candidates.columns[place]] for place in chosen)
            yield list(zip(keys, scores[chosen].tolist(), strict=True))

    def order(self, candidates: Candidates) -> tuple[Any, Floats]:
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
    def load(cls, path: Path, evidence: Evidence) -> Ranker:
        """What `save` wrote, for the evidence that it was learned from."""
        import lightgbm

        with np.load(path) as parts:
            names = ("words", "parties", "bias", "columns")
            towers = [Tower(*(parts[f"{name}{number}"] for name in names)) for number in range(TOWERS)]
            boosters = tuple(lightgbm.Booster(model_str=str(one)) for one in parts["boosters"])
        return cls(Reader.of(PastIndex.of(evidence), towers), boosters)


def ranker(evidence: Evidence, folder: Path, tell: Tell) -> Ranker:
    """The ranking for some evidence: learned once, then read from `folder`. Earlier ones there are removed."""
    path = folder / f"partners-{FORM}-{evidence.fingerprint[:32]}.npz"
    if path.exists():
        return Ranker.load(path, evidence)
    learned = learn(evidence, tell)
    for old in folder.glob("partners-*.npz"):
        old.unlink()
    learned.save(path)
    return learned


def learn(evidence: Evidence, tell: Tell = lambda _what, _done, _all: None) -> Ranker:
    """Learn to rank from evidence alone; the same evidence gives the same ranking on the same machine."""
    statements = Statements(evidence)
    last = evidence.projects[-1].signed_on
    days = [last - HALF_YEAR * number for number in range(HALF_YEARS, -1, -1)]
    lessons: list[_Lesson] = []
    for number, (before, until) in enumerate(pairwise(days)):
        tell(_LEARNING, number, HALF_YEARS + 1)
        lessons += _lessons(evidence, statements, before, until)
    tell(_LEARNING, HALF_YEARS, HALF_YEARS + 1)
    boosters = _boosters(lessons)
    reader = read_evidence(evidence, statements)
    tell(_LEARNING, HALF_YEARS + 1, HALF_YEARS + 1)
    return Ranker(reader, boosters)


def read_evidence(evidence: Evidence, statements: Statements, towers: int = TOWERS) -> Reader:
    """Index evidence and learn the encoders of its words."""
    index = PastIndex.of(evidence)
    whole = index.tfidf(index.counts)
    told = ([statements.text(project, form) for project in evidence.projects] for form in FORMS)
    readings = [whole, *(index.tfidf(index.terms.count(texts)) for texts in told)]
    start = semantic_words(whole)
    return Reader.of(
        index, [train(readings, index.taken, index.together, start, seed) for seed in range(1, towers + 1)]
    )


@dataclass(frozen=True, slots=True)
class _Lesson:
    """Candidates for one need: their features, which of them took part, and the names of the features."""

    values: Floats
    right: Any
    names: tuple[str, ...]


def _lessons(evidence: Evidence, statements: Statements, before: dt.date, until: dt.date) -> Iterator[_Lesson]:
    known = evidence.until(before)
    projects = answered(evidence.between(before, until), known)
    if not projects:
        return
    chance = np.random.default_rng(before.toordinal())
    if len(projects) > NEEDS:
        projects = [projects[place] for place in sorted(chance.choice(len(projects), NEEDS, replace=False))]
    reader = read_evidence(known, statements)
    right = [reader.index.columns(project) for project in projects]
    for form in FORMS:
        texts = [statements.text(project, form) for project in projects]
        for candidates, columns in zip(reader.candidates(texts), right, strict=True):
            yield _lesson(candidates, columns, chance)


def answered(projects: Sequence[PastProject], known: Evidence) -> list[PastProject]:
    """The projects of several partners of which one at least had taken part in a project before."""
    parties = {key for project in known.projects for key, _role in project.parties}
    return [
        project
        for project in projects
        if len(project.parties) >= PARTNERS and any(key in parties for key, _role in project.parties)
    ]


def _lesson(candidates: Candidates, right: Any, chance: np.random.Generator) -> _Lesson:
    """All candidates that took part, and some of the others."""
    took_part = np.isin(candidates.columns, right)
    others = np.flatnonzero(~took_part)
    some = chance.choice(others, min(_OTHERS, len(others)), replace=False)
    rows = np.concatenate([np.flatnonzero(took_part), some])
    return _Lesson(candidates.values[rows], took_part[rows], candidates.names)


def _boosters(lessons: Sequence[_Lesson]) -> tuple[Any, ...]:
    if not lessons:
        return ()
    import lightgbm

    values = np.concatenate([lesson.values for lesson in lessons])
    right = np.concatenate([lesson.right for lesson in lessons]).astype(np.int8)
    sizes = [len(lesson.right) for lesson in lessons]
    names = [name.replace(" ", "_") for name in lessons[0].names]
    return tuple(
        lightgbm.train(
            {**_LIGHTGBM, "seed": seed},
            lightgbm.Dataset(values, right, group=sizes, feature_name=names, params={"verbose": -1}),
            _ROUNDS,
        )
        for seed in SEEDS
    )
