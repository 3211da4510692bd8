"""Laboratories and what they did, as plain values: whoever reads files or the register fills these.

Years say when something became known: the ranking of a year reads nothing of that year or later, except the register
itself, of which the newest state is the only one that is published.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Laboratory:
    """A public research structure. `key` is its number in the register; `region` a code of ISO 3166-2.

    `fields` and `panels` are names or codes, as the register classifies it; `panel_text` says them in words.
    `supervisors` are the names of its supervising bodies. `level`: 1 a team, 2 a unit, 3 a federation. `predecessors`
    are the numbers of structures that became it, `parts` those of its teams, or of the units of a federation.
    """

    key: str
    label: str
    acronym: str = ""
    fields: tuple[str, ...] = ()
    panels: tuple[str, ...] = ()
    panel_text: str = ""
    town: str = ""
    region: str = ""
    supervisors: tuple[str, ...] = ()
    supervisor_acronyms: tuple[str, ...] = ()
    kind: str = ""
    level: int = 2
    created: int | None = None
    closed: int | None = None
    predecessors: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    def is_alive(self, year: int) -> bool:
        """Whether it exists in a year, as far as its years are known."""
        return (self.created or year) <= year <= (self.closed or year)


@dataclass(frozen=True, slots=True)
class LaboratoryProject:
    """A project of laboratories; `texts` are in any of the two languages.

    `programme` is a code of its funder. `company`: a company took part; `joint`: it is a joint laboratory with one.
    """

    key: str
    year: int
    laboratories: tuple[str, ...]
    texts: tuple[str, ...] = ()
    programme: str = ""
    company: bool = False
    joint: bool = False


@dataclass(frozen=True, slots=True)
class SupervisorProject:
    """A project in which supervising bodies took part under their own names."""

    key: str
    year: int
    supervisors: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Asker:
    """What is known of who asks: region (ISO 3166-2), sector in words, and laboratories it worked with."""

    region: str = ""
    sector: str = ""
    partners: tuple[str, ...] = ()


NOBODY = Asker()


@dataclass(frozen=True, slots=True)
class AnsweredNeed:
    """A need of the past and the laboratories that were found for it."""

    key: str
    year: int
    text: str
    laboratories: tuple[str, ...]
    asker: Asker = NOBODY


@dataclass(frozen=True, slots=True)
class LaboratoryOffer:
    """What a laboratory offers."""

    key: str
    laboratory: str
    text: str


@dataclass(frozen=True, slots=True)
class LaboratoryEvidence:
    """All that the ranking knows."""

    laboratories: tuple[Laboratory, ...]
    projects: tuple[LaboratoryProject, ...] = ()
    supervisor_projects: tuple[SupervisorProject, ...] = ()
    needs: tuple[AnsweredNeed, ...] = ()
    offers: tuple[LaboratoryOffer, ...] = ()

    def before(self, year: int) -> LaboratoryEvidence:
        """The evidence without projects and needs of a year or later."""
        return replace(
            self,
            projects=tuple(project for project in self.projects if project.year < year),
            supervisor_projects=tuple(project for project in self.supervisor_projects if project.year < year),
            needs=tuple(need for need in self.needs if need.year < year),
        )
