"""One statement that inserts or updates many records of a model: the database reads them from a JSON document.

Values are bound as one parameter, which costs a tenth of one parameter for each value.
"""

import datetime as dt
import decimal
import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from django.db import DatabaseError, connection, models
from django.utils.translation import gettext as _
from psycopg.types.range import Range

from maillage.core.model_fields import ModelField

_FEWEST_IDS, _MOST_IDS = 16, 1_000
# Types whose values are written as they stand in a record; others are converted by their own field.
_PLAIN_FIELDS = (
    models.AutoField, models.BigAutoField, models.BigIntegerField, models.BooleanField, models.CharField,
    models.DateField, models.DecimalField, models.FloatField, models.ForeignKey, models.IntegerField,
    models.JSONField, models.PositiveIntegerField, models.PositiveSmallIntegerField, models.SmallIntegerField,
    models.TextField, models.URLField, models.UUIDField,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a model, each with what reads its value from a record."""

    names: tuple[str, ...]
    readers: tuple[Callable[[models.Model], object], ...]

    def row(self, record: models.Model) -> dict[str, object]:
        return {name: read(record) for name, read in zip(self.names, self.readers, strict=True)}


@cache
def _columns(model: type[models.Model]) -> _Columns:
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    return _Columns(tuple(str(field.column) for field in fields), tuple(map(_reader, fields)))


def _reader(field: ModelField) -> Callable[[models.Model], object]:
    attname = field.attname
    if type(field) in _PLAIN_FIELDS and not getattr(field, "auto_now", False):
        return lambda record: record.__dict__[attname]
    return lambda record: field.get_db_prep_save(field.pre_save(record, add=True), connection)


def _json_value(value: object) -> str:
    """A value that JSON does not know, as PostgreSQL reads it."""
    if isinstance(value, uuid.UUID | decimal.Decimal):
        return str(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Range):
        return "empty" if value.isempty else f"[{value.lower or ''},{value.upper or ''})"
    raise TypeError(f"{type(value).__name__} has no form in JSON")


class NewIds:
    """New primary keys, taken from the sequences of their tables in ever larger numbers."""

    def __init__(self) -> None:
        self._ids: dict[type[models.Model], Iterator[int]] = {}
        self._counts: dict[type[models.Model], int] = defaultdict(lambda: _FEWEST_IDS)

    def next(self, model: type[models.Model]) -> int | None:
        """A new primary key of a model, greater than those before; `None` if none is left: see `take`."""
        return next(self._ids.get(model, iter(())), None)

    def take(self, model: type[models.Model]) -> int:
        """Take more primary keys of a model from its sequence; returns the first of them."""
        self._ids[model] = self._numbers(model, self._counts[model])
        self._counts[model] = min(8 * self._counts[model], _MOST_IDS)
        return next(self._ids[model])

    @staticmethod
    def _numbers(model: type[models.Model], count: int) -> Iterator[int]:
        sql = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
        with connection.cursor() as cursor:
            cursor.execute(sql, [f'"{model._meta.db_table}"', _pk_column(model), count])
            return iter([number for (number,) in cursor.fetchall()])


def _pk_column(model: type[models.Model]) -> str:
    return str(model._meta.pk.column)


def insert_records(model: type[models.Model], records: Sequence[models.Model]) -> None:
    """Insert records that have their primary keys. Raises `DatabaseError`."""
    names = ", ".join(f'"{name}"' for name in _columns(model).names)
    _run(model, f'INSERT INTO "{{table}}" ({names}) SELECT {names} FROM {{rows}} n', records)  # noqa: S608 - our own names
    for record in records:
        record._state.adding, record._state.db = False, connection.alias


def update_records(model: type[models.Model], records: Sequence[models.Model]) -> None:
    """Write all fields of records that are there. Raises `DatabaseError`, also if one is not there any more."""
    pk = _pk_column(model)
    assignments = ", ".join(f'"{name}" = n."{name}"' for name in _columns(model).names if name != pk)
    sql = f'UPDATE "{{table}}" t SET {assignments} FROM {{rows}} n WHERE t."{pk}" = n."{pk}"'  # noqa: S608 - our own names
    written = _run(model, sql, records)
    if written != len(records):
        raise DatabaseError(_("A record that a row changes is not there any more; load the row again."))


def _run(model: type[models.Model], sql: str, records: Sequence[models.Model]) -> int:
    columns, table = _columns(model), model._meta.db_table
    document = json.dumps([columns.row(record) for record in records], default=_json_value)
    rows = f'json_populate_recordset(NULL::"{table}", %s::json)'
    with connection.cursor() as cursor:
        cursor.execute(sql.format(table=table, rows=rows), [document])
        return int(cursor.rowcount)
