"""The values of listings as JSON: dates of facts stay EDTF, amounts stay decimal, countries and languages are codes."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from django.utils.functional import Promise

from maillage.api.addresses import page_reference
from maillage.core.json_types import Json
from maillage.listing.values import Country, Language, LocalisedText, Money, PartialDate, PeriodValue, Region


def json_value(value: object) -> Json:
    """The JSON form of a value of a listing; a type without a rule of its own is written as its text."""
    kind = type(value)
    if kind not in _WRITERS:
        _WRITERS[kind] = next((_WRITERS[base] for base in kind.__mro__ if base in _WRITERS), str)
    return _WRITERS[kind](value)


def _unchanged(value: object) -> Json:
    return value


def _text(text: str) -> str | None:
    return text or None


def _json_list(items: list[object]) -> list[Json]:
    return [json_value(item) for item in items if item]


def _localised_text(text: LocalisedText) -> dict[str, str]:
    """A text; `language` where it is not the reader's, `href` where it leads to a record, `url` to a page."""
    result = {"text": str(text.text)}
    if text.language:
        result["language"] = text.language
    if text.url:
        name, address = page_reference(text.url)
        result[name] = address
    return result


# By type; a value of another type is written as the first of its base classes that is here.
_WRITERS: dict[type, Callable[[Json], Json]] = {
    type(None): _unchanged,
    bool: _unchanged,
    int: _unchanged,
    float: _unchanged,
    str: _text,
    Promise: str,
    Decimal: str,
    dt.datetime: dt.datetime.isoformat,
    dt.date: dt.date.isoformat,
    PartialDate: lambda date: _text(date.edtf),
    PeriodValue: lambda period: {"start": period.start, "end": period.end},
    Country: lambda country: _text(country.code),
    Region: lambda region: _text(region.code),
    Language: lambda language: _text(language.code),
    Money: lambda money: {"amount": str(money.amount), "currency": money.currency},
    list: _json_list,
    tuple: _json_list,
    dict: _unchanged,
    LocalisedText: _localised_text,
}
