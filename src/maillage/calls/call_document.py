"""The schema of a call: authority, dates, applicants, criteria, questions and outcomes.

`maillage.calls.parser` describes the YAML.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _
from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from maillage.calls.checks import ELIGIBILITY_CHECKS
from maillage.core.json_types import JsonObject
from maillage.documents.bilingual_text import BilingualText
from maillage.documents.document_model import DocumentModel, DocumentPart, Inconsistencies
from maillage.documents.faults import (
    missing_key_message,
    unknown_word_message,
    whole_number_message,
)
from maillage.documents.field_types import (
    Bilingual,
    ExactDecimal,
    Key,
    Name,
    Named,
    OneOf,
    OneOrMany,
    Pairs,
    ReadingContext,
    YesNo,
    invalid,
    whole_number,
)
from maillage.labels.vocabulary import CertaintyMark
from maillage.register.figure_provider import FIGURES
from maillage.register.vocabulary import OrganisationKind


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
    """Who signs an application before it can be sent."""

    HOSTS = "each-host"
    LEAD = "lead"
    NONE = "none"


class HeadingKind(StrEnum):
    """The kind of content under a heading of an agreement."""

    TEXT = "text"
    PERIMETER = "perimeter"
    OBJECTIVES = "objectives"
    ATTACHMENT = "attachment"


class AwardedTo(StrEnum):
    """Who or what gets the label: the organisation that leads the application, or its subject, named by its title."""

    LEAD = "lead"
    TITLE = "title"


NO_WORDS = BilingualText("", "")
# What a letter may name between braces, and the pattern that finds these names.
LETTER_PLACEHOLDERS = frozenset({"applicant", "dossier", "call", "outcome", "first_day", "last_day"})
LETTER_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_MAX_SIZES = {QuestionKind.TEXT: 50_000, QuestionKind.TABLE: 500, QuestionKind.FILE: 100}
_DEFAULT_SIZES = {QuestionKind.TEXT: 5_000, QuestionKind.TABLE: 50, QuestionKind.FILE: 20}
# The keys of a question that only questions of one kind have; of other questions they are not read.
_KEYS_OF_KIND = {"choices": QuestionKind.CHOICE, "columns": QuestionKind.TABLE, "figure": QuestionKind.FIGURE}
_NEEDED_KEYS = {QuestionKind.CHOICE: "choices", QuestionKind.TABLE: "columns"}
_DEFAULT_ZONE = "Europe/Paris"
_PARAMETERS_ALIAS = "(parameters)"

Title = Annotated[BilingualText, Bilingual(120)]
SectionTitle = Annotated[BilingualText, Bilingual(200)]
QuestionTitle = Annotated[BilingualText, Bilingual(500)]
RuleText = Annotated[BilingualText, Bilingual(1_000)]
LongText = Annotated[BilingualText, Bilingual(4_000)]
Mark = Annotated[str, OneOf(CertaintyMark.values), BeforeValidator(lambda mark: mark or CertaintyMark.UNCERTAIN.value)]
LegalText = Annotated[str, Field(strict=True, min_length=1, max_length=500)]


def _column_kind(value: object) -> object:
    if value not in COLUMN_KINDS:
        raise invalid(unknown_word_message(value, COLUMN_KINDS))
    return value


ColumnKind = Annotated[
    QuestionKind, BeforeValidator(_column_kind), WithJsonSchema({"enum": [str(kind) for kind in COLUMN_KINDS]})
]


class TableColumn(DocumentPart):
    """A column of a table."""

    key: Key
    title: Title
    kind: ColumnKind = QuestionKind.TEXT


class Question(DocumentPart):
    """One question. `most` are characters of a text, rows of a table, megabytes of a file; `figure` names a figure."""

    key: Key
    title: QuestionTitle
    kind: QuestionKind = QuestionKind.TEXT
    help: LongText = NO_WORDS
    required: YesNo = Field(default=False, description="Whether an application must answer it.")
    most: Annotated[int, whole_number(0, max(_MAX_SIZES.values()))] = Field(
        default=0, description="Characters of a text, rows of a table, megabytes of a file."
    )
    choices: Annotated[dict[Name, Title], Field(min_length=1)] = Field(
        default_factory=dict, description="What can be chosen (kind: choice)."
    )
    columns: Annotated[tuple[TableColumn, ...], Named()] = Field(default=(), description="For kind: table.")
    figure: Annotated[str, OneOf(FIGURES)] = Field(default="", description="A figure by its name (kind: figure).")

    @model_validator(mode="before")
    @classmethod
    def _apply_kind(cls, value: object) -> object:
        """Leave out what a question of this kind does not have, ask for what it needs, and give it its usual size."""
        if not isinstance(value, dict):
            return value
        kind = value.get("kind") or QuestionKind.TEXT
        fields = {key: part for key, part in value.items() if key not in _KEYS_OF_KIND or _KEYS_OF_KIND[key] == kind}
        if kind in list(_NEEDED_KEYS) and fields.get(_NEEDED_KEYS[kind]) is None:
            fields[_NEEDED_KEYS[kind]] = {}
        if kind not in list(_MAX_SIZES):
            fields.pop("most", None)
        elif fields.get("most") is None:
            fields["most"] = _DEFAULT_SIZES[QuestionKind(kind)]
        return fields

    def inconsistencies(self, context: ReadingContext) -> Inconsistencies:
        if self.kind in _MAX_SIZES and not 1 <= self.most <= _MAX_SIZES[self.kind]:
            yield ("most",), whole_number_message(1, _MAX_SIZES[self.kind])
        if self.kind is QuestionKind.FIGURE and not self.figure:
            yield (), missing_key_message("figure")


class ApplicationSection(DocumentPart):
    """A part of the application; filled in up to `repeat` times, once where that is 1."""

    key: Key
    title: SectionTitle
    questions: Annotated[tuple[Question, ...], Named()]
    repeat: Annotated[int, whole_number(1, 100)] = Field(default=1, description="How often it can be filled in.")
    help: LongText = NO_WORDS

    def question(self, key: str) -> Question | None:
        """The question of that key."""
        return next((question for question in self.questions if question.key == key), None)


@dataclass(frozen=True, slots=True)
class MarkAnchor:
    """The meaning of a mark."""

    mark: Decimal
    words: BilingualText


class CallCriterion(DocumentPart):
    """A criterion of the review; the weights of all criteria sum to 1."""

    key: Key
    title: Title
    weight: ExactDecimal = Field(description="Above 0; the weights of all criteria sum to 1.")
    low: ExactDecimal = Field(default=Decimal(0), description="The lowest mark.")
    high: ExactDecimal = Field(default=Decimal(5), description="The highest mark.")
    anchors: Annotated[tuple[MarkAnchor, ...], Pairs(MarkAnchor, ExactDecimal, QuestionTitle)] = Field(
        default=(), description="What some of the marks stand for."
    )

    def inconsistencies(self, context: ReadingContext) -> Inconsistencies:
        if self.high <= self.low:
            yield ("high",), _("The highest mark must be above the lowest one.")
        if not 0 < self.weight <= 1:
            yield ("weight",), _("A weight is above 0 and at most 1.")
        for anchor in self.anchors:
            if not self.low <= anchor.mark <= self.high:
                message = _("This mark is not on the scale from %(low)s to %(high)s.")
                yield ("anchors", str(anchor.mark)), message % {"low": self.low, "high": self.high}


class EligibilityRule(DocumentPart):
    """A condition of eligibility: the name and parameters of a check, the text it comes from, how sure the rule is."""

    model_config = ConfigDict(json_schema_extra={"additionalProperties": True})

    key: Key
    check: Annotated[str, OneOf(ELIGIBILITY_CHECKS)] = Field(description="A check by its name.")
    title: Title
    text: RuleText = NO_WORDS
    mark: Mark = Field(description="How sure the rule is.")
    parameters: Annotated[JsonObject, SkipJsonSchema()] = Field(
        default_factory=dict, validation_alias=_PARAMETERS_ALIAS
    )

    @model_validator(mode="before")
    @classmethod
    def _collect_parameters(cls, value: object) -> object:
        """Move the keys that are not fields of a rule into the parameters of its check."""
        if not isinstance(value, dict) or "parameters" in value:
            return value
        parameters = {key: part for key, part in value.items() if key not in _RULE_KEYS}
        own = {key: part for key, part in value.items() if key in _RULE_KEYS}
        return {**own, _PARAMETERS_ALIAS: parameters}

    def inconsistencies(self, context: ReadingContext) -> Inconsistencies:
        check = ELIGIBILITY_CHECKS[self.check]
        for key in sorted(set(self.parameters) - check.parameters):
            yield (key,), unknown_word_message(key, {"check", "title", "text", "mark", *check.parameters})
        for key in sorted(check.parameters - check.optional - set(self.parameters)):
            yield (), missing_key_message(key)


_RULE_KEYS = {str(part.validation_alias or name) for name, part in EligibilityRule.model_fields.items()}


class Outcome(DocumentPart):
    """A possible decision: the label it awards, if any, for how many months, and at most how many times.

    With `confirmed_months` the label is on probation for `months`; once confirmed it lasts `confirmed_months` in all.
    `letter` is the text sent to the applicant, with placeholders from `LETTER_PLACEHOLDERS`.
    """

    key: Key
    title: Title
    label: Name | SkipJsonSchema[Literal[""]] = Field(default="", description="The label that is awarded.")
    months: Annotated[int, whole_number(1, 600)] = Field(default=0, description="For how long it is held.")
    most: Annotated[int, whole_number(0, 10_000)] = Field(default=0, description="How many there may be; 0 for any.")
    confirmed_months: Annotated[int, whole_number(0, 600)] = Field(
        default=0, description="On probation for `months`, and once confirmed for so many in all."
    )
    letter: LongText = NO_WORDS

    def inconsistencies(self, context: ReadingContext) -> Inconsistencies:
        if self.label and not self.months:
            yield (), _("Say for how many “months:” the label is then held.")
        if self.confirmed_months and (not self.label or self.confirmed_months <= self.months):
            message = _("A label on probation is held for longer once confirmed: more than its “months:”.")
            yield ("confirmed_months",), message
        for language, text in (("fr", self.letter.fr), ("en", self.letter.en)):
            if unknown := sorted(set(LETTER_PLACEHOLDER.findall(text)) - LETTER_PLACEHOLDERS):
                message = _("A letter cannot name “%(name)s”; between braces it knows: %(known)s.")
                known = ", ".join(sorted(LETTER_PLACEHOLDERS))
                yield ("letter", language), message % {"name": unknown[0], "known": known}


class CallAuthority(DocumentPart):
    """Who decides, on whose proposal, and who runs the call (keys of organisations)."""

    decides: Name
    runs: Name
    proposes: Name = Field(default="", description="Who runs the call, where nobody is named.")

    @model_validator(mode="before")
    @classmethod
    def _default_proposes(cls, value: object) -> object:
        if isinstance(value, dict) and value.get("proposes") is None and "runs" in value:
            return {**value, "proposes": value["runs"]}
        return value


class ReviewTerms(DocumentPart):
    """How applications are reviewed.

    Work done together in the last `years` years is a conflict of interest. A review is due `days` after it is asked;
    its reviewer is reminded once `remind_before` days before the due day, and once `remind_after` days after it.
    """

    reviews: Annotated[int, whole_number(1, 10)] = Field(default=3, description="Reviews of each application.")
    blind: YesNo = Field(default=False, description="Whether reviewers do not see who applies.")
    years: Annotated[int, whole_number(0, 20)] = Field(
        default=3, description="Years back in which work done together makes a conflict."
    )
    days: Annotated[int, whole_number(1, 365)] = Field(default=28, description="Days in which a review is due.")
    remind_before: Annotated[int, whole_number(0, 100)] = Field(
        default=7, description="A reminder so many days before the due day."
    )
    remind_after: Annotated[int, whole_number(1, 100)] = Field(
        default=1, description="A reminder so many days after the due day."
    )

    def inconsistencies(self, context: ReadingContext) -> Inconsistencies:
        if self.remind_before >= self.days:
            message = _("A reminder %(before)s days before the due day comes before the review is asked; make it less "
                        "than the %(days)s days there are.")  # fmt: skip
            yield ("remind_before",), message % {"before": self.remind_before, "days": self.days}


class AgreementHeading(DocumentPart):
    """A heading of the agreement that follows an award; at most one heading is the perimeter."""

    key: Key
    title: SectionTitle
    kind: HeadingKind = HeadingKind.TEXT
    guidance: LongText = NO_WORDS
    required: YesNo = False

    def inconsistencies(self, context: ReadingContext) -> Inconsistencies:
        if self.kind is HeadingKind.PERIMETER and not context.is_first("perimeter"):
            yield ("kind",), _("An agreement has one perimeter; make this heading a text.")


class CallDates(DocumentPart):
    """When the call takes applications, in its time zone; an appeal may be filed within `appeal_days`."""

    zone: str = Field(default=_DEFAULT_ZONE, description="A time zone such as Europe/Paris.")
    opens: Annotated[dt.datetime, WithJsonSchema({"type": "string"})] = Field(description="Such as 2025-11-28T09:00.")
    closes: Annotated[dt.datetime, WithJsonSchema({"type": "string"})] = Field(description="Such as 2026-02-16T13:00.")
    appeal_days: Annotated[int, whole_number(0, 400)] = Field(default=60, description="Days for an appeal.")

    @field_validator("zone", mode="before")
    @classmethod
    def _is_zone(cls, value: object) -> str:
        try:
            return str(ZoneInfo(str(value)))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            message = _("“%s” is no time zone; write for example Europe/Paris.")
            raise invalid(message % str(value)[:60]) from None

    @field_validator("opens", "closes", mode="before")
    @classmethod
    def _in_zone(cls, value: object, info: ValidationInfo) -> dt.datetime:
        try:
            return dt.datetime.fromisoformat(str(value)).replace(tzinfo=ZoneInfo(info.data.get("zone", _DEFAULT_ZONE)))
        except ValueError:
            raise invalid(_("Expected here: a day and time such as 2025-11-28T09:00.")) from None

    def inconsistencies(self, context: ReadingContext) -> Inconsistencies:
        if self.closes <= self.opens:
            yield ("closes",), _("The call closes before it opens; exchange the two.")


class CallDocument(DocumentModel):
    """A whole call. Its moments are in its time zone; `themes` is empty where applications have no theme.

    Awards of a `simulated` call are marked as simulated.
    `agreement` holds the headings of the agreement that follows an award; empty where there is none.
    """

    name: Name = Field(validation_alias="call", description="The name of the call.")
    label: Name
    wave: Name
    title: Title
    about: LongText = NO_WORDS
    authority: CallAuthority
    dates: CallDates
    holders: Annotated[tuple[Annotated[str, OneOf(OrganisationKind.values)], ...], OneOrMany()] = Field(
        description="Kinds of organisation that may apply."
    )
    signatures: SignatureRule = SignatureRule.LEAD
    themes: dict[Name, Title] = Field(default_factory=dict, description="Themes, one of which an application is for.")
    one_per_theme: YesNo = Field(default=False, description="Whether the label is unique in each theme.")
    texts: Annotated[tuple[LegalText, ...], OneOrMany(may_be_empty=True)] = Field(
        default=(), description="The legal texts, by their addresses."
    )
    rules: Annotated[tuple[EligibilityRule, ...], Named()] = ()
    criteria: Annotated[tuple[CallCriterion, ...], Named()]
    sections: Annotated[tuple[ApplicationSection, ...], Named()]
    outcomes: Annotated[tuple[Outcome, ...], Named()]
    review: ReviewTerms = ReviewTerms()
    awarded_to: AwardedTo = AwardedTo.LEAD
    simulated: YesNo = Field(default=False, description="Whether the call tries something out.")
    agreement: Annotated[tuple[AgreementHeading, ...], Named()] = Field(
        default=(), validation_alias="convention", description="The headings of the agreement that follows an award."
    )

    def inconsistencies(self, context: ReadingContext) -> Inconsistencies:
        if self.one_per_theme and not self.themes:
            yield ("one_per_theme",), _("Say which themes there are, in “themes:”.")
        total = sum((criterion.weight for criterion in self.criteria), Decimal(0))
        if total != 1:
            message = _("The weights sum to %(sum)s, and must to 1: add %(missing)s somewhere.")
            yield ("criteria",), message % {"sum": total, "missing": 1 - total}

    @property
    def opens(self) -> dt.datetime:
        """The first moment at which applications are taken."""
        return self.dates.opens

    @property
    def closes(self) -> dt.datetime:
        """The moment from which applications are no longer taken."""
        return self.dates.closes

    @property
    def zone(self) -> str:
        """The time zone of its moments."""
        return self.dates.zone

    @property
    def appeal_days(self) -> int:
        """Within how many days of a decision an appeal may be filed."""
        return self.dates.appeal_days

    def section(self, key: str) -> ApplicationSection | None:
        """The section of that key."""
        return next((section for section in self.sections if section.key == key), None)

    def heading(self, key: str) -> AgreementHeading | None:
        """The heading of the agreement of that key."""
        return next((heading for heading in self.agreement if heading.key == key), None)

    def questions(self) -> Iterator[tuple[ApplicationSection, Question]]:
        """Every question with its section."""
        for section in self.sections:
            for question in section.questions:
                yield section, question

    def is_open(self, at: dt.datetime) -> bool:
        """Whether applications are taken at a moment: from `opens` (included) to `closes` (excluded)."""
        return self.opens <= at < self.closes
