"""Server-side cursors are planned for all of their rows, since all are read: PostgreSQL plans for the first tenth."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created


def plan_cursors_whole() -> None:
    """Set each new connection so. An export of 4,700 sources took 14 s planned for its beginning, 2 s for all of it."""
    connection_created.connect(_set_up, dispatch_uid="maillage.cursors")


# Any: what Django tells of the connection besides.
def _set_up(connection: BaseDatabaseWrapper, **_told: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET cursor_tuple_fraction = 1")
