"""What a funder tells of a project and of who took part: the records that each reader makes of its files.

Their fields are the columns of the staging tables, so that a field is added here, in the model and in the readers that
know it.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from maillage.core.periods import UNKNOWN
from maillage.projects.models import ParticipationRole, ProjectKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRecord:
    """A project under the number of its funder; `page` is its page there, the ends of its period are EDTF dates.

    Without `subjects` (`None`), it keeps those that it has. `note` is in English and in French.
    """

    number: str
    key: str
    page: str
    title: str
    acronym: str = ""
    kind: str = ProjectKind.PROJECT
    language: str = ""
    objective: str = ""
    keywords: list[str] = field(default_factory=list)
    subjects: list[str] | None = None
    stems: list[str] = field(default_factory=list)
    status: str = ""
    year: int | None = None
    signed_on: dt.date | None = None
    topic: str = ""
    topic_title: str = ""
    call: str = ""
    scheme: str = ""
    programme: str = ""
    committee: str = ""
    committee_title: str = ""
    cost: Decimal | None = None
    contribution: Decimal | None = None
    period_start: str = UNKNOWN
    period_end: str = UNKNOWN
    note: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRecord:
    """An organisation that takes part, under the number by which participations name it."""

    number: str
    key: str
    name: str
    short_name: str = ""
    kind: str = ""
    category: str = ""
    small: bool | None = None
    vat: str = ""
    rnsr: str = ""
    city: str = ""
    country: str = ""
    region: str = ""
    latitude: float | None = None
    longitude: float | None = None
    website: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationRecord:
    """A party (its number) in a project (its number); `number` is that of the participation within the project.

    `name` is that of the party as it stands in this row, if the source writes one in each.
    """

    project: str
    party: str
    number: str
    role: str = ParticipationRole.PARTICIPANT
    position: int = 0
    name: str = ""
    contribution: Decimal | None = None
    cost: Decimal | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class SubjectRecord:
    """A subject of a project, from a file of its own."""

    project: str
    title: str


FunderRecord = ProjectRecord | PartyRecord | ParticipationRecord | SubjectRecord
