"""Writing of many records at once by COPY, which costs a fraction of what `bulk_create` and `bulk_update` do.

The rows are copied to a temporary table first, since PostgreSQL copies none to a table with row security. Used within
an action, after its first other write, which sets the context of the history for what follows.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from django.db.models.expressions import DatabaseDefault


def create_records(records: Sequence[models.Model]) -> None:
    """Insert new records of one model and give them their ids. Their `save` is not run: prepare them first."""
    if not records:
        return
    model = type(records[0])
    names = [field.name for field in model._meta.concrete_fields if field.name != "uid" and not field.generated]
    with connection.cursor() as cursor:
        for record, pk in zip(records, _new_ids(cursor, model, len(records)), strict=True):
            record.pk = pk
        with _staged(cursor, records, names) as columns:
            listed = ", ".join(columns)
            table = model._meta.db_table
            cursor.execute(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM staged_rows ORDER BY id")  # noqa: S608 - names of the model
    for record in records:
        record._state.adding = False


def update_records(records: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write these fields of records of one model that are in the database."""
    if not records:
        return
    table = type(records[0])._meta.db_table
    with connection.cursor() as cursor, _staged(cursor, records, ["id", *names]) as columns:
        assigned = ", ".join(f"{column} = s.{column}" for column in columns[1:])
        cursor.execute(f"UPDATE {table} t SET {assigned} FROM staged_rows s WHERE t.id = s.id")  # noqa: S608 - names of the model


def _new_ids(cursor: CursorWrapper, model: type[models.Model], number: int) -> list[int]:
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')::regclass) FROM generate_series(1, %s)",
        [model._meta.db_table, number],
    )
    return [row[0] for row in cursor.fetchall()]


@contextmanager
def _staged(cursor: CursorWrapper, records: Sequence[models.Model], names: Sequence[str]) -> Iterator[list[str]]:
    """A temporary table with these fields of records; gives its columns."""
    model = type(records[0])
    fields = [field for field in model._meta.concrete_fields if field.name in names]
    fields.sort(key=lambda field: names.index(field.name))
    columns = [str(field.column) for field in fields]
    listed = ", ".join(columns)
    cursor.execute(f"CREATE TEMP TABLE staged_rows AS SELECT {listed} FROM {model._meta.db_table} LIMIT 0")  # noqa: S608 - names of the model
    with cursor.copy(f"COPY staged_rows ({listed}) FROM STDIN") as target:
        for record in records:
            target.write_row([_value(record, field.attname) for field in fields])
    yield columns
    cursor.execute("DROP TABLE staged_rows")


def _value(record: models.Model, name: str) -> object:
    """The value of a field; for one that the database would fill in, that default."""
    value = getattr(record, name)
    return value.expression.value if isinstance(value, DatabaseDefault) else value  # type: ignore[attr-defined]
