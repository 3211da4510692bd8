"""Why a laboratory is proposed, as values that a page or a file puts into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np

from maillage.matching.laboratories.evidence import AnsweredNeed, LaboratoryProject
from maillage.matching.laboratories.features import NeedFeatures, dense
from maillage.matching.laboratories.index import Translate
from maillage.matching.partners.terms import Floats, Positions, softened, stems
from maillage.matching.text import is_filler, parse_text

MAX_WORDS: Final = 5
MAX_PROJECTS: Final = 3
_LEAST_SHARE: Final = 0.1
"""The least part of the score of its profile that a word of the need has, to be shown."""

_LEAST_SIMILARITY: Final = 0.08


@dataclass(frozen=True, slots=True)
class WorksOn:
    """What it is and did shares these words of the need, the weightiest first, as the need writes them."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NearProjects:
    """It took part in projects near the need, the nearest first."""

    projects: tuple[str, ...]
    last_year: int


@dataclass(frozen=True, slots=True)
class NearNeeds:
    """It was found for past needs near this one, the nearest first."""

    needs: tuple[str, ...]
    last_year: int


@dataclass(frozen=True, slots=True)
class JointLaboratory:
    """It had a joint laboratory with a company that began in a year, the last one."""

    year: int


@dataclass(frozen=True, slots=True)
class WorkedWithCompanies:
    """It took part in so many projects with companies, or was found for their needs, the last time in a year."""

    count: int
    last_year: int


@dataclass(frozen=True, slots=True)
class InRegion:
    """It is in the region of who asks (ISO 3166-2)."""

    region: str


@dataclass(frozen=True, slots=True)
class UsualInSector:
    """It was found for so many past needs of the sector of who asks."""

    count: int


@dataclass(frozen=True, slots=True)
class PastPartner:
    """Who asks worked with it before."""


@dataclass(frozen=True, slots=True)
class SupervisedBy:
    """Its supervising bodies."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """It was closed in a year; `successors` are the keys of what it became."""

    year: int
    successors: tuple[str, ...]


Reason: TypeAlias = (
    WorksOn
    | NearProjects
    | NearNeeds
    | JointLaboratory
    | WorkedWithCompanies
    | InRegion
    | UsualInSector
    | PastPartner
    | SupervisedBy
    | Closed
)
ASKER_REASONS: Final = (InRegion, UsualInSector, PastPartner)
"""Reasons that rest on who asks, not on what is asked."""


@dataclass(frozen=True)
class ReasonFinder:
    """Finds the reasons of laboratories for one need; `text` is the need as it was written."""

    features: NeedFeatures
    text: str
    translate: Translate
    use_asker: bool = True

    def reasons(self, column: int) -> tuple[Reason, ...]:
        """The reasons of a laboratory, the most telling first."""
        reasons: list[Reason | None] = [
            self._works_on(column),
            self._near_projects(column),
            self._near_needs(column),
            self._joint_laboratory(column),
            self._worked_with_companies(column),
            *(self._of_asker(column) if self.use_asker else ()),
            self._supervised_by(column),
            self._closed(column),
        ]
        return tuple(reason for reason in reasons if reason is not None)

    @cached_property
    def _words_by_stem(self) -> Mapping[str, str]:
        """The words of the need by the stems of their translation."""
        words: dict[str, str] = {}
        # A word alone is too little to tell the language: French ones are translated between two French articles.
        frame = "{}" if self.translate(self.text) == self.text else "les {} des"
        for word in dict.fromkeys(word for word in parse_text(self.text).words if word and not is_filler(word)):
            for stem in stems(self.translate(frame.format(word))):
                words.setdefault(stem, word)
        return words

    @cached_property
    def _stems_by_number(self) -> Mapping[int, str]:
        numbers = self.features.index.terms.numbers
        return {numbers[stem]: stem for stem in self._words_by_stem if stem in numbers}

    def _works_on(self, column: int) -> WorksOn | None:
        shared = self.features.index.profiles[column].multiply(softened(self.features.counts)).tocsr()
        if not shared.nnz:
            return None
        order = np.argsort(-shared.data, kind="stable")
        numbers = [
            int(shared.indices[place]) for place in order if shared.data[place] >= _LEAST_SHARE * shared.data.sum()
        ]
        words = (
            self._words_by_stem[self._stems_by_number[number]] for number in numbers if number in self._stems_by_number
        )
        chosen = tuple(dict.fromkeys(words))[:MAX_WORDS]
        return WorksOn(chosen) if chosen else None

    def _near_projects(self, column: int) -> NearProjects | None:
        projects = self._projects(self._nearest(self._project_similarities, self._project_rows(column)))
        if not projects:
            return None
        return NearProjects(tuple(project.key for project in projects), max(project.year for project in projects))

    def _near_needs(self, column: int) -> NearNeeds | None:
        near = self._needs(self._nearest(self.features.need_similarities, self._need_rows(column)))
        return NearNeeds(tuple(need.key for need in near), max(need.year for need in near)) if near else None

    def _joint_laboratory(self, column: int) -> JointLaboratory | None:
        years = [project.year for project in self._projects(self._project_rows(column)) if project.joint]
        return JointLaboratory(max(years)) if years else None

    def _worked_with_companies(self, column: int) -> WorkedWithCompanies | None:
        years = [project.year for project in self._projects(self._project_rows(column)) if project.company]
        years += [need.year for need in self._needs(self._need_rows(column))]
        return WorkedWithCompanies(len(years), max(years)) if years else None

    def _of_asker(self, column: int) -> list[Reason | None]:
        index, asker = self.features.index, self.features.asker
        laboratory = index.laboratories[column]
        needs = self._needs(self._need_rows(column))
        in_sector = sum(bool(asker.sector) and need.asker.sector == asker.sector for need in needs)
        return [
            PastPartner() if laboratory.key in asker.partners else None,
            InRegion(asker.region) if asker.region and laboratory.region == asker.region else None,
            UsualInSector(in_sector) if in_sector else None,
        ]

    def _supervised_by(self, column: int) -> SupervisedBy | None:
        names = self.features.index.laboratories[column].supervisors
        return SupervisedBy(names) if names else None

    def _closed(self, column: int) -> Closed | None:
        index = self.features.index
        laboratory = index.laboratories[column]
        if laboratory.closed is None or laboratory.closed >= index.year:
            return None
        return Closed(laboratory.closed, index.successors.get(laboratory.key, ()))

    @cached_property
    def _project_similarities(self) -> Floats:
        return dense(self.features.index.projects @ self.features.words.T)

    def _project_rows(self, column: int) -> Positions:
        rows: Positions = self.features.index.projects_by_laboratory[column].indices
        return rows

    def _need_rows(self, column: int) -> Positions:
        rows: Positions = self.features.index.needs_by_laboratory[column].indices
        return rows

    def _nearest(self, similarities: Floats, rows: Positions) -> Positions:
        order = rows[np.argsort(-similarities[rows], kind="stable")][:MAX_PROJECTS]
        nearest: Positions = order[similarities[order] >= _LEAST_SIMILARITY]
        return nearest

    def _projects(self, rows: Positions) -> list[LaboratoryProject]:
        return [self.features.index.evidence.projects[row] for row in rows.tolist()]

    def _needs(self, rows: Positions) -> list[AnsweredNeed]:
        return [self.features.index.evidence.needs[row] for row in rows.tolist()]
