"""Schemas of the rows of each list, built from the columns of its listing."""

import datetime as dt
import functools
import operator
import types
import typing
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated

from ninja import Schema
from pydantic import Field, create_model

from maillage.api.schemas import Ends, Entry, Item, ItemPage
from maillage.core.json_types import JsonObject
from maillage.listing.listing import Listing
from maillage.listing.value_types import UNKNOWN, TypeForm, column_types
from maillage.listing.values import Country, Language, LocalisedText, Money, PartialDate, PeriodValue, Region


class TextShown(Schema):
    """A text; `language` if it is not the reader's, `href` if it links to a record, `url` if it links to a page."""

    text: str
    language: str | None = None
    href: str | None = None
    url: str | None = None


class MoneyShown(Schema):
    """An amount as a decimal number, and its currency (ISO 4217)."""

    amount: str
    currency: str


def _text(description: str, format_: str | None = None) -> TypeForm:
    return Annotated[str, Field(description=description, json_schema_extra={"format": format_} if format_ else None)]


# By type of a value: the type that `json_values` writes. Any other type is written as text.
_JSON_TYPES: dict[TypeForm, TypeForm] = {
    bool: bool,
    int: int,
    float: float,
    Decimal: _text("A decimal number."),
    dt.datetime: _text("A moment.", "date-time"),
    dt.date: _text("A day.", "date"),
    PartialDate: _text("A date by EDTF (ISO 8601-2), which may be partial."),
    Country: _text("A country by ISO 3166-1."),
    Region: _text("A part of a country by ISO 3166-2."),
    Language: _text("A language by ISO 639."),
    PeriodValue: Ends,
    Money: MoneyShown,
    LocalisedText: TextShown,
    dict: JsonObject,
    UNKNOWN: UNKNOWN,
}


def page_schema(listing: Listing) -> type[Schema]:
    """One page of the list."""
    row = _row_schema(listing, Item, "Row")
    return _subclass(f"{_class_name(listing)}Page", ItemPage, items=(list[row], ...))  # type: ignore[valid-type]  # made here


def entry_schema(listing: Listing) -> type[Schema]:
    """A record of the back office."""
    return _row_schema(listing, Entry, "Entry")


def _row_schema(listing: Listing, base: type[Schema], suffix: str) -> type[Schema]:
    fields = {
        f"column_{number}": (
            _json_type(column_types(listing, column)) | None,
            Field(alias=column.key, title=column.key),
        )
        for number, column in enumerate(listing.columns)
    }
    columns = _subclass(f"{_class_name(listing)}Fields", Schema, **fields)
    return _subclass(f"{_class_name(listing)}{suffix}", base, fields=(columns, ...))


def _subclass(name: str, base: type[Schema], **fields: TypeForm) -> type[Schema]:
    model: type[Schema] = create_model(name, __base__=base, __doc__=base.__doc__, **fields)
    return model


def _class_name(listing: Listing) -> str:
    return listing.name.title().replace("-", "")


def _json_type(value_types: Iterable[TypeForm]) -> TypeForm:
    return functools.reduce(operator.or_, map(_json_type_of, sorted(value_types, key=str)))


def _json_type_of(value_type: object) -> TypeForm:
    if typing.get_origin(value_type) in (list, tuple):
        [item_type] = {part for part in typing.get_args(value_type) if part is not ...} or {UNKNOWN}
        return list[_json_type_of(item_type)]  # type: ignore[misc]  # made here
    if typing.get_origin(value_type) in (typing.Union, types.UnionType):
        return _json_type(typing.get_args(value_type))
    if value_type is types.NoneType:
        return None
    known = (base for base in getattr(value_type, "__mro__", (value_type,)) if base in _JSON_TYPES)
    return _JSON_TYPES[base] if (base := next(known, None)) is not None else str
