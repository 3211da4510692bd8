"""A call as a value: who decides, when, who may apply, by which criteria, with which dossier. Made by `reading`."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from maillage.documents.bilingual_text import BilingualText


class QuestionKind(StrEnum):
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


COLUMN_KINDS = (QuestionKind.TEXT, QuestionKind.NUMBER, QuestionKind.AMOUNT, QuestionKind.DATE)


class SignatureRule(StrEnum):
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


NO_WORDS = BilingualText("", "")
# What a letter may name between braces, and how that is found.
LETTER_PLACEHOLDERS = frozenset({"applicant", "dossier", "call", "outcome", "first_day", "last_day"})
LETTER_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table."""

    key: str
    title: BilingualText
    kind: QuestionKind = QuestionKind.TEXT


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `most` are characters of a text, rows of a table, megabytes of a file; `figure` names a figure."""

    key: str
    title: BilingualText
    kind: QuestionKind = QuestionKind.TEXT
    help: BilingualText = NO_WORDS
    required: bool = False
    most: int = 0
    choices: Mapping[str, BilingualText] = field(default_factory=dict)
    columns: tuple[TableColumn, ...] = ()
    figure: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationSection:
    """A part of the dossier; filled in up to `repeat` times, once where that is 1."""

    key: str
    title: BilingualText
    questions: tuple[Question, ...]
    repeat: int = 1
    help: BilingualText = NO_WORDS

    def question(self, key: str) -> Question | None:
        """The question of that key."""
        return next((one for one in self.questions if one.key == key), None)


@dataclass(frozen=True, slots=True)
class MarkAnchor:
    """What a mark stands for."""

    mark: Decimal
    words: BilingualText


@dataclass(frozen=True, slots=True)
class CallCriterion:
    """By what dossiers are judged; weights of all criteria sum to 1."""

    key: str
    title: BilingualText
    weight: Decimal
    low: Decimal
    high: Decimal
    anchors: tuple[MarkAnchor, ...] = ()


@dataclass(frozen=True, slots=True)
class EligibilityRule:
    """A condition to be eligible: a check by its name with its parameters, the text it comes from, how sure that is."""

    key: str
    check: str
    title: BilingualText
    text: BilingualText
    mark: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What may be decided: the label then awarded, if any, for so many months, and how many at most.

    With `confirmed_months` the label is on probation for `months`, and once confirmed held for so many in all.
    `letter` is what the applicant is written, with the places of `LETTER_PLACEHOLDERS` in it.
    """

    key: str
    title: BilingualText
    label: str = ""
    months: int = 0
    most: int = 0
    confirmed_months: int = 0
    letter: BilingualText = NO_WORDS


@dataclass(frozen=True, slots=True)
class CallAuthority:
    """Who decides, on whose proposal, and who runs the call (keys of organisations)."""

    decides: str
    proposes: str
    runs: str


@dataclass(frozen=True, slots=True)
class ReviewTerms:
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
class AgreementHeading:
    """What the convention that follows an award rules; at most one heading is its perimeter."""

    key: str
    title: BilingualText
    kind: HeadingKind = HeadingKind.TEXT
    guidance: BilingualText = NO_WORDS
    required: bool = False


@dataclass(frozen=True, slots=True)
class CallDocument:
    """A whole call. Moments carry the zone of the call; `themes` are empty where one applies for none.

    What a `simulated` call awards is marked as simulated.
    `agreement` are the headings of what is concluded after an award; empty where nothing is.
    """

    name: str
    label: str
    wave: str
    title: BilingualText
    about: BilingualText
    authority: CallAuthority
    opens: dt.datetime
    closes: dt.datetime
    zone: str
    appeal_days: int
    holders: tuple[str, ...]
    signatures: SignatureRule
    themes: Mapping[str, BilingualText]
    one_per_theme: bool
    texts: tuple[str, ...]
    rules: tuple[EligibilityRule, ...]
    criteria: tuple[CallCriterion, ...]
    sections: tuple[ApplicationSection, ...]
    outcomes: tuple[Outcome, ...]
    review: ReviewTerms
    awarded_to: AwardedTo
    simulated: bool
    agreement: tuple[AgreementHeading, ...]
    document: Mapping[str, Any]

    def section(self, key: str) -> ApplicationSection | None:
        """The section of that key."""
        return next((one for one in self.sections if one.key == key), None)

    def heading(self, key: str) -> AgreementHeading | None:
        """The heading of the convention of that key."""
        return next((one for one in self.agreement if one.key == key), None)

    def questions(self) -> Iterator[tuple[ApplicationSection, Question]]:
        """Every question with its section."""
        for section in self.sections:
            for question in section.questions:
                yield section, question

    def is_open(self, at: dt.datetime) -> bool:
        """Whether dossiers are taken at a moment: from the first to the last moment, the last not included."""
        return self.opens <= at < self.closes
