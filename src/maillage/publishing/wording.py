"""How values are written inside a sentence, in the active language: dates, amounts, enumerations."""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal, get_currency_name
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from maillage.kernel.periods import span

_LOCALES = {"fr": Locale("fr", "FR"), "en": Locale("en", "GB")}
_PLACE = re.compile(r"\x00(\d+)\x00")
_MILLION = 1_000_000


def language() -> str:
    """`fr` or `en`, the two languages in which sentences are kept."""
    return "fr" if (get_language() or "fr").startswith("fr") else "en"


def locale() -> Locale:
    return _LOCALES[language()]


def spaced(text: str) -> str:
    """A text of ours with the spaces that French keeps on one line with the sign they stand by."""
    if language() != "fr":
        return text
    return re.sub(r" (?=[:»])|(?<=«) ", "\u00a0", re.sub(r" (?=[;?!])", "\u202f", text))


def day_words(day: dt.date) -> str:
    """`7 February 2020`, `1er février 2020`."""
    words = str(format_date(day, "long", locale()))
    return re.sub(r"^1 ", "1er ", words) if language() == "fr" else words


def date_words(text: str) -> str:
    """An EDTF date: the year, month or day that it gives, with *about* where it is doubtful."""
    bare = text.rstrip("?~%")
    if "X" in bare:
        return _about(bare.replace("X", "0")[:4])
    words = day_words(span(bare).first) if is_day(bare) else _month(bare) if len(bare) == len("2020-02") else bare
    return words if bare == text else _about(words)


def _about(words: str) -> str:
    return _("about %(date)s") % {"date": words}


def _month(text: str) -> str:
    return str(format_skeleton("yMMMM", span(text).first, locale=locale()))


def is_day(text: str) -> bool:
    """Whether a date gives its day: French then writes “jusqu’au”, not “jusqu’en”."""
    return len(text.rstrip("?~%")) == len("2020-02-07")


def until(text: str) -> str:
    """`until June 2023`, `jusqu’au 24 avril 2027`."""
    words = pgettext("a day", "until %(date)s") if is_day(text) else pgettext("a year or month", "until %(date)s")
    return words % {"date": date_words(text)}


def number(value: int | Decimal) -> str:
    return str(format_decimal(value, locale=locale()))


def amount(value: Decimal, currency: str) -> str:
    """Money as a sentence says it: `300 000 euros`, `30 millions d’euros`, `20.2 million euros`."""
    millions = value / _MILLION
    if millions >= 1 and millions == round(millions, 1):
        count = format_decimal(millions.normalize(), locale=locale(), format="#,##0.#")
        return f"{count} {_million(millions)}{_of_currency(currency)}"
    pattern = "#,##0" if value == value.to_integral_value() else "#,##0.00"
    return f"{format_decimal(value, locale=locale(), format=pattern)} {_currency(currency)}"


def _million(millions: Decimal) -> str:
    if language() == "en":
        return "million "
    return "millions " if millions >= 2 else "million "


def _of_currency(currency: str) -> str:
    name = _currency(currency)
    if language() == "en":
        return name
    return f"d’{name}" if name[0] in "aeiou" else f"de {name}"


def _currency(currency: str) -> str:
    return str(get_currency_name(currency, count=2, locale=locale()))


def enumeration(count: int) -> list[str | int]:
    """The places of an enumeration and the words between them: `[0, ", ", 1, " and ", 2]`."""
    joined = format_list([f"\0{place}\0" for place in range(count)], locale=locale())
    return [int(part) if place % 2 else part for place, part in enumerate(_PLACE.split(joined)) if part]


def enumerated(words: Sequence[str]) -> str:
    """`A, B and C`."""
    return "".join(part if isinstance(part, str) else words[part] for part in enumeration(len(words)))
