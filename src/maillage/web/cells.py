"""From the values of a listing to what a page shows and what an export writes."""

import datetime as dt
import functools
from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from maillage.kernel import wording
from maillage.kernel.listing import Between, Country, Language, Money, Partial, Region, Said
from maillage.kernel.reading import Reading
from maillage.web.links import carry


@functools.singledispatch
def words(value: Any) -> str:
    """A value as plain text in the reader's language."""
    return str(value)


words.register(type(None), lambda _none: "")
words.register(bool, str)
words.register(int, wording.number)
words.register(float, wording.number)
words.register(Decimal, wording.number)
words.register(list, lambda items: ", ".join(words(item) for item in items if item))
words.register(dt.datetime, wording.moment)
words.register(dt.date, wording.day)
words.register(Money, lambda money: wording.amount(money.amount, money.currency))
words.register(Partial, lambda date: wording.partial_date(date.edtf))
words.register(Between, lambda period: wording.period(period.start, period.end))
words.register(Country, lambda country: wording.country(country.code))
words.register(Region, lambda region: wording.region(region.code))
words.register(Language, lambda language: wording.language_name(language.code))


def html(value: Any, reading: Reading | None) -> SafeString:
    """A value for the screen; links inside the site carry the reading."""
    if isinstance(value, list | tuple):
        return format_html_join(", ", "{}", ((html(item, reading),) for item in value if item))
    if not isinstance(value, Said):
        return format_html("{}", words(value))
    language = format_html(' lang="{}"', value.language) if value.language else ""
    if value.url:
        return format_html('<a href="{}"{}>{}</a>', carry(value.url, reading), language, value.text)
    return format_html("<span{}>{}</span>", language, value.text) if language else format_html("{}", value.text)


def exported(value: Any) -> str | int | float | Decimal | dt.date:
    """A value for a file: numbers and days stay numbers and days, dates of facts stay EDTF, the rest is text."""
    match value:
        case Money(amount, _currency):
            return amount
        case Partial(edtf):
            return edtf
        case Between(start, end):
            return wording.period(start, end)
        case list() | tuple():
            return "; ".join(str(exported(item)) for item in value if item)
        case int() | float() | Decimal() | dt.date():
            return value
    return words(value)
