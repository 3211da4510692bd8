"""Statistics of tables for the query planner, refreshed after an import.

PostgreSQL analyses tables by itself, but some minutes later; until then a query may be planned as if the tables were
empty, and take minutes instead of a second.
"""

from typing import Final

from django.db import connection, transaction

MIN_CHANGED_ROWS: Final = 500
"""Fewer changed rows are left to the database."""

_CHANGED_SHARE: Final = 0.1
_GROWN = """
    SELECT format('%%I.%%I', seen.schemaname, seen.relname)
    FROM pg_stat_user_tables seen JOIN pg_class c ON c.oid = seen.relid
    WHERE c.relpersistence = 'p' AND seen.n_mod_since_analyze >= greatest(%s, %s * c.reltuples)
    ORDER BY 1"""


def refresh_statistics_on_commit() -> None:
    """Have the tables that an import changed analysed as soon as its transaction is committed."""
    transaction.on_commit(analyse_changed_tables, robust=True)


def analyse_changed_tables() -> list[str]:
    """Analyse the tables of which many rows changed since they were last analysed; return their names."""
    with connection.cursor() as cursor:
        # What this connection wrote is counted now, not up to a minute later.
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(_GROWN, [MIN_CHANGED_ROWS, _CHANGED_SHARE])
        tables = [row[0] for row in cursor.fetchall()]
        if tables:
            cursor.execute(f"ANALYZE {', '.join(tables)}")
    return tables
