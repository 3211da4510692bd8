"""Rows."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OfferDraft:
    """What an offer says. `cost` is indicative; `languages` are codes of ISO 639-1."""

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
