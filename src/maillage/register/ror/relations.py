"""SQL by which the staged relations become ties, or pending ties where the other organisation is missing."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from maillage.core.periods import period_range_literals
from maillage.register.ror.staging_tables import UNDATED

# Organisations are found by ROR identifier: a merged record has passed its identifier to the other one.
_RESOLVE = """
    UPDATE ror_relation r SET near_id = near.organisation_id,
        subject_id = CASE WHEN r.reversed THEN far.organisation_id ELSE near.organisation_id END,
        object_id = CASE WHEN r.reversed THEN near.organisation_id ELSE far.organisation_id END
    FROM register_identifier near, register_identifier far
    WHERE near.scheme = 'ror' AND near.value = r.ror AND far.scheme = 'ror' AND far.value = r.target"""
_RESOLVE_NEAR = """
    UPDATE ror_relation r SET near_id = i.organisation_id FROM register_identifier i
    WHERE r.near_id IS NULL AND i.scheme = 'ror' AND i.value = r.ror"""
# A pending tie whose organisation is in the register now is resolved like a relation of the file.
_ARRIVED = """
    INSERT INTO ror_relation (line, ror, kind, reversed, target, label, near_id, subject_id, object_id)
    SELECT 0, coalesce(own.value, o.key), p.kind, p.reversed, p.value, p.label, p.subject_id,
        CASE WHEN p.reversed THEN far.organisation_id ELSE p.subject_id END,
        CASE WHEN p.reversed THEN p.subject_id ELSE far.organisation_id END
    FROM register_pendingtie p
    JOIN register_organisation o ON o.id = p.subject_id
    JOIN register_identifier far ON (far.scheme, far.value) = (p.scheme, p.value)
    LEFT JOIN LATERAL (SELECT value FROM register_identifier WHERE organisation_id = o.id AND scheme = 'ror'
                       ORDER BY id LIMIT 1) own ON true
    WHERE p.scheme = 'ror'"""
_NO_LONGER_PENDING = """
    DELETE FROM register_pendingtie p USING register_identifier far
    WHERE p.scheme = 'ror' AND (far.scheme, far.value) = (p.scheme, p.value)"""
_PENDING = """
    INSERT INTO register_pendingtie (subject_id, kind, reversed, scheme, value, label)
    SELECT DISTINCT ON (near_id, kind, reversed, target) near_id, kind, reversed, 'ror', target, label
    FROM ror_relation WHERE near_id IS NOT NULL AND subject_id IS NULL
    ON CONFLICT DO NOTHING"""
# “Related” has no direction: the pair is stored once, the older record first.
_ORDER = """
    UPDATE ror_relation SET subject_id = object_id, object_id = subject_id
    WHERE kind = 'related' AND subject_id > object_id"""
_KNOWN = """
    DELETE FROM ror_relation r WHERE r.subject_id IS NULL OR r.subject_id = r.object_id;
    DELETE FROM ror_relation r USING register_tie t
    WHERE (t.subject_id, t.object_id, t.kind) = (r.subject_id, r.object_id, r.kind);
    DELETE FROM ror_relation r USING register_tie t
    WHERE t.kind = 'related' AND (t.subject_id, t.object_id, t.kind) = (r.object_id, r.subject_id, r.kind)"""
_RANKED = """
    SELECT DISTINCT ON (subject_id, object_id) line, ror, target, subject_id, object_id
    FROM ror_relation WHERE kind = 'part-of' ORDER BY subject_id, object_id, line"""
_ABOVE = """
    WITH RECURSIVE up(id) AS (
        SELECT DISTINCT object_id FROM ror_relation WHERE kind = 'part-of'
        UNION SELECT t.object_id FROM up JOIN register_tie t ON t.subject_id = up.id AND t.kind = 'part-of')
    SELECT t.subject_id, t.object_id FROM up JOIN register_tie t ON t.subject_id = up.id AND t.kind = 'part-of'"""
_REFUSE = "DELETE FROM ror_relation WHERE kind = 'part-of' AND (subject_id, object_id) = (%s, %s)"
# The index of addresses is used because the one looked for is a column, since row security lets no expression be looked
# for, and is said not to be empty, since the index holds no empty ones.
_TIES = """
    WITH stated AS (
        SELECT DISTINCT ON (subject_id, object_id, kind) subject_id, object_id, kind, 'https://ror.org/' || ror AS url
        FROM ror_relation ORDER BY subject_id, object_id, kind, line),
    made AS (
        INSERT INTO register_tie (subject_id, object_id, kind, period_start, period_end, attested, certain, possible,
            days, visibility, note_en, note_fr, managed_by)
        SELECT subject_id, object_id, kind, %(start)s, %(end)s, %(attested)s, %(certain)s::daterange,
            %(possible)s::daterange, %(days)s::daterange, 'public', '', '', '' FROM stated
        RETURNING id, subject_id, object_id, kind),
    cited AS (
        INSERT INTO core_citation
            (source_id, record_kind, record_id, property, stance, assertion_en, assertion_fr, read_on)
        SELECT k.id, 'register.tie', m.id, '', 'supports', '', '', %(attested)s::date
        FROM made m JOIN stated s USING (subject_id, object_id, kind)
        JOIN core_source k ON k.url <> '' AND k.url = s.url)
    SELECT count(*) FROM made"""


@dataclass(frozen=True, slots=True)
class RefusedTie:
    """A tie that was refused because it would close a circle, and the line of its record."""

    line: int
    ror: str
    reason: str


@dataclass(slots=True)
class WrittenTies:
    created: int = 0
    pending: int = 0
    circles: list[RefusedTie] = field(default_factory=list)


def write_ties(cursor: CursorWrapper, read_on: dt.date) -> WrittenTies:
    """Write the staged relations: ties where both organisations are in the register, else pending ties."""
    cursor.execute(_RESOLVE)
    cursor.execute(_RESOLVE_NEAR)
    cursor.execute(_PENDING)
    return _write_resolved_ties(cursor, read_on, pending=cursor.rowcount)


def write_arrived_ties(cursor: CursorWrapper, read_on: dt.date) -> WrittenTies:
    """Create the pending ties whose organisation is in the register now; the temporary tables must be empty."""
    cursor.execute(_ARRIVED)
    cursor.execute(_NO_LONGER_PENDING)
    return _write_resolved_ties(cursor, read_on)


def _write_resolved_ties(cursor: CursorWrapper, read_on: dt.date, pending: int = 0) -> WrittenTies:
    cursor.execute(_ORDER)
    cursor.execute(_KNOWN)
    circles = _remove_circles(cursor)
    start, end = UNDATED
    certain, possible, days = period_range_literals(start, end, read_on.isoformat())
    values = {"start": start, "end": end, "attested": read_on.isoformat()}
    cursor.execute(_TIES, values | {"certain": certain, "possible": possible, "days": days})
    return WrittenTies(cursor.fetchone()[0], pending, circles)


def _remove_circles(cursor: CursorWrapper) -> list[RefusedTie]:
    """Remove from the batch the ties *part of* that would close a circle; return them."""
    cursor.execute(_ABOVE)
    above: dict[int, set[int]] = defaultdict(set)
    for lower, upper in cursor.fetchall():
        above[lower].add(upper)
    cursor.execute(_RANKED)
    refused_ties: list[RefusedTie] = []
    for line, ror, target, lower, upper in sorted(cursor.fetchall()):
        if _is_above(above, upper, lower):
            cursor.execute(_REFUSE, (lower, upper))
            refused_ties.append(RefusedTie(line, ror, _circle_reason(ror, target)))
        else:
            above[lower].add(upper)
    return refused_ties


def _circle_reason(ror: str, target: str) -> str:
    return (
        _("its relation to %s would make an organisation part of itself; ROR must correct one of the two records")
        % target
    )


def _is_above(above: dict[int, set[int]], start: int, end: int) -> bool:
    """Whether `end` is above `start`, or is `start`."""
    seen, waiting = {start}, [start]
    while waiting:
        current = waiting.pop()
        if current == end:
            return True
        unseen = above.get(current, set()) - seen
        seen |= unseen
        waiting += unseen
    return False
