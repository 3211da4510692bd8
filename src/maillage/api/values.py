"""The values of listings as JSON: dates of facts stay EDTF, amounts stay decimal, countries and languages are codes."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.functional import Promise

from maillage.kernel.listing import LISTINGS, Between, Country, Language, Money, Partial, Region, Said

ROOT = "/api/v1/"
# A page stands at /fr/… or /en/….
_LANGUAGE = len("/fr/")


def plain(value: Any) -> Any:
    """A value as JSON writes it."""
    kind = type(value)
    if kind not in _WRITERS:
        _WRITERS[kind] = next((_WRITERS[one] for one in kind.__mro__ if one in _WRITERS), str)
    return _WRITERS[kind](value)


def _itself(value: Any) -> Any:
    return value


def _text(text: str) -> str | None:
    return text or None


def _items(items: list[Any]) -> list[Any]:
    return [plain(item) for item in items if item]


def _said(said: Said) -> dict[str, str]:
    """A text; `language` where it is not the reader's, `href` where it leads to a record, `url` to a page."""
    found = {"text": str(said.text)}
    if said.language:
        found["language"] = said.language
    if said.url:
        name, address = address_of(said.url)
        found[name] = address
    return found


# By the kind of value; one that inherits from several kinds is written as the first of them.
_WRITERS: dict[type, Callable[[Any], Any]] = {
    type(None): _itself,
    bool: _itself,
    int: _itself,
    float: _itself,
    str: _text,
    Promise: str,
    Decimal: str,
    dt.datetime: dt.datetime.isoformat,
    dt.date: dt.date.isoformat,
    Partial: lambda date: _text(date.edtf),
    Between: lambda period: {"start": period.start, "end": period.end},
    Country: lambda country: _text(country.code),
    Region: lambda region: _text(region.code),
    Language: lambda language: _text(language.code),
    Money: lambda money: {"amount": str(money.amount), "currency": money.currency},
    list: _items,
    tuple: _items,
    Said: _said,
}


def address_of(url: str) -> tuple[str, str]:
    """The place in the API of a page of this site that shows a record, else the page itself, in full."""
    if not url.startswith("/"):
        return "url", url
    bare = url[_LANGUAGE:]
    name, slash, slug = bare.partition("/")
    if slash and slug and name in LISTINGS and "?" not in slug and "#" not in slug:
        return "href", f"{ROOT}{bare}"
    return "url", f"{settings.SITE_URL}{url}"
