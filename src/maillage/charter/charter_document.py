"""The schema of a charter: commitments, the evidence they ask for, and reviews.

`maillage.charter.parser` describes the YAML.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field, field_validator

from maillage.documents.bilingual_text import BilingualText
from maillage.documents.document_model import DocumentModel, DocumentPart, Inconsistencies
from maillage.documents.field_types import (
    Bilingual,
    Day,
    ExactDecimal,
    Key,
    Name,
    Named,
    OneOf,
    PlainText,
    ReadingContext,
    YesNo,
    invalid,
    whole_number,
)
from maillage.labels.vocabulary import CertaintyMark
from maillage.register.figure_provider import FIGURES

NO_WORDS = BilingualText("", "")

Title = Annotated[BilingualText, Bilingual(120)]
RequestTitle = Annotated[BilingualText, Bilingual(300)]
LongText = Annotated[BilingualText, Bilingual(2_000)]


class EvidenceKind(StrEnum):
    """The kind of evidence that a commitment is kept."""

    FIGURE = "figure"
    CERTIFICATES = "certificates"
    OBJECTIVES = "objectives"
    ATTACHMENT = "attachment"
    DECLARATION = "declaration"


@dataclass(frozen=True, slots=True)
class EvidenceRequest:
    """One piece of evidence asked for.

    Either a `figure` of the register, at least `least`; or something attached or declared, described by `title`, to be
    renewed every `months` months (0 for never).
    """

    kind: EvidenceKind
    title: BilingualText = NO_WORDS
    months: int = 0
    figure: str = ""
    least: Decimal | None = None


class GivenEvidence(DocumentPart):
    """Something that the holder attaches or declares, renewed every `months` months (0 for never)."""

    title: RequestTitle
    months: Annotated[int, whole_number(0, 240)] = 0


class Evidence(DocumentPart):
    """The evidence that a commitment asks for, at least one piece."""

    figure: Annotated[str, OneOf(FIGURES)] = Field(default="", description="A figure of the register, by its name.")
    least: ExactDecimal | None = Field(default=None, description="The value below which the figure is not enough.")
    certificates: YesNo = Field(default=False, description="Whether one certificate at least must be in force.")
    objectives: YesNo = Field(default=False, description="Whether there must be a target for the year.")
    attachment: GivenEvidence | None = None
    declaration: GivenEvidence | None = None

    @field_validator("figure", mode="before")
    @classmethod
    def _is_named(cls, value: object) -> object:
        if value is None:
            raise invalid(_("Name a figure."))
        return value

    def inconsistencies(self, context: ReadingContext) -> Inconsistencies:
        if self.least is not None and not self.figure:
            yield ("least",), _("A “least:” belongs to a “figure:”; name the figure or take it out.")
        if not any(self.requests()):
            yield (), _("Ask for one piece of evidence at least: %s.") % ", ".join(EvidenceKind)

    def requests(self) -> Iterator[EvidenceRequest]:
        """Each piece of evidence separately."""
        if self.figure:
            yield EvidenceRequest(EvidenceKind.FIGURE, figure=self.figure, least=self.least)
        if self.certificates:
            yield EvidenceRequest(EvidenceKind.CERTIFICATES)
        if self.objectives:
            yield EvidenceRequest(EvidenceKind.OBJECTIVES)
        if self.attachment:
            yield EvidenceRequest(EvidenceKind.ATTACHMENT, self.attachment.title, self.attachment.months)
        if self.declaration:
            yield EvidenceRequest(EvidenceKind.DECLARATION, self.declaration.title, self.declaration.months)


Mark = Annotated[str, OneOf(CertaintyMark.values), BeforeValidator(lambda mark: mark or CertaintyMark.UNCERTAIN.value)]


class Commitment(DocumentPart):
    """A commitment of the holder, its source, how sure it is, and the evidence it asks for."""

    key: Key
    text: LongText
    source: PlainText = Field(default="", description="Where it was read.")
    mark: Mark = Field(description="How sure it is.")
    evidence: Evidence

    def inconsistencies(self, context: ReadingContext) -> Inconsistencies:
        """Proofs refer to a commitment by its key alone, so a key must be unique across sections."""
        if not context.is_first("commitment", self.key):
            yield (), _("“%s” stands in another section too; give one of the two another key.") % self.key

    @cached_property
    def asked(self) -> tuple[EvidenceRequest, ...]:
        """The pieces of evidence asked for."""
        return tuple(self.evidence.requests())

    def evidence_request(self, kind: EvidenceKind) -> EvidenceRequest | None:
        """The request for evidence of that kind."""
        return next((request for request in self.asked if request.kind is kind), None)


class CharterSection(DocumentPart):
    """A part of the charter."""

    key: Key
    title: Title
    commitments: Annotated[tuple[Commitment, ...], Named()]


class CharterReview(DocumentPart):
    """A review of the period, due so many months after the label was awarded."""

    key: Key
    title: Title
    months: Annotated[int, whole_number(1, 600)]


class CharterDocument(DocumentModel):
    """A whole charter, which applies from the day `since`; evidence that ends within `warn_days` is about to end."""

    name: Name = Field(validation_alias="charter", description="The name of the charter.")
    label: Name = Field(description="The label whose holders commit to it.")
    title: Title
    about: LongText = NO_WORDS
    since: Day = Field(validation_alias="from", description="The day from which this version applies.")
    warn_days: Annotated[int, whole_number(0, 1_000)] = Field(
        default=90, description="What ends within so many days is about to end."
    )
    sections: Annotated[tuple[CharterSection, ...], Named()]
    reviews: Annotated[tuple[CharterReview, ...], Named()] = ()

    def commitments(self) -> Iterator[Commitment]:
        """Every commitment, in order."""
        for section in self.sections:
            yield from section.commitments

    def figures(self) -> set[str]:
        """The figures of the register that it asks for, by name."""
        return {request.figure for commitment in self.commitments() for request in commitment.asked if request.figure}

    def commitment(self, key: str) -> Commitment | None:
        """The commitment of that key."""
        return next((commitment for commitment in self.commitments() if commitment.key == key), None)

    def review(self, key: str) -> CharterReview | None:
        """The review of that key."""
        return next((review for review in self.reviews if review.key == key), None)
