"""What a ranking learns from: needs of past projects, each read with an index of the time before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from maillage.matching.partners.encoder import semantic_words, train_encoder
from maillage.matching.partners.evidence import EvidenceProject, PartnerEvidence
from maillage.matching.partners.features import EncodedIndex, PartnerCandidates
from maillage.matching.partners.index import PastProjectIndex
from maillage.matching.partners.masked_texts import TEXT_FORMS, MaskedTexts
from maillage.matching.partners.members import Columns
from maillage.matching.partners.terms import Floats

TOWERS: Final = 1
NEEDS_PER_HALF_YEAR: Final = 1_500
"""Needs to learn from in each half-year; a random sample if there are more."""

MIN_PARTNERS: Final = 3
"""Projects with fewer partners are left out: a grant to one laboratory or company is no search for partners."""

_OTHER_CANDIDATES: Final = 120


@dataclass(frozen=True, slots=True)
class TrainingGroup:
    """Candidates for one need: their features, which of them took part, and the names of the features.

    `length` is the class of length of the need, `period` the day of the index with which it was read. Each of those
    who did not take part stands for `others` of them.
    """

    values: Floats
    right: NDArray[np.bool_]
    names: tuple[str, ...]
    length: int
    period: dt.date
    others: float = 1.0


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


def training_groups(
    evidence: PartnerEvidence, statements: MaskedTexts, before: dt.date, until: dt.date
) -> Iterator[tuple[TrainingGroup, TrainingGroup]]:
    """For each need a group without known members, and one that completes what the coordinator began."""
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
    coordinators = [reader.index.columns_of(project.coordinators) for project in projects]
    for form in TEXT_FORMS:
        texts = [statements.text(project, form) for project in projects]
        candidates = reader.candidates_and_completing(texts, coordinators)
        for (plain, completing), columns, members in zip(candidates, relevant, coordinators, strict=True):
            others = columns if len(members) else columns[:0]
            yield (
                _training_group(plain, columns, before, random),
                _training_group(completing, others, before, random),
            )


def answerable_projects(projects: Sequence[EvidenceProject], known: PartnerEvidence) -> list[EvidenceProject]:
    """The projects with `MIN_PARTNERS` partners or more, at least one of which is in an earlier project."""
    parties = {key for project in known.projects for key, _role in project.parties}
    return [
        project
        for project in projects
        if len(project.parties) >= MIN_PARTNERS and any(key in parties for key, _role in project.parties)
    ]


def _training_group(
    candidates: PartnerCandidates, relevant: Columns, period: dt.date, random: np.random.Generator
) -> TrainingGroup:
    """All candidates that took part, and a random sample of the others."""
    took_part = np.isin(candidates.columns, relevant)
    others = np.flatnonzero(~took_part)
    sample = random.choice(others, min(_OTHER_CANDIDATES, len(others)), replace=False)
    rows = np.concatenate([np.flatnonzero(took_part), sample])
    share = len(others) / max(len(sample), 1)
    return TrainingGroup(candidates.values[rows], took_part[rows], candidates.names, candidates.length, period, share)
