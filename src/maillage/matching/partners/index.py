"""Past projects and their parties as matrices, with which needs are compared.

An index depends only on its evidence, so that an index of a day has no information from later days.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from maillage.matching.partners.evidence import ROLE_WEIGHTS, EvidenceProject, PartnerEvidence
from maillage.matching.partners.terms import Floats, Matrix, TermNumbers, TfIdf, bm25

_YEAR: Final = re.compile(r"-20\d\d(-\d\d)?")
_LAST_NUMBER: Final = re.compile(r"-\d\d(-\d\d)?$")


@dataclass(frozen=True)
class PastProjectIndex:
    """The projects (rows) signed up to a day, and the parties (columns) known by then.

    `taken` has a 1 for each participation, `roles` the weight of its role; `texts` are BM25 weights of all texts of a
    project, titles twice, `titles` those of title, key words and topic, `plain` those of all texts once, as on pages;
    `labels` are one-hot matrices of properties of the call.
    """

    evidence: PartnerEvidence
    parties: tuple[str, ...]
    terms: TermNumbers
    tfidf: TfIdf
    counts: Matrix
    texts: Matrix
    titles: Matrix
    plain: Matrix
    profiles: Matrix
    taken: Matrix
    roles: Matrix
    together: Matrix
    labels: dict[str, Matrix]

    @classmethod
    def of(cls, evidence: PartnerEvidence) -> PastProjectIndex:
        """Index evidence; the words of projects without a known party are counted too."""
        parties = tuple(sorted({key for project in evidence.projects for key, _role in project.parties}))
        taken, roles = _participations(evidence, parties)
        terms = TermNumbers()
        fields = _fields(evidence.projects, terms)
        short = fields["title"] + fields["keywords"] + fields["topic_title"]
        counts = fields["objective"] + 2 * short
        titles = fields["title"] + fields["keywords"] + 2 * fields["topic_title"]
        log_counts = counts.copy()
        log_counts.data = 1 + np.log(log_counts.data)
        return cls(
            evidence=evidence,
            parties=parties,
            terms=terms,
            tfidf=TfIdf.of(counts),
            counts=counts,
            texts=bm25(counts, 2.0, 0.6),
            titles=bm25(titles, 1.5, 0.6),
            plain=bm25(fields["objective"] + short, 1.2, 0.75),
            profiles=bm25((taken.T @ log_counts).tocsr(), 2.0, 0.75),
            taken=taken,
            roles=roles,
            together=_company_shares(taken),
            labels=_labels(evidence.projects),
        )

    @property
    def sizes(self) -> Floats:
        """The number of parties of each project."""
        sizes: Floats = np.diff(self.taken.indptr).astype(np.float32)
        return sizes

    @property
    def popularity(self) -> Floats:
        """The number of projects of each party."""
        counts: Floats = np.asarray(self.taken.sum(0)).ravel()
        return counts

    def held_stems(self, least: int = 5) -> dict[str, int]:
        """The number of projects with each stem, for stems in at least `least` projects."""
        holders = np.bincount(self.counts.indices, minlength=len(self.terms.numbers)).tolist()
        return {stem: holders[number] for stem, number in self.terms.numbers.items() if holders[number] >= least}

    def columns(self, project: EvidenceProject) -> NDArray[np.int64]:
        """The columns of the parties of a project that are in the index, in order."""
        return self.columns_of(key for key, _role in project.parties)

    def columns_of(self, keys: Iterable[str]) -> NDArray[np.int64]:
        """The columns of the parties with these keys that are in the index, in order."""
        known = {self.columns_by_key[key] for key in keys if key in self.columns_by_key}
        return np.array(sorted(known), np.int64)

    @cached_property
    def columns_by_key(self) -> dict[str, int]:
        """The column of each party by its key."""
        return {key: column for column, key in enumerate(self.parties)}


def _participations(evidence: PartnerEvidence, parties: Sequence[str]) -> tuple[Matrix, Matrix]:
    columns = {key: column for column, key in enumerate(parties)}
    best: dict[tuple[int, int], float] = {}
    for row, project in enumerate(evidence.projects):
        for key, role in project.parties:
            cell = row, columns[key]
            best[cell] = max(best.get(cell, 0), ROLE_WEIGHTS.get(role, 1.0))
    cells = np.array(list(best), np.int64).reshape(-1, 2).T
    shape = len(evidence.projects), len(parties)
    ones, weights = np.ones(len(best), np.float32), np.array(list(best.values()), np.float32)
    taken, roles = (sparse.csr_matrix((values, tuple(cells)), shape=shape) for values in (ones, weights))
    return taken, roles


def _fields(projects: Sequence[EvidenceProject], terms: TermNumbers) -> dict[str, Matrix]:
    names = ("title", "objective", "keywords", "topic_title")
    counted = {name: terms.learn(getattr(project, name) for project in projects) for name in names}
    return {name: terms.matrix(counts) for name, counts in counted.items()}


def _company_shares(taken: Matrix) -> Matrix:
    """For each party (row), the shares of the other parties in its projects; large projects have less weight."""
    sizes = np.diff(taken.indptr)
    weighted = sparse.diags(np.where(sizes > 1, 1 / np.maximum(sizes, 2), 0).astype(np.float32)) @ taken
    company = (taken.T @ weighted).tocsr()
    company.setdiag(0)
    company.eliminate_zeros()
    totals = np.asarray(company.sum(1)).ravel()
    return (sparse.diags((1 / np.maximum(totals, 1e-9)).astype(np.float32)) @ company).tocsr()


def call_family(topic: str) -> str:
    """The family of calls of a topic, across years: `HORIZON-CL5-2022-D2-01-03` gives `HORIZON-CL5-D2`."""
    return _LAST_NUMBER.sub("", _YEAR.sub("", topic))


def _labels(projects: Sequence[EvidenceProject]) -> dict[str, Matrix]:
    return {
        "programme": one_hot([project.programme for project in projects]),
        "scheme": one_hot([project.scheme for project in projects]),
        "family": one_hot([call_family(project.topic) for project in projects]),
    }


def one_hot(labels: list[str]) -> Matrix:
    """A row for each label with a 1 in the column of its value."""
    numbers = {label: number for number, label in enumerate(Counter(labels))}
    columns = [numbers[label] for label in labels]
    shape = len(labels), len(numbers)
    return sparse.csr_matrix((np.ones(len(labels), np.float32), (np.arange(len(labels)), columns)), shape=shape)
