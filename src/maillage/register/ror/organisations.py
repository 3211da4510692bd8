"""SQL by which a batch of staged records is written to the register."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.backends.utils import CursorWrapper

from maillage.core.periods import period_range_literals
from maillage.register.ror.staging_tables import ORGANISATION_COLUMNS, UNDATED

_COLUMNS = ", ".join(ORGANISATION_COLUMNS)
_STAGED = ", ".join(f"s.{name}" for name in ORGANISATION_COLUMNS)

# Each staged record is looked up by index: `OFFSET 0` keeps the planner from scanning whole tables that have no
# statistics yet.
_KNOWN_BY_IDENTIFIER = """
    UPDATE ror_organisation s SET organisation_id = o.id, own = o.key = s.ror
    FROM register_identifier i JOIN register_organisation o ON o.id = i.organisation_id
    WHERE i.scheme = 'ror' AND i.value = s.ror"""
# A record of ROR that was merged into another organisation, and whose identifier was removed since.
_KNOWN_BY_KEY = """
    UPDATE ror_organisation s
    SET organisation_id = coalesce(o.merged_into_id, o.id), own = o.merged_into_id IS NULL
    FROM register_organisation o WHERE s.organisation_id IS NULL AND o.key = s.ror"""
_FRESH = """
    UPDATE ror_organisation SET fresh = true,
        organisation_id = nextval((SELECT pg_get_serial_sequence('register_organisation', 'id'))::regclass)
    WHERE organisation_id IS NULL"""
_INSERT = f"""
    INSERT INTO register_organisation (id, key, visibility, domains, contact_mail, {_COLUMNS})
    SELECT s.organisation_id, s.ror, 'public', '{{}}', '', {_STAGED} FROM ror_organisation s
    WHERE s.fresh ORDER BY s.line"""  # noqa: S608 - made of the constants above
# Where only the day of a reading attests an organisation, the day of the earlier reading is kept.
_KEEP_WITNESS = """
    UPDATE ror_organisation s SET attested = k.attested, certain = k.certain, possible = k.possible, days = k.days
    FROM (
        SELECT n.ror, o.* FROM ror_organisation n CROSS JOIN LATERAL (
            SELECT o.attested, o.certain, o.possible, o.days FROM register_organisation o
            WHERE o.id = n.organisation_id AND o.attested <> ''
              AND (o.period_start, o.period_end) = (n.period_start, n.period_end) OFFSET 0) o
        WHERE NOT n.fresh AND n.attested <> '') k
    WHERE s.ror = k.ror"""
_UPDATE = f"""
    UPDATE register_organisation o SET ({_COLUMNS}) = ROW({_STAGED}) FROM ror_organisation s
    WHERE o.id = s.organisation_id AND s.own AND NOT s.fresh
      AND ({", ".join(f"o.{name}" for name in ORGANISATION_COLUMNS)}) IS DISTINCT FROM ({_STAGED})
    RETURNING o.id"""  # noqa: S608 - made of the constants above
# Rows of a new organisation cannot conflict; an insert that checks for conflicts costs twice as much.
_NAME_ROWS = """
    INSERT INTO register_name AS n (organisation_id, text, language, kind, period_start, period_end, attested,
        certain, possible, days, visibility, note_en, note_fr)
    SELECT s.organisation_id, r.text, r.language, r.kind, %(start)s, %(end)s, '',
        %(certain)s::daterange, %(possible)s::daterange, %(days)s::daterange, 'public', '', ''
    FROM ror_organisation s JOIN ror_name r USING (ror)"""
_FRESH_NAMES = f"{_NAME_ROWS} WHERE s.fresh"
_NAMES = f"""{_NAME_ROWS}
    WHERE s.own AND NOT s.fresh AND NOT EXISTS (
        SELECT 1 FROM register_name o WHERE o.period_end <> '' AND o.period_start = %(start)s
          AND (o.organisation_id, o.kind, o.language, o.text) = (s.organisation_id, r.kind, r.language, r.text)
        OFFSET 0)
    ON CONFLICT (organisation_id, kind, language, text, period_start) DO UPDATE
        SET period_end = excluded.period_end, certain = excluded.certain, possible = excluded.possible,
            days = excluded.days
        WHERE n.period_end = ''
    RETURNING n.organisation_id"""  # noqa: S608 - made of the constants above
# A name that ROR has replaced by another in the same language ended on an unknown day.
_FORMER_NAMES = """
    WITH gone AS MATERIALIZED (
        SELECT n.id, s.ror, n.language FROM ror_organisation s CROSS JOIN LATERAL (
            SELECT n.id, n.language, n.text FROM register_name n
            WHERE n.organisation_id = s.organisation_id AND n.kind = 'official'
              AND (n.period_start, n.period_end) = (%(start)s, %(end)s) OFFSET 0) n
        WHERE s.own AND NOT s.fresh AND NOT EXISTS (
            SELECT 1 FROM ror_name r
            WHERE (r.ror, r.kind, r.language, r.text) = (s.ror, 'official', n.language, n.text) OFFSET 0))
    UPDATE register_name n SET period_end = '', certain = %(certain)s::daterange
    FROM gone g WHERE n.id = g.id
      AND EXISTS (SELECT 1 FROM ror_name r WHERE (r.ror, r.kind, r.language) = (g.ror, 'official', g.language))
    RETURNING n.organisation_id"""
_IDENTIFIER_ROWS = """
    INSERT INTO register_identifier (organisation_id, scheme, value)
    SELECT s.organisation_id, r.scheme, r.value FROM ror_organisation s JOIN ror_identifier r USING (ror)"""
_FRESH_IDENTIFIERS = f"{_IDENTIFIER_ROWS} WHERE s.fresh"
_IDENTIFIERS = f"""{_IDENTIFIER_ROWS}
    WHERE s.own AND NOT s.fresh AND NOT EXISTS (
        SELECT 1 FROM register_identifier i
        WHERE (i.organisation_id, i.scheme, i.value) = (s.organisation_id, r.scheme, r.value) OFFSET 0)
    ON CONFLICT DO NOTHING RETURNING organisation_id"""  # noqa: S608 - made of the constants above
_SOURCES = """
    INSERT INTO core_source (url, domain, title)
    SELECT 'https://ror.org/' || s.ror, 'ror.org', '' FROM ror_organisation s
    WHERE NOT EXISTS (SELECT 1 FROM core_source k WHERE k.url = 'https://ror.org/' || s.ror AND k.url <> '')"""
_CITATION_ROWS = """
    INSERT INTO core_citation AS c
        (source_id, record_kind, record_id, property, stance, assertion_en, assertion_fr, read_on)
    SELECT k.id, 'register.organisation', s.organisation_id, '', 'supports', '', '', %(read_on)s
    FROM ror_organisation s JOIN core_source k ON k.url = 'https://ror.org/' || s.ror AND k.url <> ''"""
_FRESH_CITATIONS = f"{_CITATION_ROWS} WHERE s.fresh"
_CITATIONS = f"""{_CITATION_ROWS}
    WHERE NOT s.fresh
    ON CONFLICT (record_kind, record_id, property, source_id) DO UPDATE SET read_on = excluded.read_on
        WHERE c.read_on < excluded.read_on"""

# In one message to the database, since each answer takes time while the reader thread is busy.
_FRESH_ROWS = "; ".join((_INSERT, _FRESH_NAMES, _FRESH_IDENTIFIERS, _FRESH_CITATIONS))


@dataclass(slots=True)
class WrittenOrganisations:
    """The ids of the organisations that a batch created, and of those it changed."""

    created: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)


def match_known_organisations(cursor: CursorWrapper) -> None:
    """Match the staged records with organisations of the register, by ROR identifier."""
    cursor.execute(f"{_KNOWN_BY_IDENTIFIER}; {_KNOWN_BY_KEY}")


def write_organisations(cursor: CursorWrapper, read_on: dt.date) -> WrittenOrganisations:
    """Write the staged records and cite the ROR page of each, as read on `read_on`.

    Call `match_known_organisations` and `adopt_records` first.
    """
    cursor.execute(f"{_FRESH}; {_SOURCES}")
    cursor.execute("SELECT organisation_id, fresh FROM ror_organisation")
    rows = cursor.fetchall()
    written = WrittenOrganisations(created=_ids(row for row in rows if row[1]))
    start, end = UNDATED
    certain, possible, days = period_range_literals(start, end, "")
    values: dict[str, str | dt.date] = {
        "start": start,
        "end": end,
        "certain": certain,
        "possible": possible,
        "days": days,
        "read_on": read_on,
    }
    if written.created:
        cursor.execute(_FRESH_ROWS, values)
    if len(written.created) < len(rows):
        cursor.execute(_KEEP_WITNESS)
        for statement in (_UPDATE, _NAMES, _FORMER_NAMES, _IDENTIFIERS):
            cursor.execute(statement, values)
            written.changed |= _ids(cursor.fetchall()) - written.created
        cursor.execute(_CITATIONS, values)
    return written


def _ids(rows: Iterable[tuple[int, ...]]) -> set[int]:
    return {row[0] for row in rows}
