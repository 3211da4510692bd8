"""The types of the values of columns, for the schemas of the API.

The type is the `value_type` of the column, else the return annotation of its function, else (for lambdas) the type that
the function returns for a stand-in of a record, whose attributes have the types of the model's fields. Otherwise it is
`Any`.
"""

import datetime as dt
import typing
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cached_property
from types import NoneType, UnionType
from typing import Any, TypeAlias

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import models
from django.utils.functional import Promise

from maillage.core.model_fields import ModelField
from maillage.listing.columns import Column, ListedRecord
from maillage.listing.listing import Listing

# Any: classes, unions and generic types as values share no class.
TypeForm: TypeAlias = Any
UNKNOWN: TypeForm = Any  # Any: the value itself, of what has no known type
_FIELD_TYPES: tuple[tuple[type[ModelField], TypeForm], ...] = (
    (models.BooleanField, bool),
    (models.FloatField, float),
    (models.DecimalField, Decimal),
    (models.IntegerField, int),
    (models.DateTimeField, dt.datetime),
    (models.DateField, dt.date),
    (models.CharField, str),
    (models.TextField, str),
)
# What methods of plain values return.
_METHOD_TYPES: dict[tuple[TypeForm, str], TypeForm] = {
    (dt.datetime, "astimezone"): dt.datetime,
    (dt.datetime, "date"): dt.date,
    (str, "strip"): str,
    (str, "title"): str,
}
_QUERYSET_METHODS = frozenset({"all", "exclude", "filter", "first", "order_by", "select_related"})
ValueTypes = frozenset[TypeForm]
UNKNOWN_TYPE: ValueTypes = frozenset({UNKNOWN})


def column_types(listing: Listing, column: Column) -> ValueTypes:
    """The types of the values of a column, without `None`: `{LocalisedText}`, `{list[str]}`."""
    if column.value_type is not None:
        return _annotated_types(column.value_type)
    try:
        annotation = typing.get_type_hints(column.value).get("return")
    except (NameError, TypeError):
        annotation = None
    if annotation not in (None, UNKNOWN):
        return _annotated_types(annotation)
    return _types_by_stand_in(listing, column.value)


def _annotated_types(annotation: object) -> ValueTypes:
    is_union = typing.get_origin(annotation) in (typing.Union, UnionType)
    members = typing.get_args(annotation) if is_union else (annotation,)
    return frozenset(str if member is Promise else member for member in members if member is not NoneType)


def _types_by_stand_in(listing: Listing, value: Callable[[ListedRecord], object]) -> ValueTypes:
    """The types that a function returns for a record with all fields filled, and for an empty one."""
    types: set[TypeForm] = set()
    for filled in (True, False):
        try:
            types |= _types_of(value(StandIn(listing.model, listing, filled=filled)))
        except Exception:
            # A function of a room need not work with a stand-in. If it fails for the empty record only, the types for
            # the filled one are enough.
            if filled:
                return UNKNOWN_TYPE
    return frozenset(types) or UNKNOWN_TYPE


def _types_of(value: object) -> set[TypeForm]:
    if isinstance(value, StandIn):
        return set(value.value_types)
    if isinstance(value, list | tuple):
        return {list[item_type] for item in value for item_type in _types_of(item)}  # type: ignore[valid-type]  # made here
    if value is None or (isinstance(value, str) and not value):
        return set()
    return {str} if isinstance(value, Promise | models.Model) else {type(value)}


class StandIn:
    """Stands for a record, or for the value of one of its fields, while a column's function runs on it.

    `filled` is its truth value; `call` are the types that calling it returns.
    """

    def __init__(
        self, kind: TypeForm, listing: Listing | None = None, *, filled: bool, call: ValueTypes = UNKNOWN_TYPE
    ) -> None:
        self._kind, self._listing, self._filled, self._call = kind, listing, filled, call

    @property
    def value_types(self) -> ValueTypes:
        if isinstance(self._kind, frozenset):
            return self._kind
        return frozenset({str})

    def _with(self, kind: object) -> "StandIn":
        return StandIn(kind, filled=self._filled)

    def __getattr__(self, name: str) -> "StandIn":
        if name.startswith("__"):
            raise AttributeError(name)
        if isinstance(self._kind, frozenset):
            types = frozenset(_METHOD_TYPES.get((value_type, name), UNKNOWN) for value_type in self._kind)
            return StandIn(types, filled=self._filled, call=types)
        return self if name in _QUERYSET_METHODS else self._member(self._kind, name)

    def _member(self, model: type[models.Model], name: str) -> "StandIn":
        if self._listing and name in self._listing.annotations:
            return self._with(_annotation_types(self._listing.annotations[name]))
        if name == "pk":
            return self._with(frozenset({int}))
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return self._attribute(model, name)
        if field.related_model and not (isinstance(field, models.ForeignKey) and name == field.attname):
            return self._with(field.related_model)
        return self._with(_field_types(field))

    def _attribute(self, model: type[models.Model], name: str) -> "StandIn":
        if name.endswith("_id") or name.startswith("get_"):
            types = frozenset({int if name.endswith("_id") else str})
            return StandIn(types, filled=self._filled, call=types)
        attribute = getattr(model, name, None)
        function = attribute.fget if isinstance(attribute, property) else attribute
        function = function.func if isinstance(function, cached_property) else function
        try:
            annotation = typing.get_type_hints(function).get("return", UNKNOWN) if callable(function) else UNKNOWN
        except (NameError, TypeError):
            annotation = UNKNOWN
        if isinstance(annotation, type) and issubclass(annotation, models.Model):
            return self._with(annotation)
        types = _annotated_types(annotation)
        return StandIn(types, filled=self._filled, call=types)

    def __call__(self, *_arguments: object, **_options: object) -> "StandIn":
        # A manager or queryset of related records is represented by one of them.
        return self._with(self._call if isinstance(self._kind, frozenset) else self._kind)

    def __iter__(self) -> Iterator["StandIn"]:
        if not self._filled:
            return iter([])
        return iter([self._with(_item_types(self._kind)) if isinstance(self._kind, frozenset) else self])

    def __len__(self) -> int:
        return int(self._filled)

    def __bool__(self) -> bool:
        return self._filled

    def __getitem__(self, _key: object) -> "StandIn":
        return self._with(UNKNOWN_TYPE)

    def __str__(self) -> str:
        return "1" if self._filled else ""

    def __format__(self, _how: str) -> str:
        return str(self)

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self._filled


def _item_types(value_types: ValueTypes) -> ValueTypes:
    """The types that iteration yields for lists; the other types as they are."""
    return frozenset(item_type for value_type in value_types for item_type in _items_or_itself(value_type))


def _items_or_itself(value_type: object) -> tuple[TypeForm, ...]:
    origin: TypeForm = typing.get_origin(value_type)
    return typing.get_args(value_type) if origin is list else (value_type,)


def _field_types(field: object) -> ValueTypes:
    if isinstance(field, ArrayField):
        return frozenset(list[item] for item in _field_types(field.base_field))  # type: ignore[valid-type]  # made here
    if isinstance(field, models.ForeignKey):
        return _field_types(field.target_field)
    return next(
        (frozenset({python_type}) for field_class, python_type in _FIELD_TYPES if isinstance(field, field_class)),
        UNKNOWN_TYPE,
    )


def _annotation_types(expression: TypeForm) -> ValueTypes:
    try:
        return _field_types(expression.output_field)
    except (FieldError, AttributeError):
        return UNKNOWN_TYPE
