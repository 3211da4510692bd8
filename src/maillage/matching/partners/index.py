"""Past projects and their parties as matrices: what a need is compared with.

An index knows nothing but the evidence it is made of. That of a day before a need was stated can thus say nothing of
what came after.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
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

    `taken` says who took part in what, `roles` with the weight of the role; `texts` are BM25 weights of all that a
    project says, `titles` of titles, key words and topic; `labels` are one-hot matrices of what the call was.
    """

    evidence: PartnerEvidence
    parties: tuple[str, ...]
    terms: TermNumbers
    tfidf: TfIdf
    counts: Matrix
    texts: Matrix
    titles: Matrix
    profiles: Matrix
    taken: Matrix
    roles: Matrix
    together: Matrix
    labels: dict[str, Matrix]

    @classmethod
    def of(cls, evidence: PartnerEvidence) -> PastProjectIndex:
        """Index evidence; projects without a party that is known are read for their words all the same."""
        parties = tuple(sorted({key for project in evidence.projects for key, _role in project.parties}))
        taken, roles = _participations(evidence, parties)
        terms = TermNumbers()
        fields = _fields(evidence.projects, terms)
        counts = fields["objective"] + 2 * (fields["title"] + fields["keywords"] + fields["topic_title"])
        titles = fields["title"] + fields["keywords"] + 2 * fields["topic_title"]
        said = counts.copy()
        said.data = 1 + np.log(said.data)
        return cls(
            evidence=evidence,
            parties=parties,
            terms=terms,
            tfidf=TfIdf.of(counts),
            counts=counts,
            texts=bm25(counts, 2.0, 0.6),
            titles=bm25(titles, 1.5, 0.6),
            profiles=bm25((taken.T @ said).tocsr(), 2.0, 0.75),
            taken=taken,
            roles=roles,
            together=_company_shares(taken),
            labels=_labels(evidence.projects),
        )

    @property
    def sizes(self) -> Floats:
        """How many parties each project had."""
        sizes: Floats = np.diff(self.taken.indptr).astype(np.float32)
        return sizes

    @property
    def popularity(self) -> Floats:
        """In how many projects each party took part."""
        number: Floats = np.asarray(self.taken.sum(0)).ravel()
        return number

    def held_stems(self, least: int = 5) -> dict[str, int]:
        """In how many projects the stems stand that stand in several."""
        holders = np.bincount(self.counts.indices, minlength=len(self.terms.numbers)).tolist()
        return {stem: holders[number] for stem, number in self.terms.numbers.items() if holders[number] >= least}

    def columns(self, project: EvidenceProject) -> NDArray[np.int64]:
        """The parties of a project that are known here, as columns in order."""
        keys = np.array(sorted({key for key, _role in project.parties}))
        columns: NDArray[np.int64] = np.flatnonzero(np.isin(self.parties, keys))
        return columns


def _participations(evidence: PartnerEvidence, parties: Sequence[str]) -> tuple[Matrix, Matrix]:
    columns = {key: column for column, key in enumerate(parties)}
    best: dict[tuple[int, int], float] = {}
    for row, project in enumerate(evidence.projects):
        for key, role in project.parties:
            place = row, columns[key]
            best[place] = max(best.get(place, 0), ROLE_WEIGHTS.get(role, 1.0))
    places = np.array(list(best), np.int64).reshape(-1, 2).T
    shape = len(evidence.projects), len(parties)
    ones, weights = np.ones(len(best), np.float32), np.array(list(best.values()), np.float32)
    taken, roles = (sparse.csr_matrix((values, tuple(places)), shape=shape) for values in (ones, weights))
    return taken, roles


def _fields(projects: Sequence[EvidenceProject], terms: TermNumbers) -> dict[str, Matrix]:
    names = ("title", "objective", "keywords", "topic_title")
    counted = {name: terms.learn(getattr(project, name) for project in projects) for name in names}
    return {name: terms.matrix(counts) for name, counts in counted.items()}


def _company_shares(taken: Matrix) -> Matrix:
    """From each party the share of its company that each other one was; large projects say less of it."""
    sizes = np.diff(taken.indptr)
    weighed = sparse.diags(np.where(sizes > 1, 1 / np.maximum(sizes, 2), 0).astype(np.float32)) @ taken
    company = (taken.T @ weighed).tocsr()
    company.setdiag(0)
    company.eliminate_zeros()
    whole = np.asarray(company.sum(1)).ravel()
    return (sparse.diags((1 / np.maximum(whole, 1e-9)).astype(np.float32)) @ company).tocsr()


def call_family(topic: str) -> str:
    """The line of calls that a topic belongs to, across years: `HORIZON-CL5-2022-D2-01-03` gives `HORIZON-CL5-D2`."""
    return _LAST_NUMBER.sub("", _YEAR.sub("", topic))


def _labels(projects: Sequence[EvidenceProject]) -> dict[str, Matrix]:
    return {
        "programme": _one_hot([project.programme for project in projects]),
        "scheme": _one_hot([project.scheme for project in projects]),
        "family": _one_hot([call_family(project.topic) for project in projects]),
    }


def _one_hot(labels: list[str]) -> Matrix:
    numbers = {label: number for number, label in enumerate(Counter(labels))}
    places = [numbers[label] for label in labels]
    shape = len(labels), len(numbers)
    return sparse.csr_matrix((np.ones(len(labels), np.float32), (np.arange(len(labels)), places)), shape=shape)
