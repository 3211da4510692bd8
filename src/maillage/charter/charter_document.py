"""A charter as a value: what a holder commits to, and by which evidence that is followed. Made by `reading`."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from maillage.documents.bilingual_text import BilingualText

NO_WORDS = BilingualText("", "")


class EvidenceKind(StrEnum):
    """What shows that a commitment is kept."""

    FIGURE = "figure"
    CERTIFICATES = "certificates"
    OBJECTIVES = "objectives"
    ATTACHMENT = "attachment"
    DECLARATION = "declaration"


@dataclass(frozen=True, slots=True)
class EvidenceRequest:
    """One piece of evidence asked for.

    A `figure` of the register, `least` being the value below which it does not do; or something attached or declared,
    `title` saying what and `months` after how many it must be given again, 0 for once and for all.
    """

    kind: EvidenceKind
    title: BilingualText = NO_WORDS
    months: int = 0
    figure: str = ""
    least: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Commitment:
    """What the holder commits to, where that was read, how sure it is, and the evidence asked."""

    key: str
    text: BilingualText
    source: str
    mark: str
    asked: tuple[EvidenceRequest, ...]

    def evidence_request(self, kind: EvidenceKind) -> EvidenceRequest | None:
        """What is asked of a kind."""
        return next((one for one in self.asked if one.kind is kind), None)


@dataclass(frozen=True, slots=True)
class CharterSection:
    """A part of the charter."""

    key: str
    title: BilingualText
    commitments: tuple[Commitment, ...]


@dataclass(frozen=True, slots=True)
class CharterReview:
    """A review of the period, due so many months after the label was awarded."""

    key: str
    title: BilingualText
    months: int


@dataclass(frozen=True, slots=True)
class CharterDocument:
    """A whole charter, which applies from the day `since`; what ends within `warn_days` is about to end."""

    name: str
    label: str
    title: BilingualText
    about: BilingualText
    since: dt.date
    warn_days: int
    sections: tuple[CharterSection, ...]
    reviews: tuple[CharterReview, ...]
    document: Mapping[str, Any]

    def commitments(self) -> Iterator[Commitment]:
        """Every commitment, in order."""
        for section in self.sections:
            yield from section.commitments

    def figures(self) -> set[str]:
        """The figures of the register that it asks for, by name."""
        return {asked.figure for one in self.commitments() for asked in one.asked if asked.figure}

    def commitment(self, key: str) -> Commitment | None:
        """The commitment of that key."""
        return next((one for one in self.commitments() if one.key == key), None)

    def review(self, key: str) -> CharterReview | None:
        """The review of that key."""
        return next((one for one in self.reviews if one.key == key), None)
