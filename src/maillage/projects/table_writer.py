"""Temporary tables for the records of a funder, filled by COPY, and the SQL that writes each table from them."""

import datetime as dt
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Final

from django.db.backends.utils import CursorWrapper

from maillage.core.periods import period_range_literals
from maillage.projects.records import FunderRecord, ParticipationRecord, PartyRecord, ProjectRecord, SubjectRecord

_TYPES: Final = {
    "keywords": "text[]", "subjects": "text[]", "stems": "text[]", "year": "smallint", "signed_on": "date",
    "cost": "numeric", "contribution": "numeric", "small": "boolean", "latitude": "float8", "longitude": "float8",
    "position": "bigint", "ended": "boolean",
}  # fmt: skip
"""The types of the columns that are no texts."""


@dataclass(frozen=True, slots=True)
class StagingTable:
    """The temporary table of a kind of record: its own fields, and columns that are computed from them."""

    name: str
    record: type[FunderRecord]
    computed: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(one.name for one in fields(self.record) if one.name != "note")

    @property
    def definition(self) -> str:
        """The SQL that creates it; it is dropped at the end of the transaction."""
        own = ", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in self.columns)
        return f"CREATE TEMP TABLE IF NOT EXISTS {self.name} (row bigint, {own}{self.computed}) ON COMMIT DROP"


STAGING_TABLES: Final = {
    ProjectRecord: StagingTable(
        "staged_project",
        ProjectRecord,
        ", note_en text, note_fr text, certain daterange, possible daterange, days daterange",
    ),
    PartyRecord: StagingTable("staged_party", PartyRecord),
    ParticipationRecord: StagingTable("staged_participation", ParticipationRecord),
    SubjectRecord: StagingTable("staged_subject", SubjectRecord),
}
_VALUES: Final = {record: attrgetter(*table.columns) for record, table in STAGING_TABLES.items()}


def create_staging_tables(cursor: CursorWrapper) -> None:
    """Create the temporary tables of the transaction, or empty them."""
    for table in STAGING_TABLES.values():
        cursor.execute(table.definition)
        cursor.execute(f"TRUNCATE {table.name}")


def staged_row(number: int, record: FunderRecord) -> tuple[object, ...]:
    """The row of a record in its temporary table. Raises `InvalidPeriodError` where a project ends before it begins."""
    row: tuple[object, ...] = (number, *_VALUES[type(record)](record))
    if isinstance(record, ProjectRecord):
        row += (*record.note, *period_range_literals(record.period_start, record.period_end, ""))
    return row


def _upsert_statement(table: str, columns: str, rows: str, identity: str, keep: tuple[str, ...] = ()) -> str:
    """SQL that inserts rows, updates existing rows that differ, and counts the inserted and the updated ones."""
    names = [name.strip() for name in columns.split(",")]
    fixed = {*(name.strip() for name in identity.split(",")), "visibility", "note_en", "note_fr", "attested", *keep}
    changing = [name for name in names if name not in fixed]
    new, old = (", ".join(f"{place}.{name}" for name in changing) for place in ("excluded", "here"))
    return f"""
        WITH written AS (
            INSERT INTO {table} AS here ({columns}) {rows}
            ON CONFLICT ({identity}) DO UPDATE SET ({", ".join(changing)}) = ROW({new})
                WHERE ({old}) IS DISTINCT FROM ({new})
            RETURNING xmax = 0 AS fresh)
        SELECT count(*) FILTER (WHERE fresh), count(*) FILTER (WHERE NOT fresh) FROM written"""  # noqa: S608 - made of the constants below


def _listed(names: tuple[str, ...], alias: str = "", without: tuple[str, ...] = ()) -> str:
    return ", ".join(f"{alias}{name}" for name in names if name not in without)


_PROJECT: Final = STAGING_TABLES[ProjectRecord].columns
_OTHER: Final = ("key", "page", "subjects")
# Where the subjects are in a separate file that is left out, a project keeps those that it has.
_PROJECTS = _upsert_statement(
    "projects_project",
    "key, funder, visibility, note_en, note_fr, attested, subjects, certain, possible, days, "
    f"{_listed(_PROJECT, without=_OTHER)}",
    f"""SELECT s.key, %(funder)s, 'public', s.note_en, s.note_fr, '',
            coalesce(t.titles, s.subjects, k.subjects, '{{}}'),
            s.certain, s.possible, s.days, {_listed(_PROJECT, "s.", _OTHER)}
        FROM staged_project s
        LEFT JOIN (SELECT project, array_agg(title ORDER BY title) AS titles FROM staged_subject GROUP BY project) t
            ON t.project = s.number
        LEFT JOIN projects_project k ON (k.funder, k.number) = (%(funder)s, s.number)
        ORDER BY s.row""",  # noqa: S608 - as above
    "funder, number",
    ("key",),
)
_PARTY: Final = STAGING_TABLES[PartyRecord].columns
_PARTIES = _upsert_statement(
    "projects_party",
    f"funder, visibility, tie, {_listed(_PARTY)}",
    f"SELECT %(funder)s, 'public', '', {_listed(_PARTY)} FROM staged_party ORDER BY row",  # noqa: S608 - as above
    "funder, number",
    ("key", "tie"),
)
_PARTICIPATIONS = _upsert_statement(
    "projects_participation",
    "project_id, party_id, number, role, position, name, contribution, cost, ended",
    """SELECT p.id, b.id, s.number, s.role, s.position, s.name, s.contribution, s.cost, s.ended
        FROM staged_participation s
        JOIN projects_project p ON (p.funder, p.number) = (%(funder)s, s.project)
        JOIN projects_party b ON (b.funder, b.number) = (%(funder)s, s.party) ORDER BY s.row""",
    "project_id, number",
)
_STATEMENTS: Final = {ProjectRecord: _PROJECTS, PartyRecord: _PARTIES, ParticipationRecord: _PARTICIPATIONS}
_UNKNOWN = """
    DELETE FROM staged_participation s WHERE NOT EXISTS (
        SELECT 1 FROM {table} t WHERE (t.funder, t.number) = (%(funder)s, s.{column}))
    RETURNING s.row, s.{column}"""
_NEW_SUBJECT = """
    DELETE FROM staged_subject s WHERE NOT EXISTS (SELECT 1 FROM staged_project p WHERE p.number = s.project)
        AND NOT EXISTS (SELECT 1 FROM projects_project p WHERE (p.funder, p.number) = (%(funder)s, s.project))
    RETURNING s.row, s.project"""
# Parties that a participation leaves for another one, as when a laboratory is now named by its number.
_LEFT = """
    SELECT DISTINCT h.party_id FROM staged_participation s
    JOIN projects_project p ON (p.funder, p.number) = (%(funder)s, s.project)
    JOIN projects_party b ON (b.funder, b.number) = (%(funder)s, s.party)
    JOIN projects_participation h ON (h.project_id, h.number) = (p.id, s.number)
    WHERE h.party_id <> b.id"""
_DESERTED = """
    DELETE FROM projects_party b WHERE b.id = ANY(%s)
        AND NOT EXISTS (SELECT 1 FROM projects_participation h WHERE h.party_id = b.id)
        AND NOT EXISTS (SELECT 1 FROM staged_party s WHERE s.number = b.number)"""
# The index of addresses has no empty ones: only a query that leaves these out reads by it.
_CITED = """
    INSERT INTO core_source (url, domain, title)
    SELECT s.page, substring(s.page FROM '//(?:www\\.)?([^/]+)'), '' FROM staged_project s
    WHERE NOT EXISTS (SELECT 1 FROM core_source k WHERE k.url = s.page AND k.url <> '');
    INSERT INTO core_citation (source_id, record_kind, record_id, property, stance, assertion_en, assertion_fr, read_on)
    SELECT k.id, 'projects.project', p.id, '', 'supports', '', '', %(read_on)s
    FROM staged_project s
    JOIN projects_project p ON (p.funder, p.number) = (%(funder)s, s.number)
    JOIN core_source k ON k.url = s.page AND k.url <> ''
    ON CONFLICT (record_kind, record_id, property, source_id) DO NOTHING"""


@dataclass(frozen=True, slots=True)
class TableWriter:
    """Writes the staged records of a funder; each method is called once they are all staged."""

    cursor: CursorWrapper
    funder: str

    def remove_unknown_subjects(self) -> list[tuple[int, str]]:
        """Remove staged subjects of unknown projects; return the number of each row and its project."""
        return self._rows(_NEW_SUBJECT)

    def remove_unknown_participations(self, column: str) -> list[tuple[int, str]]:
        """Remove staged participations of an unknown `project` or `party`; return their rows and that number."""
        return self._rows(_UNKNOWN.format(table=f"projects_{column}", column=column))

    def write(self, record: type[FunderRecord]) -> tuple[int, int]:
        """Write the staged records of a kind; return how many rows were created, and how many updated."""
        self.cursor.execute(f"ANALYZE {STAGING_TABLES[record].name}")
        ((created, updated),) = self._rows(_STATEMENTS[record])
        return created, updated

    def write_participations(self) -> tuple[int, int]:
        """Write the participations, and remove parties that all of theirs have left for another one."""
        left = [party_id for (party_id,) in self._rows(_LEFT)]
        counts = self.write(ParticipationRecord)
        if left:
            self.cursor.execute(_DESERTED, [left])
        return counts

    def cite_projects(self, read_on: dt.date) -> None:
        """Cite the page of each project at its funder, as read on `read_on`; existing citations are not changed."""
        self.cursor.execute(_CITED, {"funder": self.funder, "read_on": read_on})

    # Any: each statement returns columns of its own.
    def _rows(self, statement: str) -> list[Any]:
        self.cursor.execute(statement, {"funder": self.funder})
        return list(self.cursor.fetchall())
