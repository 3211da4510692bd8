"""The fields of an offer, as arguments of actions and values of forms."""

from dataclasses import dataclass, field
from decimal import Decimal

from typing_extensions import TypedDict


@dataclass(frozen=True, slots=True)
class OfferDraft:
    """The fields of an offer. `cost` is indicative; `languages` are codes of ISO 639-1."""

    title_fr: str
    title_en: str
    keywords: list[str] = field(default_factory=list)
    stage_fr: str = ""
    stage_en: str = ""
    trl_low: int | None = None
    trl_high: int | None = None
    languages: list[str] = field(default_factory=list)
    cost: Decimal | None = None
    currency: str = "EUR"
    note_fr: str = ""
    note_en: str = ""


class OfferChanges(TypedDict, total=False):
    """The fields of an `OfferDraft` that a revision changes."""

    title_fr: str
    title_en: str
    keywords: list[str]
    stage_fr: str
    stage_en: str
    trl_low: int | None
    trl_high: int | None
    languages: list[str]
    cost: Decimal | None
    currency: str
    note_fr: str
    note_en: str
