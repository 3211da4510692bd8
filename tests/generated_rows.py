"""A row of any model, made from its fields alone: a new model is covered by tests that nobody has to extend."""

import datetime as dt
import itertools
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.fields.ranges import RangeField
from django.db import models

from maillage.core.security.visibility import OWN_ID, related_rows, visible_through
from maillage.people.models import User
from maillage.register.models import Organisation

Model = type[models.Model]
_NUMBERS = itertools.count(1)
# What constraints ask beside a field's kind; `{n}` is a number that no other row has.
_VALUES: dict[str, dict[str, Any]] = {
    "proposals.proposal": {"state": "open"},
    "register.organisation": {"name_fr": "Organisation {n}"},
    "partnerships.answerdelay": {"working_days": 10, "period_start": "{year}", "period_end": "{year}"},
    "partnerships.needaddress": {"promised_day": dt.date(2026, 1, 1)},
    "partnerships.rating": {"score": 5},
    "projects.party": {"tie": "name"},
    "labels.parameter": {"text_fr": "Texte {n}"},
    "workflow.processdefinition": {"document": {"states": {"received": {}}}},
    "workflow.case": {"state": "received"},
}
_MOMENT = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


# A value of each kind of field, made from a number that no other row has; the first kind that fits counts.
_PLAIN_VALUES: "dict[type[models.Field[Any, Any]], Callable[[int], Any]]" = {
    models.EmailField: "row{}@example.org".format,
    models.URLField: "https://example.org/{}".format,
    models.CharField: "row-{}".format,
    models.TextField: "row-{}".format,
    models.DateTimeField: lambda number: _MOMENT + dt.timedelta(minutes=number),
    models.DateField: lambda number: _MOMENT.date() + dt.timedelta(days=number),
    models.DecimalField: Decimal,
    models.BooleanField: lambda _number: False,
    models.IntegerField: int,
    models.BinaryField: lambda _number: b"row",
    models.JSONField: lambda _number: {},
    models.UUIDField: lambda number: uuid.UUID(int=number),
}


class RowFactory:
    """Makes rows that all concern one organisation and, where they must name a person, one person."""

    def __init__(self, organisation: Organisation, person: User) -> None:
        self.organisation, self.person = organisation, person

    def create(self, model: Model, **values: Any) -> Any:
        """A row with the values given, its required fields filled, and a row of each table that opens it."""
        record = model._default_manager.create(**self._filled(model, values))
        self._create_opening_rows(model, record)
        return record

    def _filled(self, model: Model, values: dict[str, Any]) -> dict[str, Any]:
        filled = _fixed_values(model) | values
        opening = {path.split("__", maxsplit=1)[0] for path in visible_through(model) if path != OWN_ID}
        opening |= set(getattr(model, "confidential", ()))
        for field in model._meta.concrete_fields:
            if not {field.name, field.attname} & set(filled) and (_is_required(field) or field.name in opening):
                filled[field.name] = self._value(field, filled)
        return filled

    def _value(self, field: Any, filled: dict[str, Any]) -> Any:
        if field.related_model is Organisation:
            taken = field.one_to_one or self.organisation in filled.values()
            return self.create(Organisation) if taken else self.organisation
        if field.related_model is User:
            return self.person
        if field.is_relation:
            return self.create(field.related_model)
        if isinstance(field, models.BigIntegerField) and field.name == "organisation_id":
            return self.organisation.pk
        if isinstance(field, ArrayField) and isinstance(field.base_field, models.BigIntegerField):
            return [self.organisation.pk]
        return _plain_value(field)

    def _create_opening_rows(self, model: Model, record: models.Model) -> None:
        for path in visible_through(model):
            many = related_rows(model, path) if path != OWN_ID else None
            if many:
                self.create(many[0], **{many[1]: record, path.split("__")[1]: self.organisation})


def _fixed_values(model: Model) -> dict[str, Any]:
    number = next(_NUMBERS)
    words = {"n": number, "year": 1000 + number}
    fixed = _VALUES.get(model._meta.label_lower, {})
    return {name: value.format(**words) if isinstance(value, str) else value for name, value in fixed.items()}


def _is_required(field: Any) -> bool:
    """Whether a row cannot be without a value for the field, or would not be one of its own."""
    if field.primary_key or getattr(field, "generated", False) or isinstance(field, RangeField):
        return False
    return bool(not (field.null or field.has_default() or field.has_db_default()) and (not field.blank or field.unique))


def _plain_value(field: Any) -> Any:
    number = next(_NUMBERS)
    if field.choices:
        return next(value for value, _label in field.flatchoices if value not in ("", None))
    if isinstance(field, ArrayField):
        return [_plain_value(field.base_field)] if field.base_field.choices else []
    for kind, value in _PLAIN_VALUES.items():
        if isinstance(field, kind):
            made = value(number)
            return made[-field.max_length :] if isinstance(made, str) and field.max_length else made
    raise TypeError(f"{field} is of a kind that no row is made with yet; add it to `_PLAIN_VALUES`.")
