"""Temporary tables to which the rows of a batch are copied, before each table is written by one statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.db.backends.utils import CursorWrapper

from maillage.core.periods import OPEN, UNKNOWN, period_range_literals
from maillage.register.ror.records import RorRecord, RorRelation

# `own`: the organisation was created from this record and is updated from it; else an earlier organisation adopted
# the record, and keeps its own values. `fresh`: the organisation is created by this batch.
_TABLES = """
    CREATE TEMP TABLE IF NOT EXISTS ror_organisation (
        ror text PRIMARY KEY, line bigint, kind text, name_fr text, name_en text, acronym text, sort_name text,
        sort_name_en text,
        city text, country text, region text, latitude float8, longitude float8, website text,
        period_start text, period_end text, attested text, note_en text, note_fr text,
        certain daterange, possible daterange, days daterange,
        organisation_id bigint, own boolean NOT NULL DEFAULT true, fresh boolean NOT NULL DEFAULT false);
    CREATE TEMP TABLE IF NOT EXISTS ror_name (ror text, text text, language text, kind text);
    CREATE TEMP TABLE IF NOT EXISTS ror_identifier (ror text, scheme text, value text);
    CREATE TEMP TABLE IF NOT EXISTS ror_relation (
        line bigint, ror text, kind text, reversed boolean, target text, label text,
        near_id bigint, subject_id bigint, object_id bigint);
    CREATE INDEX IF NOT EXISTS ror_name_ror ON ror_name (ror);
    CREATE INDEX IF NOT EXISTS ror_identifier_ror ON ror_identifier (ror);
    CREATE INDEX IF NOT EXISTS ror_relation_ror ON ror_relation (ror);
    CREATE INDEX IF NOT EXISTS ror_relation_target ON ror_relation (target);
    TRUNCATE ror_organisation, ror_name, ror_identifier, ror_relation"""
# Tables that batches are compared with; without new statistics, a plan made for an empty table takes minutes.
ORGANISATION_TABLES = (
    "register_organisation (id, key), register_name (organisation_id, kind), core_source (url), "
    "register_identifier (organisation_id, scheme, value)"
)
TIE_TABLES = "register_tie (subject_id, object_id, kind)"
ORGANISATION_COLUMNS = (
    "kind", "name_fr", "name_en", "acronym", "sort_name", "sort_name_en", "city", "country", "region", "latitude",
    "longitude", "website", "period_start", "period_end", "attested", "note_en", "note_fr", "certain",
    "possible", "days",
)  # fmt: skip
# No text of a record holds a control character (see `records.clean`).
_NULL = "\x01"


def reset_tables(cursor: CursorWrapper) -> None:
    """Create the temporary tables of this connection, or empty them."""
    cursor.execute(_TABLES)


@dataclass(frozen=True, slots=True)
class CopyRows:
    """Rows of one table in the text format of COPY."""

    table: str
    columns: tuple[str, ...]
    text: str

    @classmethod
    def of(cls, table: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Self:
        """Encode rows, one line each; no value may contain a tab or a line break."""
        return cls(table, columns, "".join(["\t".join(row) + "\n" for row in rows]).replace("\\", "\\\\"))

    def copy(self, cursor: CursorWrapper) -> None:
        """Copy the rows to their table."""
        with cursor.copy(f"COPY {self.table} ({', '.join(self.columns)}) FROM STDIN (NULL '{_NULL}')") as target:
            target.write(self.text)


def record_rows(records: list[RorRecord]) -> tuple[CopyRows, ...]:
    """The rows of a batch of records for the temporary tables."""
    names = [(record.ror, name.text, name.language, name.kind) for record in records for name in record.names]
    identifiers = [(record.ror, *identifier) for record in records for identifier in record.identifiers]
    return (
        CopyRows.of("ror_organisation", ("ror", "line", *ORGANISATION_COLUMNS), map(_organisation_row, records)),
        CopyRows.of("ror_name", ("ror", "text", "language", "kind"), names),
        CopyRows.of("ror_identifier", ("ror", "scheme", "value"), identifiers),
    )


def relation_rows(relations: list[tuple[int, str, RorRelation]]) -> tuple[CopyRows, ...]:
    """The rows of a batch of relations, each with the line and the ROR identifier of its record."""
    rows = [(str(line), ror, item.kind, str(item.reversed), item.ror, item.label) for line, ror, item in relations]
    return (CopyRows.of("ror_relation", ("line", "ror", "kind", "reversed", "target", "label"), rows),)


def copy_to_tables(cursor: CursorWrapper, staged: tuple[CopyRows, ...]) -> None:
    """Copy a batch to the temporary tables and analyse them."""
    reset_tables(cursor)
    for rows in staged:
        rows.copy(cursor)
    cursor.execute("ANALYZE " + ", ".join(f"{rows.table} (ror)" for rows in staged))


def _organisation_row(record: RorRecord) -> tuple[str, ...]:
    return (
        record.ror, str(record.line), record.kind, record.name_fr, record.name_en, record.acronym, record.sort_name,
        record.sort_name_en, record.city, record.country, record.region, _degrees(record.latitude),
        _degrees(record.longitude), record.website, record.period_start, record.period_end, record.attested,
        record.note_en, record.note_fr, *period_range_literals(record.period_start, record.period_end, record.attested),
    )  # fmt: skip


def _degrees(value: float | None) -> str:
    return _NULL if value is None else repr(value)


def analyse_grown_tables(cursor: CursorWrapper, tables: str, batch: int) -> None:
    """Analyse the tables after the first and the fourth batch; later, the database does so itself."""
    if batch in (1, 4):
        cursor.execute(f"ANALYZE {tables}")


# The period of what ROR states without dates: it began on an unknown day and goes on.
UNDATED = (UNKNOWN, OPEN)
