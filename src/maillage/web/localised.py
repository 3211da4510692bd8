"""Dates, periods, amounts and numbers as a reader of the active language writes them."""

import datetime as dt
import re
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_currency, format_decimal
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from maillage.kernel.periods import OPEN, UNKNOWN, BadPeriod, span

_LOCALES = {"fr": Locale("fr", "FR"), "en": Locale("en", "GB")}
_DAY, _MONTH, _YEAR = (len("2020-02-07"), len("2020-02"), len("2020"))


def locale() -> Locale:
    """The Babel locale of the active language."""
    return _LOCALES["fr" if (get_language() or "fr").startswith("fr") else "en"]


def day(date: dt.date) -> str:
    """`7 February 2020`, `1er février 2020`."""
    written = str(format_date(date, "long", locale()))
    return re.sub(r"^1 ", "1er ", written) if locale().language == "fr" else written


def moment(when: dt.datetime) -> str:
    """A day with its hour, in the site's time zone: `7 February 2020, 14:05`."""
    local = timezone.localtime(when)
    return f"{day(local.date())}, {format_datetime(local, 'HH:mm', locale=locale())}"


def partial_date(text: str) -> str:
    """An EDTF date in words: `2020` stays, `2020-02` is a month, `2019?` an uncertain year, `201X` a decade."""
    if text == OPEN:
        return _("open")
    if text == UNKNOWN:
        return _("unknown")
    if "/" in text:
        return period(*text.split("/", 1))
    bare = text.rstrip("?~%")
    try:
        written = _bare_date(bare)
    except BadPeriod:
        return text
    return written if bare == text else _("%(date)s (uncertain)") % {"date": written}


def _bare_date(text: str) -> str:
    first = span(text).first
    if "X" in text:
        return _("the %(year)ss") % {"year": first.year} if re.fullmatch(r"\d{3}X", text) else text
    if len(text) == _DAY:
        return day(first)
    return str(format_skeleton("yMMMM", first, locale=locale())) if len(text) == _MONTH else text


def is_day(text: str) -> bool:
    """Whether a date says its day: French then writes “depuis le …”."""
    return len(text.rstrip("?~%")) == _DAY and "X" not in text


def period(start: str, end: str) -> str:
    """A period in words: `since 2006`, `until February 2019`, `2006 – 2010`, `7 February 2020`."""
    if start == end and start not in (OPEN, UNKNOWN):
        return partial_date(start)
    if start in (OPEN, UNKNOWN):
        return _without_start(start, end)
    if end == OPEN:
        return _since(start)
    if end == UNKNOWN:
        return _("%(since)s, end unknown") % {"since": _since(start)}
    return f"{partial_date(start)} – {partial_date(end)}"


def _since(start: str) -> str:
    words = pgettext("a day", "since %(date)s") if is_day(start) else pgettext("a year or month", "since %(date)s")
    return words % {"date": partial_date(start)}


def _without_start(start: str, end: str) -> str:
    if end == OPEN:
        return _("at all times") if start == OPEN else _("dates unknown")
    if end == UNKNOWN:
        return _("dates unknown")
    words = pgettext("a day", "until %(date)s") if is_day(end) else pgettext("a year or month", "until %(date)s")
    return words % {"date": partial_date(end)}


def number(value: int | float | Decimal) -> str:
    """A number with the separators of the language."""
    return str(format_decimal(value, locale=locale()))


def amount(value: Decimal, currency: str) -> str:
    """Money, without cents where there are none: `1 200 000 €`."""
    pattern = locale().currency_formats["standard"].pattern.split(";")[0]
    if value == value.to_integral_value():
        pattern = pattern.replace(".00", "")
    return str(format_currency(value, currency, format=pattern, locale=locale(), currency_digits=False))


def country(code: str) -> str:
    """The name of a country of ISO 3166."""
    return str(locale().territories.get(code.upper(), code)) if code else ""


def language_name(code: str) -> str:
    """The name of a language of ISO 639, with no capital."""
    return str(locale().languages.get(code, code)) if code else ""
