"""A call as a value: who decides, when, who may apply, by which criteria, with which dossier. Made by `reading`."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from maillage.kernel.documents.words import Words


class Kind(StrEnum):
    """What a question asks for."""

    TEXT = "text"
    NUMBER = "number"
    AMOUNT = "amount"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes-no"
    TABLE = "table"
    FIGURE = "figure"
    FILE = "file"


COLUMN_KINDS = (Kind.TEXT, Kind.NUMBER, Kind.AMOUNT, Kind.DATE)


class Signature(StrEnum):
    """Who signs a dossier before it can be sent."""

    HOSTS = "each-host"
    LEAD = "lead"
    NONE = "none"


class HeadingKind(StrEnum):
    """What a heading of a convention holds."""

    TEXT = "text"
    PERIMETER = "perimeter"
    OBJECTIVES = "objectives"
    ATTACHMENT = "attachment"


class AwardedTo(StrEnum):
    """What holds the label: the body that leads the dossier, or what the dossier is about, by its title."""

    LEAD = "lead"
    TITLE = "title"


NOTHING = Words("", "")
# What a letter may name between braces, and how that is found.
LETTER_PLACES = frozenset({"applicant", "dossier", "call", "outcome", "first_day", "last_day"})
LETTER_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    key: str
    title: Words
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `most` are characters of a text, rows of a table, megabytes of a file; `figure` names a figure."""

    key: str
    title: Words
    kind: Kind = Kind.TEXT
    help: Words = NOTHING
    required: bool = False
    most: int = 0
    choices: Mapping[str, Words] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the dossier; filled in up to `repeat` times, once where that is 1."""

    key: str
    title: Words
    questions: tuple[Question, ...]
    repeat: int = 1
    help: Words = NOTHING

    def question(self, key: str) -> Question | None:
        """The question of that key."""
        return next((one for one in self.questions if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a mark stands for."""

    mark: Decimal
    words: Words


@dataclass(frozen=True, slots=True)
class Criterion:
    """By what dossiers are judged; weights of all criteria sum to 1."""

    key: str
    title: Words
    weight: Decimal
    low: Decimal
    high: Decimal
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition to be eligible: a check by its name with its parameters, the text it comes from, how sure that is."""

    key: str
    check: str
    title: Words
    text: Words
    mark: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What may be decided: the label then awarded, if any, for so many months, and how many at most.

    With `confirmed_months` the label is on probation for `months`, and once confirmed held for so many in all.
    `letter` is what the applicant is written, with the places of `LETTER_PLACES` in it.
    """

    key: str
    title: Words
    label: str = ""
    months: int = 0
    most: int = 0
    confirmed_months: int = 0
    letter: Words = NOTHING


@dataclass(frozen=True, slots=True)
class Authority:
    """Who decides, on whose proposal, and who runs the call (keys of organisations)."""

    decides: str
    proposes: str
    runs: str


@dataclass(frozen=True, slots=True)
class Review:
    """How dossiers are reviewed; `years` back in which work done together makes a conflict.

    A review is due `days` after it is asked. Its reviewer is reminded `remind_before` days before the due day and
    `remind_after` days after it, once each.
    """

    reviews: int = 3
    blind: bool = False
    years: int = 3
    days: int = 28
    remind_before: int = 7
    remind_after: int = 1


@dataclass(frozen=True, slots=True)
class Heading:
    """What the convention that follows an award rules; at most one heading is its perimeter."""

    key: str
    title: Words
    kind: HeadingKind = HeadingKind.TEXT
    guidance: Words = NOTHING
    required: bool = False


@dataclass(frozen=True, slots=True)
class CallDocument:
    """A whole call. Moments carry the zone of the call; `themes` are empty where one applies for none.

    What a `simulated` call awards is marked as simulated.
    `convention` are the headings of what is concluded after an award; empty where nothing is.
    """

    name: str
    label: str
    wave: str
    title: Words
    about: Words
    authority: Authority
    opens: dt.datetime
    closes: dt.datetime
    zone: str
    appeal_days: int
    holders: tuple[str, ...]
    signatures: Signature
    themes: Mapping[str, Words]
    one_per_theme: bool
    texts: tuple[str, ...]
    rules: tuple[Rule, ...]
    criteria: tuple[Criterion, ...]
    sections: tuple[Section, ...]
    outcomes: tuple[Outcome, ...]
    review: Review
    awarded_to: AwardedTo
    simulated: bool
    convention: tuple[Heading, ...]
    document: Mapping[str, Any]

    def section(self, key: str) -> Section | None:
        """The section of that key."""
        return next((one for one in self.sections if one.key == key), None)

    def heading(self, key: str) -> Heading | None:
        """The heading of the convention of that key."""
        return next((one for one in self.convention if one.key == key), None)

    def questions(self) -> Iterator[tuple[Section, Question]]:
        """Every question with its section."""
        for section in self.sections:
            for question in section.questions:
                yield section, question

    def is_open(self, at: dt.datetime) -> bool:
        """Whether dossiers are taken at a moment: from the first to the last moment, the last not included."""
        return self.opens <= at < self.closes
