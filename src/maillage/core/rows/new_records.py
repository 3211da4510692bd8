"""New records and their validation, as Django makes and validates them, at a third of the cost."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from django.contrib.postgres.fields import RangeField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Value
from django.db.models.base import ModelState
from django.db.models.query_utils import DeferredAttribute
from psycopg.types.range import Range

from maillage.core.model_fields import ModelField
from maillage.core.rows.values import Raw, Values

Model = type[models.Model]
M = TypeVar("M", bound=models.Model)
_TEXTS = (models.CharField, models.TextField)
_TYPES: dict[type[ModelField], type] = {
    models.BooleanField: bool,
    models.DateField: dt.date,
    models.FloatField: float,
    models.UUIDField: uuid.UUID,
}
# Addresses that Django's validator takes too; it looks closer at all others.
_PLAIN_ADDRESS = re.compile(r"https?://(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,24}(?:/[A-Za-z0-9._~/-]*)?").fullmatch
# Too short for a part of the name of a host that is too long.
_LONGEST_PLAIN_ADDRESS = 70
_NO_VALUE = object()
_BIG_NUMBERS = (models.BigIntegerField, models.BigAutoField)


@cache
def _defaults(model: Model) -> tuple[dict[str, object], dict[str, Callable[[], object]]]:
    """The values of a new record by attribute: those that are always the same, and those that are made each time."""
    same: dict[str, object] = {}
    made: dict[str, Callable[[], object]] = {}
    for field in model._meta.concrete_fields:
        if field.generated:
            continue
        if not field.has_default() and field.has_db_default():
            _add_database_default(field, same, made)
        elif field.has_default() and callable(field.default):
            made[field.attname] = field.get_default
        else:
            same[field.attname] = field.get_default()
    return same, made


def _add_database_default(field: ModelField, same: dict[str, object], made: dict[str, Callable[[], object]]) -> None:
    if isinstance(field.db_default, RandomUUID):
        made[field.attname] = uuid.uuid4
    elif isinstance(field.db_default, Value):
        same[field.attname] = field.db_default.value
    elif hasattr(field.db_default, "resolve_expression"):
        raise TypeError(f"The default of {field} is known to the database alone; give it one that Python knows")
    else:
        same[field.attname] = field.db_default


def new_record(model: type[M], values: Values) -> M:
    """A record with these values, and the defaults of its other fields, those of the database included."""
    same, made = _defaults(model)
    plain = _plain_attributes(model)
    record = model.__new__(model)
    attributes = record.__dict__
    attributes.update(same)
    record._state = ModelState()
    for name, make in made.items():
        if name not in values:
            attributes[name] = make()
    for name, value in values.items():
        if name in plain:
            attributes[name] = value
        else:
            setattr(record, name, value)
    return record


@cache
def _plain_attributes(model: Model) -> frozenset[str]:
    """The attributes that hold what they are given, with nothing computed when they are set."""
    fields = model._meta.concrete_fields
    return frozenset(field.attname for field in fields if type(vars(model).get(field.attname)) is DeferredAttribute)


@cache
def _checks(model: Model) -> tuple[tuple[str, str, object, Callable[[Raw], bool]], ...]:
    """Each field that is no relation: name, attribute, a valid default, and what tells that a value is surely valid."""
    fields = [field for field in model._meta.concrete_fields if not field.is_relation and not field.generated]
    return tuple((field.name, field.attname, *_valid_default(model, field)) for field in fields)


def _valid_default(model: Model, field: ModelField) -> tuple[object, Callable[[Raw], bool]]:
    """The default of a field if it is surely valid, else an object that is no value; and what tells it of others."""
    is_valid, default = _is_surely_valid(field), _defaults(model)[0].get(field.attname, _NO_VALUE)
    return (default if default is not _NO_VALUE and is_valid(default) else _NO_VALUE), is_valid


def _is_surely_valid(field: ModelField) -> Callable[[Raw], bool]:
    if type(field) in _TEXTS:
        return _valid_text(field)
    if type(field) is models.URLField:
        longest = min(_LONGEST_PLAIN_ADDRESS, field.max_length or 0)
        return lambda value: len(value) <= longest and bool(_PLAIN_ADDRESS(value)) if value else field.blank
    if isinstance(field, RangeField):
        return lambda value: type(value) is Range
    if type(field) in _BIG_NUMBERS:
        may_be_empty = field.blank or field.primary_key
        return lambda value: may_be_empty if value is None else type(value) is int and abs(value) < 2**63
    expected = _TYPES.get(type(field))
    if expected is not None and not field.choices:
        return lambda value: type(value) is expected or (value is None and field.null)
    return lambda value: value in field.empty_values and (field.blank or field.primary_key)


def _valid_text(field: ModelField) -> Callable[[Raw], bool]:
    limit, keys = field.max_length or 10**9, {key for key, _label in field.flatchoices}

    def is_valid(value: object) -> bool:
        if not isinstance(value, str) or not value:
            return value == "" and bool(field.blank)
        return value in keys if keys else len(value) <= limit

    return is_valid


def validate(record: models.Model) -> None:
    """Compute what follows from other fields, and check all but the relations, which were just looked up.

    Raises `ValidationError`, as `Model.clean_fields` does.
    """
    prepare(record)
    model: Model = type(record)
    values = record.__dict__
    doubtful = set()
    for name, attribute, default, is_valid in _checks(model):
        value = values[attribute]
        if value is not default and not is_valid(value):
            doubtful.add(name)
    if doubtful:
        record.clean_fields(exclude={field.name for field in model._meta.concrete_fields} - doubtful)


def prepare(record: models.Model) -> None:
    """Compute what follows from other fields."""
    if hasattr(record, "prepare"):
        record.prepare()
