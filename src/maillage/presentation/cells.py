"""Rendering of the values of a listing as text, HTML, or cells of an export."""

import datetime as dt
import functools
import re
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from maillage.core import formats
from maillage.core.as_of import AsOf
from maillage.listing.values import Country, Language, LocalisedText, Money, PartialDate, PeriodValue, Region
from maillage.presentation.links import link_as_of

# Letters of Hebrew, Arabic, Syriac, Thaana and N'Ko, and their presentation forms.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@functools.singledispatch
def render_text(value: object) -> str:
    """A value as plain text in the active language."""
    return str(value)


render_text.register(type(None), lambda _none: "")
render_text.register(bool, str)
render_text.register(int, formats.number)
render_text.register(float, formats.number)
render_text.register(Decimal, formats.number)
render_text.register(list, lambda items: ", ".join(render_text(item) for item in items if item))
render_text.register(dt.datetime, formats.moment)
render_text.register(dt.date, formats.day)
render_text.register(Money, lambda money: formats.amount(money.amount, money.currency))
render_text.register(PartialDate, lambda date: formats.partial_date(date.edtf))
render_text.register(PeriodValue, lambda period: formats.period(period.start, period.end))
render_text.register(Country, lambda country: formats.country(country.code))
render_text.register(Region, lambda region: formats.region(region.code))
render_text.register(Language, lambda language: formats.language_name(language.code))


def render_html(value: object, reading: AsOf | None) -> SafeString:
    """A value as HTML; links inside the site carry the day and the moment of `reading`."""
    if isinstance(value, list | tuple):
        return format_html_join(", ", "{}", ((render_html(item, reading),) for item in value if item))
    text = value.text if isinstance(value, LocalisedText) else render_text(value)
    attributes = _text_attributes(value, text)
    if isinstance(value, LocalisedText) and value.url:
        return format_html('<a href="{}"{}>{}</a>', link_as_of(value.url, reading), attributes, text)
    return format_html("<span{}>{}</span>", attributes, text) if attributes else format_html("{}", text)


def _text_attributes(value: object, text: str) -> SafeString:
    language = getattr(value, "language", "") if isinstance(value, LocalisedText) else ""
    return (format_html(' lang="{}"', language) if language else SafeString()) + direction_attribute(text)


def direction_attribute(text: str) -> SafeString:
    """`dir="auto"` for a text with letters that run from right to left, so that it does not turn its neighbours."""
    return SafeString(' dir="auto"' if _RIGHT_TO_LEFT.search(text) else "")


def export_value(value: object) -> str | int | float | Decimal | dt.date:
    """A value for an export: numbers and days keep their type, dates of facts are EDTF, other values are text."""
    match value:
        case Money(amount, _currency):
            return amount
        case PartialDate(edtf):
            return edtf
        case PeriodValue(start, end):
            return formats.period(start, end)
        case list() | tuple():
            return "; ".join(str(export_value(item)) for item in value if item)
        case int() | float() | Decimal() | dt.date():
            return value
    return render_text(value)
