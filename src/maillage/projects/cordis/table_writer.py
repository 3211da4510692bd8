"""Temporary tables for rows of CORDIS, filled by COPY, and the SQL that writes each table from them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper

from maillage.core.periods import UNKNOWN, period_range_literals
from maillage.core.rows.file_load import RowCounts
from maillage.projects.cordis.csv_reader import SheetRow

SOURCE = "cordis"
PROJECT_PAGE = "https://cordis.europa.eu/project/id/"
# Dropped at the end of the transaction of the load.
_TABLES = """
    CREATE TEMP TABLE IF NOT EXISTS cordis_project (
        row bigint, number text, acronym text, title text, objective text, keywords text[], status text,
        signed_on date, topic text, topic_title text, call text, scheme text, programme text, cost numeric,
        contribution numeric, period_start text, period_end text, certain daterange, possible daterange, days daterange
    ) ON COMMIT DROP;
    CREATE TEMP TABLE IF NOT EXISTS cordis_party (
        row bigint, number text, name text, short_name text, kind text, small boolean, vat text, city text,
        country text, region text, latitude float8, longitude float8, website text) ON COMMIT DROP;
    CREATE TEMP TABLE IF NOT EXISTS cordis_participation (
        row bigint, project text, party text, role text, position bigint, contribution numeric, cost numeric,
        ended boolean) ON COMMIT DROP;
    CREATE TEMP TABLE IF NOT EXISTS cordis_subject (row bigint, project text, title text) ON COMMIT DROP;
    TRUNCATE cordis_project, cordis_party, cordis_participation, cordis_subject"""


def create_staging_tables(cursor: CursorWrapper) -> None:
    """Create the temporary tables of the transaction, or empty them."""
    cursor.execute(_TABLES)


def _project_row(item: SheetRow) -> tuple[object, ...]:
    """A row of `cordis_project`. Raises `InvalidPeriodError` where the project ends before it begins."""
    values = item.values
    start, end = (day.isoformat() if day else UNKNOWN for day in (values["start_date"], values["end_date"]))
    return (
        item.number,
        values["project_id"],
        values["acronym"],
        values["title"],
        values["objective"],
        values["keywords"],
        values["status"],
        values["ec_signature_date"],
        values["topic_id"],
        values["topic_title"],
        values["master_call"],
        values["funding_scheme"],
        values["legal_basis"],
        values["total_cost"],
        values["ec_max_contribution"],
        start,
        end,
        *period_range_literals(start, end, ""),
    )


def _party_row(item: SheetRow) -> tuple[object, ...]:
    values = item.values
    return (
        item.number, values["organisation_id"], values["legal_name"], values["short_name"],
        values["activity_type"], values["sme"], values["vat"], values["city"], values["country"], values["nuts"],
        *(values["geolocation"] or (None, None)), values["url"],
    )  # fmt: skip


def _participation_row(item: SheetRow) -> tuple[object, ...]:
    values = item.values
    return (
        item.number, values["project_id"], values["organisation_id"], values["role"], values["order"],
        values["ec_contribution"], values["total_cost"], bool(values["terminated"]),
    )  # fmt: skip


def _subject_row(item: SheetRow) -> tuple[object, ...]:
    return item.number, item.values["project_id"], item.values["title"]


@dataclass(frozen=True, slots=True)
class StagingTable:
    """The temporary table of a sheet, and the function that converts a row of the sheet."""

    table: str
    row: Callable[[SheetRow], tuple[object, ...]]


STAGING_TABLES = {
    "projects": StagingTable("cordis_project", _project_row),
    "organisations": StagingTable("cordis_party", _party_row),
    "participations": StagingTable("cordis_participation", _participation_row),
    "project_euroscivoc": StagingTable("cordis_subject", _subject_row),
}


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


def _qualified_columns(alias: str, columns: str) -> str:
    return ", ".join(f"{alias}.{name.strip()}" for name in columns.split(","))


_PLAIN = (
    "number, acronym, title, objective, keywords, status, signed_on, topic, topic_title, call, scheme, programme, cost,"
    " contribution, period_start, period_end, certain, possible, days"
)
# The subjects are in a separate file: without it, a project keeps those that it has.
_PROJECTS = _upsert_statement(
    "projects_project",
    f"key, source, visibility, note_en, note_fr, attested, subjects, {_PLAIN}",
    f"""SELECT 'cordis-' || s.number, '{SOURCE}', 'public', '', '', '', coalesce(t.titles, k.subjects, '{{}}'),
            {_qualified_columns("s", _PLAIN)}
        FROM cordis_project s
        LEFT JOIN (SELECT project, array_agg(title ORDER BY title) AS titles FROM cordis_subject GROUP BY project) t
            ON t.project = s.number
        LEFT JOIN projects_project k ON (k.source, k.number) = ('{SOURCE}', s.number)
        ORDER BY s.row""",  # noqa: S608 - as above
    "source, number",
    ("key",),
)
_PARTY_COLUMNS = "number, name, short_name, kind, small, vat, city, country, region, latitude, longitude, website"
_PARTIES = _upsert_statement(
    "projects_party",
    f"key, source, visibility, tie, {_PARTY_COLUMNS}",
    f"SELECT 'cordis-' || number, '{SOURCE}', 'public', '', {_PARTY_COLUMNS} FROM cordis_party ORDER BY row",  # noqa: S608 - as above
    "source, number",
    ("key", "tie"),
)
_PARTICIPATIONS = _upsert_statement(
    "projects_participation",
    "project_id, party_id, role, position, contribution, cost, ended",
    f"""SELECT p.id, b.id, s.role, s.position, s.contribution, s.cost, s.ended FROM cordis_participation s
        JOIN projects_project p ON (p.source, p.number) = ('{SOURCE}', s.project)
        JOIN projects_party b ON (b.source, b.number) = ('{SOURCE}', s.party) ORDER BY s.row""",  # noqa: S608 - as above
    "project_id, party_id",
)
_UNKNOWN = """
    DELETE FROM {staged} s WHERE NOT EXISTS (
        SELECT 1 FROM {table} t WHERE (t.source, t.number) = ('cordis', s.{column}))
    RETURNING s.row, s.{column}"""
_NEW_SUBJECT = """
    DELETE FROM cordis_subject s WHERE NOT EXISTS (SELECT 1 FROM cordis_project p WHERE p.number = s.project)
        AND NOT EXISTS (SELECT 1 FROM projects_project p WHERE (p.source, p.number) = ('cordis', s.project))
    RETURNING s.row, s.project"""
_CITED = f"""
    INSERT INTO core_source (url, domain, title)
    SELECT '{PROJECT_PAGE}' || s.number, 'cordis.europa.eu', '' FROM cordis_project s
    WHERE NOT EXISTS (SELECT 1 FROM core_source k WHERE k.url = '{PROJECT_PAGE}' || s.number);
    INSERT INTO core_citation (source_id, record_kind, record_id, property, stance, says_en, says_fr, read_on)
    SELECT k.id, 'projects.project', p.id, '', 'supports', '', '', %s
    FROM cordis_project s
    JOIN projects_project p ON (p.source, p.number) = ('{SOURCE}', s.number)
    JOIN core_source k ON k.url = '{PROJECT_PAGE}' || s.number
    ON CONFLICT (record_kind, record_id, property, source_id) DO NOTHING"""  # noqa: S608 - as above


def remove_unknown_subjects(cursor: CursorWrapper) -> list[tuple[int, str]]:
    """Remove staged subjects of unknown projects; return the number of each row and its project."""
    cursor.execute(_NEW_SUBJECT)
    return list(cursor.fetchall())


def remove_unknown_participations(cursor: CursorWrapper, column: str) -> list[tuple[int, str]]:
    """Remove staged participations whose `project` or `party` is unknown; return each row number and that number."""
    staged = {"staged": "cordis_participation", "table": f"projects_{column}", "column": column}
    cursor.execute(_UNKNOWN.format(**staged))
    return list(cursor.fetchall())


def write_table(cursor: CursorWrapper, name: str, count: RowCounts) -> None:
    """Write the staged rows of a sheet, and set the counts of created, updated and unchanged rows."""
    statement = {"projects": _PROJECTS, "organisations": _PARTIES, "participations": _PARTICIPATIONS}[name]
    cursor.execute(f"ANALYZE {STAGING_TABLES[name].table}")
    cursor.execute(statement)
    count.created, count.updated = cursor.fetchone()
    count.unchanged = count.read - count.refused - count.created - count.updated


def cite_projects(cursor: CursorWrapper, read_on: dt.date) -> None:
    """Cite the page of CORDIS of each project, as read on `read_on`; existing citations are not changed."""
    cursor.execute(_CITED, [read_on])
