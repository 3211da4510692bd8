"""The values of cells: localised texts, amounts, links."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language

from maillage.core.models import Fact
from maillage.core.periods import OPEN, UNKNOWN

Text = str | Promise
Records = QuerySet[Any]


# What a cell may hold. Text, numbers, days and lists of these stand for themselves.


@dataclass(frozen=True, slots=True)
class LocalisedText:
    """A text, its language where that is not the reader's, and the page it leads to."""

    text: str
    url: str = ""
    language: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Money:
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class PartialDate:
    """An EDTF date."""

    edtf: str


@dataclass(frozen=True, slots=True)
class PeriodValue:
    """A period, each end in EDTF."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Country:
    """A country of ISO 3166."""

    code: str


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a country, by ISO 3166-2."""

    code: str


@dataclass(frozen=True, slots=True)
class Language:
    """A language of ISO 639."""

    code: str


def localised_text(record: Any, name: str, url: str = "") -> LocalisedText | None:
    """The text of a bilingual field, marked with its language where the reader's is missing."""
    first, second = ("fr", "en") if (get_language() or "fr").startswith("fr") else ("en", "fr")
    if text := getattr(record, f"{name}_{first}"):
        return LocalisedText(text, url)
    text = getattr(record, f"{name}_{second}")
    return LocalisedText(text, url, second) if text else None


def organisation_link(organisation: Any, text: str = "") -> LocalisedText | None:
    """An organisation, linked; or the text that a source gives for one that is not in the register."""
    if organisation is None:
        return LocalisedText(text) if text else None
    return localised_text(organisation, "name", organisation.get_absolute_url())


def short_organisation_link(organisation: Any, text: str = "") -> LocalisedText | None:
    """The same by its acronym, where it has one: for tables with several organisations in a row."""
    found = organisation_link(organisation, text)
    return LocalisedText(organisation.acronym, found.url) if found and organisation and organisation.acronym else found


def period_value(record: Fact) -> PeriodValue | None:
    """The period of a fact, for a cell; nothing where neither end is known."""
    ends = PeriodValue(record.period_start, record.period_end)
    return None if ends.start == UNKNOWN and ends.end in (OPEN, UNKNOWN) else ends
