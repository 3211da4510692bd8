"""The values of listings as JSON: dates of facts stay EDTF, amounts stay decimal, countries and languages are codes."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise

from maillage.api.addresses import page_reference
from maillage.listing.values import Country, Language, LocalisedText, Money, PartialDate, PeriodValue, Region


def json_value(value: Any) -> Any:
    """A value as JSON writes it."""
    kind = type(value)
    if kind not in _WRITERS:
        _WRITERS[kind] = next((_WRITERS[one] for one in kind.__mro__ if one in _WRITERS), str)
    return _WRITERS[kind](value)


def _unchanged(value: Any) -> Any:
    return value


def _text(text: str) -> str | None:
    return text or None


def _json_list(items: list[Any]) -> list[Any]:
    return [json_value(item) for item in items if item]


def _localised_text(said: LocalisedText) -> dict[str, str]:
    """A text; `language` where it is not the reader's, `href` where it leads to a record, `url` to a page."""
    found = {"text": str(said.text)}
    if said.language:
        found["language"] = said.language
    if said.url:
        name, address = page_reference(said.url)
        found[name] = address
    return found


# By the kind of value; one that inherits from several kinds is written as the first of them.
_WRITERS: dict[type, Callable[[Any], Any]] = {
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
