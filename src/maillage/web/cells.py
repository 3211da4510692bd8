"""From the values of a listing to what a page shows and what an export writes."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from maillage.kernel.listing import Between, Country, Language, Money, Partial, Said
from maillage.kernel.reading import Reading
from maillage.web import localised
from maillage.web.links import carry


def words(value: Any) -> str:
    """A value as plain text in the reader's language."""
    match value:
        case None:
            return ""
        case list() | tuple():
            return ", ".join(words(item) for item in value if item)
        case Money(amount, currency):
            return localised.amount(amount, currency)
        case Partial(edtf):
            return localised.partial_date(edtf)
        case Between(start, end):
            return localised.period(start, end)
        case Country(code):
            return localised.country(code)
        case Language(code):
            return localised.language_name(code)
        case dt.datetime():
            return localised.moment(value)
        case dt.date():
            return localised.day(value)
        case bool():
            return str(value)
        case int() | float() | Decimal():
            return localised.number(value)
    return str(value)


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
            return localised.period(start, end)
        case list() | tuple():
            return "; ".join(str(exported(item)) for item in value if item)
        case int() | float() | Decimal() | dt.date():
            return value
    return words(value)
