"""Formats of values in the active language (dates, periods, amounts, enumerations), alone or in a sentence.

A value alone (in a cell, in a fact) is exact: `2019 (uncertain)`, `€300,000`. In a sentence it is written in words:
`about 2019`, `300,000 euros`.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, get_currency_name
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from maillage.core.edtf_dates import marks_of, without_marks, year_part
from maillage.core.periods import OPEN, UNKNOWN, InvalidPeriodError, span
from maillage.core.regions import region_name
from maillage.core.text import fold

_LOCALES = {"fr": Locale("fr", "FR"), "en": Locale("en", "GB")}
_DAY, _MONTH = (len("2020-02-07"), len("2020-02"))
_PLACE = re.compile(r"\x00(\d+)\x00")
_MILLION = 1_000_000


def language() -> str:
    """The active language: `fr`, or `en` for any other."""
    return "fr" if (get_language() or "fr").startswith("fr") else "en"


def locale() -> Locale:
    """The Babel locale of the active language."""
    return _LOCALES[language()]


def with_french_spaces(text: str) -> str:
    """An interface text with the non-breaking spaces of French punctuation, if French is active."""
    if language() != "fr":
        return text
    return re.sub(r" (?=[:»])|(?<=«) ", "\u00a0", re.sub(r" (?=[;?!])", "\u202f", text))


def join_items(texts: Iterable[object]) -> str:
    """Texts one after the other, with the semicolon that the language sets between them."""
    return ("\u202f; " if language() == "fr" else "; ").join(map(str, texts))


def enumeration(texts: Iterable[object]) -> str:
    """Texts in a sentence: `A, B and C`."""
    return str(format_list(list(map(str, texts)), locale=locale()))


def day(date: dt.date) -> str:
    """`7 February 2020`, `1er février 2020`."""
    formatted = str(format_date(date, "long", locale()))
    return re.sub(r"^1 ", "1er ", formatted) if language() == "fr" else formatted


def place_and_day(place: str, date: dt.date) -> str:
    """The line that begins a letter: `Paris, 7 February 2020`, `Paris, le 7 février 2020`; the day alone elsewhere."""
    if not place:
        return day(date)
    return pgettext("place and day of a letter", "%(place)s, %(day)s") % {"place": place, "day": day(date)}


def short_day(date: dt.date) -> str:
    """A day for a narrow place, with the year only where it is not this one: `7 Feb`, `7 févr. 2020`."""
    skeleton = "MMMd" if date.year == timezone.localdate().year else "yMMMd"
    formatted = str(format_skeleton(skeleton, date, locale=locale()))
    return re.sub(r"^1 ", "1er ", formatted) if language() == "fr" else formatted


def short_moment(when: dt.datetime) -> str:
    """A day with its hour for a narrow place: `7 Feb, 14:05`."""
    local = timezone.localtime(when)
    return f"{short_day(local.date())}, {format_datetime(local, 'HH:mm', locale=locale())}"


def moment(when: dt.datetime) -> str:
    """A day with its hour, in the site's time zone: `7 February 2020, 14:05`."""
    local = timezone.localtime(when)
    return f"{day(local.date())}, {format_datetime(local, 'HH:mm', locale=locale())}"


def partial_date(text: str) -> str:
    """An EDTF date in words: `2020` stays, `2020-02` is a month, `2020-21` a spring, `201X` a decade.

    `2019?` is marked as uncertain, `2019~` as approximate.
    """
    if text == OPEN:
        return _("open")
    if text == UNKNOWN:
        return _("unknown")
    if "/" in text:
        return period(*text.split("/", 1))
    try:
        formatted = _exact_date(without_marks(text))
    except InvalidPeriodError:
        return text
    patterns = {
        "": "%(date)s",
        "?": _("%(date)s (uncertain)"),
        "~": _("%(date)s (approximate)"),
        "%": _("%(date)s (approximate and uncertain)"),
    }
    return patterns[marks_of(text)] % {"date": formatted}


def _exact_date(text: str) -> str:
    if "X" in text:
        return _with_unknown_digits(text)
    return _with_own_precision(text, span(text).first)


def _with_unknown_digits(text: str) -> str:
    """`201X`: the 2010s; `2006-XX`: 2006 (month unknown); any other by the days between which it lies."""
    days = span(text)
    if re.fullmatch(r"\d{3}X", text):
        return _("the %(year)ss") % {"year": days.first.year}
    if re.fullmatch(r"\d{4}-XX(-XX)?", text):
        return _("%(year)s (month unknown)") % {"year": text[:4]}
    if re.fullmatch(r"\d{4}-\d\d-XX", text):
        return _("%(month)s (day unknown)") % {"month": _with_own_precision(text[:_MONTH], days.first)}
    ends = (days.first.year, days.last.year) if len(text) == len("19XX") else (day(days.first), day(days.last))
    return _("between %(first)s and %(last)s") % {"first": ends[0], "last": ends[1]}


def _year_part_words(text: str) -> str:
    """The words of a season, a quarter, a quadrimester or a semester: `spring 2020`."""
    part = year_part(text)
    names = (_("spring %(year)s"), _("summer %(year)s"), _("autumn %(year)s"), _("winter %(year)s"))
    parts = {33: _("quarter %(number)s of %(year)s"), 37: _("third %(number)s of %(year)s"),
             40: _("half %(number)s of %(year)s")}  # fmt: skip
    if part < min(parts):
        return names[(part - 21) % 4] % {"year": text[:4]}
    first = max(number for number in parts if number <= part)
    return parts[first] % {"number": part - first + 1, "year": text[:4]}


def _with_own_precision(text: str, first: dt.date) -> str:
    """A date with the precision of its text: a day, a month, a season or a year; `first` is its first possible day."""
    if year_part(text):
        return _year_part_words(text)
    if len(text) == _DAY:
        return day(first)
    return str(format_skeleton("yMMMM", first, locale=locale())) if len(text) == _MONTH else text


def date_words(text: str) -> str:
    """An EDTF date in a sentence: its year, month or day, with *about* if it is uncertain."""
    bare = without_marks(text)
    if re.fullmatch(r"\d{3}X", bare):
        return _about(bare.replace("X", "0"))
    if "X" in bare:
        return _with_unknown_digits(bare)
    words = _with_own_precision(bare, span(bare).first)
    return words if bare == text else _about(words)


def _about(words: str) -> str:
    return _("about %(date)s") % {"date": words}


def is_day(text: str) -> bool:
    """Whether an EDTF date has a day: French then writes “depuis le …”, “jusqu’au …”."""
    return len(without_marks(text)) == _DAY and "X" not in text


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
    return _until(end) % {"date": partial_date(end)}


def _until(end: str) -> str:
    return pgettext("a day", "until %(date)s") if is_day(end) else pgettext("a year or month", "until %(date)s")


def until_date(text: str) -> str:
    """The end of a fact in a sentence: `until June 2023`, `jusqu’au 24 avril 2027`."""
    return _until(text) % {"date": date_words(text)}


def since_date(text: str) -> str:
    """The beginning of a fact in a sentence: `since June 2023`, `depuis le 24 avril 2027`."""
    words = pgettext("a day", "since %(date)s") if is_day(text) else pgettext("a year or month", "since %(date)s")
    return words % {"date": date_words(text)}


def on_date(text: str) -> str:
    """When a fact happened, in a sentence: `in June 2023`, `le 24 avril 2027`; in brackets if it has no such form."""
    bare = without_marks(text)
    if "X" in bare or year_part(bare):
        return f"({date_words(text)})"
    words = pgettext("a day", "on %(date)s") if is_day(text) else pgettext("a year or month", "in %(date)s")
    return words % {"date": date_words(text)}


def number(value: int | float | Decimal, places: int | None = None) -> str:
    """A number with the separators of the language, rounded to `places` decimals unless that is `None`."""
    pattern = None if places is None else f"#,##0.{'0' * places}"
    return str(format_decimal(value, pattern, locale=locale()))


def percent(share: float) -> str:
    """A share (0 to 1) in percent: `12 %` in French, `12%` in English; with one decimal below 10%."""
    pattern = "#,##0.#" if abs(share) < 0.1 else "#,##0"
    formatted = format_decimal(share * 100, locale=locale(), format=pattern)
    return f"{formatted}\u202f%" if language() == "fr" else f"{formatted}%"


def amount(value: Decimal, currency: str) -> str:
    """An amount of money, without decimals if it is whole: `1 200 000 €`."""
    pattern = locale().currency_formats["standard"].pattern.split(";")[0]
    if value == value.to_integral_value():
        pattern = pattern.replace(".00", "")
    return str(format_currency(value, currency, format=pattern, locale=locale(), currency_digits=False))


def amount_words(value: Decimal, currency: str) -> str:
    """An amount of money in a sentence: `300 000 euros`, `30 millions d’euros`, `20.2 million euros`."""
    millions = value / _MILLION
    if millions >= 1 and millions == round(millions, 1):
        count = format_decimal(millions.normalize(), locale=locale(), format="#,##0.#")
        return f"{count} {_million(millions)}{_after_millions(currency)}"
    pattern = "#,##0" if value == value.to_integral_value() else "#,##0.00"
    return f"{format_decimal(value, locale=locale(), format=pattern)} {_currency(currency)}"


def _million(millions: Decimal) -> str:
    if language() == "en":
        return "million "
    return "millions " if millions >= 2 else "million "


def _after_millions(currency: str) -> str:
    name = _currency(currency)
    if language() == "en":
        return name
    return f"d’{name}" if name[0] in "aeiou" else f"de {name}"


def _currency(currency: str) -> str:
    return str(get_currency_name(currency, count=2, locale=locale()))


def country(code: str) -> str:
    """The name of a country by its ISO 3166 code; the code itself if it is unknown."""
    return str(locale().territories.get(code.upper(), code)) if code else ""


def countries() -> list[tuple[str, str]]:
    """Every country of ISO 3166 as (code, name), by name in the active language."""
    import pycountry  # reads its tables on first use

    pairs = [(country_data.alpha_2, country(country_data.alpha_2)) for country_data in pycountry.countries]
    return sorted(pairs, key=lambda pair: fold(pair[1]))


def region(code: str) -> str:
    """The name of a region by its ISO 3166-2 code, as its country writes it; the code itself if it is unknown."""
    return region_name(code) or code


def language_name(code: str) -> str:
    """The name of a language by its ISO 639 code; the code itself if it is unknown."""
    return str(locale().languages.get(code, code)) if code else ""


def enumeration_parts(count: int) -> list[str | int]:
    """The indices of an enumeration of `count` items and the words between them: `[0, ", ", 1, " and ", 2]`."""
    joined = format_list([f"\0{place}\0" for place in range(count)], locale=locale())
    return [int(part) if place % 2 else part for place, part in enumerate(_PLACE.split(joined)) if part]


def join_words(words: Sequence[str]) -> str:
    """`A, B and C`."""
    return "".join(part if isinstance(part, str) else words[part] for part in enumeration_parts(len(words)))
