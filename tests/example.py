"""The example, loaded once and poured into each test that asks for it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, transaction

_NUMBERED = """
    SELECT pg_get_serial_sequence(%s, column_name) FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s AND is_identity = 'YES'"""


@dataclass(frozen=True)
class ExampleRows:
    """The rows of every table, as PostgreSQL copies them out, and where each table's numbering stands."""

    rows: dict[str, bytes]
    numbering: dict[str, int]


def tables() -> list[str]:
    """The tables of the rooms, histories included."""
    models = (model for model in apps.get_models() if model.__module__.startswith(("maillage.", "pghistory.")))
    return sorted({model._meta.db_table for model in models if model._meta.managed and not model._meta.proxy})


def load_example_rows() -> ExampleRows:
    """Load the example in a transaction that leaves nothing behind, and keep what it wrote."""
    from maillage.cli.example import load_example

    with transaction.atomic():
        load_example()
        found = ExampleRows({table: _copy_out(table) for table in tables()}, dict(_numbering()))
        transaction.set_rollback(True)
    return found


def _copy_out(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
        return b"".join(bytes(block) for block in copy)


def _numbering() -> Iterator[tuple[str, int]]:
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(_NUMBERED, [table, table])
            for (sequence,) in cursor.fetchall():
                cursor.execute(f"SELECT last_value FROM {sequence}")
                yield sequence, cursor.fetchone()[0]


def insert_example_rows(example: ExampleRows) -> None:
    """Write the example into the test's own transaction; its history is part of it, so no trigger runs."""
    from maillage.offers.offer_matcher import forget_matchers  # Django is not set up when this file is read

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table, rows in example.rows.items():
            if rows:
                # Nor is a COPY taken by a table that looks at each row.
                cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER, NO FORCE ROW LEVEL SECURITY')
                with cursor.cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                    copy.write(rows)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, rows in example.rows.items():
            if rows:
                cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER, FORCE ROW LEVEL SECURITY')
        for sequence, value in example.numbering.items():
            cursor.execute("SELECT setval(%s, %s)", [sequence, value])
    # Numbers of events come again in each test: what is kept in memory by them is not what is there now.
    forget_matchers()
