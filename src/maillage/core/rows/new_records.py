"""New records and their validation, as Django makes and validates them, at a third of the cost."""

import uuid
from collections.abc import Callable
from functools import cache
from typing import Any

from django.contrib.postgres.fields import RangeField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Value
from django.db.models.base import ModelState
from psycopg.types.range import Range

Model = type[models.Model]
_TEXTS = (models.CharField, models.TextField)


@cache
def _defaults(model: Model) -> tuple[dict[str, Any], dict[str, Callable[[], Any]]]:
    """The values of a new record by attribute: those that are always the same, and those that are made each time."""
    same: dict[str, Any] = {}
    made: dict[str, Callable[[], Any]] = {}
    for field in model._meta.concrete_fields:
        if field.generated:
            continue
        if not field.has_default() and field.has_db_default():
            _add_database_default(field, same, made)
        elif callable(field.default):
            made[field.attname] = field.get_default
        else:
            same[field.attname] = field.get_default()
    return same, made


def _add_database_default(field: Any, same: dict[str, Any], made: dict[str, Callable[[], Any]]) -> None:
    if isinstance(field.db_default, RandomUUID):
        made[field.attname] = uuid.uuid4
    elif isinstance(field.db_default, Value):
        same[field.attname] = field.db_default.value
    elif hasattr(field.db_default, "resolve_expression"):
        raise TypeError(f"The default of {field} is known to the database alone; give it one that Python knows")
    else:
        same[field.attname] = field.db_default


def new_record(model: Model, values: dict[str, Any]) -> Any:
    """A record with these values, and the defaults of its other fields, those of the database included."""
    same, made = _defaults(model)
    record = model.__new__(model)
    record._state = ModelState()
    record.__dict__.update(same)
    for name, make in made.items():
        if name not in values:
            record.__dict__[name] = make()
    for name, value in values.items():
        setattr(record, name, value)
    return record


@cache
def _checks(model: Model) -> tuple[tuple[Any, str, Callable[[Any], bool]], ...]:
    """Each field that is no relation, with its attribute and what tells that a value is surely valid."""
    fields = [field for field in model._meta.concrete_fields if not field.is_relation and not field.generated]
    return tuple((field, field.attname, _is_surely_valid(field)) for field in fields)


def _is_surely_valid(field: Any) -> Callable[[Any], bool]:
    if type(field) in _TEXTS:
        return _valid_text(field)
    if isinstance(field, RangeField):
        return lambda value: type(value) is Range
    types = {models.BooleanField: bool, models.UUIDField: uuid.UUID, models.FloatField: float}
    expected = types.get(type(field))
    if expected is not None and not field.choices:
        return lambda value: type(value) is expected or (value is None and field.null)
    return lambda value: value in field.empty_values and (field.blank or field.primary_key)


def _valid_text(field: Any) -> Callable[[Any], bool]:
    limit, keys = field.max_length or 10**9, {key for key, _label in field.flatchoices}

    def is_valid(value: Any) -> bool:
        if not isinstance(value, str) or not value:
            return value == "" and bool(field.blank)
        return value in keys if keys else len(value) <= limit

    return is_valid


def validate(record: Any) -> None:
    """Compute what follows from other fields, and check all but the relations, which were just looked up.

    Raises `ValidationError`, as `Model.clean_fields` does.
    """
    prepare(record)
    model: Model = type(record)
    checks = _checks(model)
    if not all(is_valid(record.__dict__[name]) for _field, name, is_valid in checks):
        valid = {field.name for field, name, is_valid in checks if is_valid(record.__dict__[name])}
        relations = {field.name for field in record._meta.concrete_fields if field.is_relation}
        record.clean_fields(exclude=valid | relations)


def prepare(record: Any) -> None:
    """Compute what follows from other fields."""
    if hasattr(record, "prepare"):
        record.prepare()
