"""The hierarchy of organisations."""

from django.db import connection

from maillage.register.vocabulary import TieKind

_ABOVE = """
    WITH RECURSIVE above(id) AS (
        SELECT %(start)s::bigint
        UNION SELECT {up} FROM register_tie tie JOIN above ON {down} = above.id WHERE tie.kind = %(kind)s)
    SELECT EXISTS (SELECT 1 FROM above WHERE id = %(end)s)"""


def would_close_circle(subject_id: int, object_id: int, kind: str) -> bool:
    """Whether a tie of a kind of `HIERARCHY_KINDS` from subject to object would close a circle.

    *Part of* ranks the object above, *supervises* the subject; one recursive query follows the ties of that kind.
    """
    lower, upper = (object_id, subject_id) if kind == TieKind.SUPERVISOR else (subject_id, object_id)
    up_column, down_column = ("subject_id", "object_id") if kind == TieKind.SUPERVISOR else ("object_id", "subject_id")
    sql = _ABOVE.format(up=f"tie.{up_column}", down=f"tie.{down_column}")
    with connection.cursor() as cursor:
        cursor.execute(sql, {"start": upper, "end": lower, "kind": kind})
        return bool(cursor.fetchone()[0])
