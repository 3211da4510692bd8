"""Types of the values of cells (texts, amounts, dates, countries …) and functions that make them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language

from maillage.core.models import Fact
from maillage.core.periods import OPEN, UNKNOWN

Text = str | Promise
Records: TypeAlias = QuerySet[Any]  # Any: each listing has a model of its own


# Besides these types, a cell may hold a text, a number, a day, or a list of values.


@dataclass(frozen=True, slots=True)
class LocalisedText:
    """A text with its language, if that is not the active one, and the address it links to, if any."""

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
    """A country, by its ISO 3166 code."""

    code: str


@dataclass(frozen=True, slots=True)
class Region:
    """A region of a country, by its ISO 3166-2 code."""

    code: str


@dataclass(frozen=True, slots=True)
class Language:
    """A language, by its ISO 639 code."""

    code: str


def localised_text(record: Model, name: str, url: str = "") -> LocalisedText | None:
    """The text of a bilingual field; in the other language, and marked with it, if the active one is empty."""
    first, second = ("fr", "en") if (get_language() or "fr").startswith("fr") else ("en", "fr")
    if text := getattr(record, f"{name}_{first}"):
        return LocalisedText(text, url)
    text = getattr(record, f"{name}_{second}")
    return LocalisedText(text, url, second) if text else None


# Any: the organisations stand in a room above.
OrganisationRecord: TypeAlias = Any


def organisation_link(organisation: OrganisationRecord, text: str = "") -> LocalisedText | None:
    """A link to an organisation, or the text of one that is not in the register."""
    if organisation is None:
        return LocalisedText(text) if text else None
    return localised_text(organisation, "name", organisation.get_absolute_url())


def short_organisation_link(organisation: OrganisationRecord, text: str = "") -> LocalisedText | None:
    """`organisation_link` by its acronym, if it has one: for tables with several organisations in a row."""
    link = organisation_link(organisation, text)
    return LocalisedText(organisation.acronym, link.url) if link and organisation and organisation.acronym else link


def period_value(record: Fact) -> PeriodValue | None:
    """The period of a fact, for a cell; `None` if it has no known end."""
    period = PeriodValue(record.period_start, record.period_end)
    return None if period.start == UNKNOWN and period.end in (OPEN, UNKNOWN) else period
