"""Laboratories and what they did as matrices, with which needs are compared.

An index is that of a year: it knows the projects and needs before it, and the laboratories that exist in it or did.
All texts are in English words, French ones by a translator, so that a need finds the same laboratories in both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from maillage.matching.laboratories.evidence import Laboratory, LaboratoryEvidence
from maillage.matching.partners.terms import Floats, Matrix, TermNumbers, bm25, softened

Translate = Callable[[str], str]

_OWN, _PARTS, _PROJECTS, _PANELS, _OFFERS = 2.0, 1.0, 0.5, 0.3, 2.0
"""Weights, in the profile of a laboratory, of its label (and those of its predecessors), the labels of its parts, the
texts of its projects, the descriptions of its panels and its offers; a past need has 1."""

_PROFILE_SATURATION, _PROFILE_CORRECTION = 2.0, 0.6


@dataclass(frozen=True)
class LaboratoryIndex:
    """Matrices with a row for each text and a column for each stem, or a column for each laboratory.

    `found` and `taken` have a row for each past need and project, a column for each laboratory: 1 if it (or one that
    became it) was found for the need, or took part. `traits` classify laboratories (rows); `need_traits` are the mean
    traits of those found for each past need.
    """

    evidence: LaboratoryEvidence
    year: int
    laboratories: tuple[Laboratory, ...]
    terms: TermNumbers
    rarity: Floats
    sector_rarity: Floats
    labels: Matrix
    profiles: Matrix
    needs: Matrix
    sectors: Matrix
    projects: Matrix
    found: Matrix
    taken: Matrix
    body_rarity: Floats
    body_texts: Matrix
    body_projects: Matrix
    bodies: Matrix
    traits: dict[str, Matrix]
    need_traits: dict[str, Matrix]
    numbers: dict[str, Floats]

    @classmethod
    def of(cls, evidence: LaboratoryEvidence, year: int, translate: Translate) -> LaboratoryIndex:
        """The index of a year."""
        return _Builder(evidence.before(year), year, translate).index()

    @cached_property
    def columns_by_key(self) -> dict[str, int]:
        """The column of each laboratory by its key."""
        return {laboratory.key: column for column, laboratory in enumerate(self.laboratories)}

    @cached_property
    def regions(self) -> NDArray[np.str_]:
        """The region of each laboratory."""
        return np.array([laboratory.region for laboratory in self.laboratories], np.str_)

    @cached_property
    def need_regions(self) -> NDArray[np.str_]:
        """The region of who asked each past need."""
        return np.array([need.asker.region for need in self.evidence.needs], np.str_)

    @cached_property
    def successors(self) -> dict[str, tuple[str, ...]]:
        """The keys of what each laboratory became."""
        return successors_of(self.laboratories)

    @cached_property
    def projects_by_laboratory(self) -> Matrix:
        """The projects (columns) of each laboratory."""
        return self.taken.T.tocsr()

    @cached_property
    def needs_by_laboratory(self) -> Matrix:
        """The past needs (columns) for which each laboratory was found."""
        return self.found.T.tocsr()

    def columns_of(self, keys: Iterable[str]) -> NDArray[np.int64]:
        """The columns of the laboratories with these keys that are in the index, in order."""
        return np.array(sorted({self.columns_by_key[key] for key in keys if key in self.columns_by_key}), np.int64)

    def weights(self, counts: Matrix) -> Matrix:
        """Logarithmic tf-idf with rows of length one."""
        return unit_rows(weighted(counts, self.rarity))


@dataclass(frozen=True)
class _Builder:
    evidence: LaboratoryEvidence
    year: int
    translate: Translate

    def index(self) -> LaboratoryIndex:
        evidence, laboratories = self.evidence, self._laboratories
        terms = TermNumbers()
        learned = {name: terms.learn(map(self.translate, texts)) for name, texts in self._texts.items()}
        counts = {name: terms.matrix(of_texts) for name, of_texts in learned.items()}
        found = self._participations([need.laboratories for need in evidence.needs])
        taken = self._participations([project.laboratories for project in evidence.projects])
        everything = sparse.vstack([counts[name] for name in ("labels", "needs", "projects")]).tocsr()
        rarity, sector_rarity = _rarity(everything), _rarity(counts["sectors"])
        traits = {name: unit_rows(_by_rarity(one_hot(lists))) for name, lists in self._traits.items()}
        traits["words"] = unit_rows(_by_rarity(unit_rows(weighted(counts["labels"], rarity))))
        shares = _shares(found)
        body_projects, bodies = self._bodies()
        body_rarity = _rarity(counts["body texts"])
        return LaboratoryIndex(
            evidence=evidence,
            year=self.year,
            laboratories=laboratories,
            terms=terms,
            rarity=rarity,
            sector_rarity=sector_rarity,
            labels=unit_rows(weighted(counts["labels"], rarity)),
            profiles=bm25(self._profiles(counts, found, taken), _PROFILE_SATURATION, _PROFILE_CORRECTION),
            needs=unit_rows(weighted(counts["needs"], rarity)),
            sectors=unit_rows(weighted(counts["sectors"], sector_rarity)),
            projects=unit_rows(weighted(counts["projects"], rarity)),
            body_rarity=body_rarity,
            body_texts=unit_rows(weighted(counts["body texts"], body_rarity)),
            found=shares,
            taken=taken,
            body_projects=body_projects,
            bodies=bodies,
            traits=traits,
            need_traits={name: (shares @ matrix).tocsr() for name, matrix in traits.items()},
            numbers=self._numbers(found, taken),
        )

    @cached_property
    def _laboratories(self) -> tuple[Laboratory, ...]:
        return tuple(lab for lab in self.evidence.laboratories if (lab.created or 0) <= self.year)

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {laboratory.key: column for column, laboratory in enumerate(self._laboratories)}

    @cached_property
    def _columns_with_successors(self) -> dict[str, list[int]]:
        """The column of each number, and those of the laboratories that it became."""
        successors = successors_of(self._laboratories)
        keys = self._columns.keys() | successors.keys()
        return {
            key: sorted({self._columns[one] for one in _closure(key, successors) if one in self._columns})
            for key in keys
        }

    @cached_property
    def _texts(self) -> dict[str, list[str]]:
        evidence = self.evidence
        return {
            "labels": [label_text(laboratory) for laboratory in self._laboratories],
            "panels": [laboratory.panel_text for laboratory in self._laboratories],
            "needs": [need.text for need in evidence.needs],
            "sectors": [need.asker.sector for need in evidence.needs],
            "projects": [" ".join(map(self.translate, project.texts)) for project in evidence.projects],
            "offers": [offer.text for offer in evidence.offers],
            "body texts": [project.text for project in evidence.supervisor_projects],
        }

    @cached_property
    def _traits(self) -> dict[str, list[Sequence[str]]]:
        laboratories = self._laboratories
        return {
            "fields": [laboratory.fields for laboratory in laboratories],
            "panels": [laboratory.panels for laboratory in laboratories],
            "supervisors": [laboratory.supervisors for laboratory in laboratories],
        }

    def _participations(self, keys_by_row: Sequence[Sequence[str]]) -> Matrix:
        columns = self._columns_with_successors
        cells = {
            (row, column) for row, keys in enumerate(keys_by_row) for key in keys for column in columns.get(key, ())
        }
        return _ones(sorted(cells), (len(keys_by_row), len(self._laboratories)))

    def _bodies(self) -> tuple[Matrix, Matrix]:
        """Supervising bodies (columns) of their own projects, and of each laboratory, each with its share."""
        projects = [project.supervisors for project in self.evidence.supervisor_projects]
        lists = [*projects, *(laboratory.supervisors for laboratory in self._laboratories)]
        bodies = one_hot(lists)
        return bodies[: len(projects)], _shares(bodies[len(projects) :])

    def _related(self, keys_by_laboratory: Iterable[Sequence[str]]) -> Matrix:
        """A row for each laboratory with a 1 for each other that is named."""
        cells = [
            (row, self._columns[key])
            for row, keys in enumerate(keys_by_laboratory)
            for key in keys
            if key in self._columns
        ]
        return _ones(cells, (len(self._laboratories), len(self._laboratories)))

    def _profiles(self, counts: dict[str, Matrix], found: Matrix, taken: Matrix) -> Matrix:
        own = counts["labels"] + self._related(lab.predecessors for lab in self._laboratories) @ counts["labels"]
        parts = self._related(lab.parts for lab in self._laboratories) @ counts["labels"]
        offered = self._participations([[offer.laboratory] for offer in self.evidence.offers])
        return (
            _OWN * own
            + _PARTS * parts
            + found.T @ softened(counts["needs"])
            + _PROJECTS * (taken.T @ counts["projects"])
            + _PANELS * counts["panels"]
            + _OFFERS * (offered.T @ softened(counts["offers"]))
        ).tocsr()

    def _numbers(self, found: Matrix, taken: Matrix) -> dict[str, Floats]:
        """Numbers of needs and projects of each laboratory, and its years."""
        created = np.array([lab.created or self.year for lab in self._laboratories])
        closed = np.array([(lab.closed or self.year) < self.year for lab in self._laboratories])
        return {
            "needs": _sums(found),
            "projects": _sums(taken),
            "age": np.maximum(self.year - created, 0).astype(np.float32),
            "closed": closed.astype(np.float32),
            "team": np.array([lab.level == 1 for lab in self._laboratories], np.float32),
        }


def label_text(laboratory: Laboratory) -> str:
    """Label and acronym, between French articles: a label alone is too short to tell that it is French."""
    return f"les {laboratory.label} des {laboratory.acronym}"


def successors_of(laboratories: Iterable[Laboratory]) -> dict[str, tuple[str, ...]]:
    """The keys of what became of each number that a laboratory names as a predecessor."""
    successors: dict[str, list[str]] = defaultdict(list)
    for laboratory in laboratories:
        for key in laboratory.predecessors:
            successors[key].append(laboratory.key)
    return {key: tuple(keys) for key, keys in successors.items()}


def _closure(key: str, successors: dict[str, tuple[str, ...]]) -> set[str]:
    reached: set[str] = set()
    waiting = [key]
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.add(one)
            waiting += successors.get(one, ())
    return reached


def _ones(cells: Sequence[tuple[int, int]], shape: tuple[int, int]) -> Matrix:
    rows, columns = np.array(cells, np.int64).reshape(-1, 2).T
    return sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=shape)


def one_hot(lists: Sequence[Sequence[str]]) -> Matrix:
    """A row for each list with a 1 in the column of each of its values."""
    numbers = {value: number for number, value in enumerate(dict.fromkeys(chain.from_iterable(lists)))}
    cells = [(row, numbers[value]) for row, values in enumerate(lists) for value in dict.fromkeys(values)]
    return _ones(cells, (len(lists), len(numbers)))


def weighted(counts: Matrix, rarity: Floats) -> Matrix:
    """Softened counts, each times the rarity of its stem."""
    weights = softened(counts)
    weights.data = (weights.data * rarity[weights.indices]).astype(np.float32)
    return weights


def unit_rows(matrix: Matrix) -> Matrix:
    """The rows scaled to length one."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(1)).ravel())
    return (sparse.diags(1 / np.maximum(lengths, 1e-9)) @ matrix).tocsr().astype(np.float32)


def _rarity(counts: Matrix) -> Floats:
    holders = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity: Floats = np.log(max(counts.shape[0], 1) / np.maximum(holders, 1)).astype(np.float32)
    return rarity


def _by_rarity(matrix: Matrix) -> Matrix:
    weights = matrix.copy()
    weights.data = (weights.data * _rarity(matrix)[weights.indices]).astype(np.float32)
    return weights


def _shares(matrix: Matrix) -> Matrix:
    return (sparse.diags(1 / np.maximum(_row_sums(matrix), 1)) @ matrix).tocsr().astype(np.float32)


def _row_sums(matrix: Matrix) -> Floats:
    sums: Floats = np.asarray(matrix.sum(1), np.float32).ravel()
    return sums


def _sums(matrix: Matrix) -> Floats:
    sums: Floats = np.asarray(matrix.sum(0), np.float32).ravel()
    return sums
