"""The values of listings as JSON: dates of facts stay EDTF, amounts stay decimal, countries and languages are codes."""

import datetime as dt
import functools
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.functional import Promise

from maillage.kernel.listing import LISTINGS, Between, Country, Language, Money, Partial, Said

ROOT = "/api/v1/"
# A page stands at /fr/… or /en/….
_LANGUAGE = len("/fr/")


@functools.singledispatch
def plain(value: Any) -> Any:
    """A value as JSON writes it."""
    return str(value)


def _itself(value: Any) -> Any:
    return value


def _text(text: str) -> str | None:
    return text or None


for _kind in (type(None), bool, int, float):
    plain.register(_kind, _itself)
plain.register(str, _text)
plain.register(Promise, str)
plain.register(Decimal, str)
plain.register(dt.datetime, lambda moment: moment.isoformat())
plain.register(dt.date, lambda day: day.isoformat())
plain.register(Partial, lambda date: _text(date.edtf))
plain.register(Between, lambda period: {"start": period.start, "end": period.end})
plain.register(Country, lambda country: _text(country.code))
plain.register(Language, lambda language: _text(language.code))
plain.register(Money, lambda money: {"amount": str(money.amount), "currency": money.currency})


@plain.register(list)
@plain.register(tuple)
def _items(items: list[Any]) -> list[Any]:
    return [plain(item) for item in items if item]


@plain.register(Said)
def _said(said: Said) -> dict[str, str]:
    """A text; `language` where it is not the reader's, `href` where it leads to a record, `url` to a page."""
    found = {"text": str(said.text)}
    if said.language:
        found["language"] = said.language
    if said.url:
        name, address = address_of(said.url)
        found[name] = address
    return found


def address_of(url: str) -> tuple[str, str]:
    """The place in the API of a page of this site that shows a record, else the page itself, in full."""
    if not url.startswith("/"):
        return "url", url
    bare = url[_LANGUAGE:]
    name, slash, slug = bare.partition("/")
    if slash and slug and name in LISTINGS and "?" not in slug and "#" not in slug:
        return "href", f"{ROOT}{bare}"
    return "url", f"{settings.SITE_URL}{url}"
