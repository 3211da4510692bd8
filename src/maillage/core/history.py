"""Reading the register *as known at* a moment.

Triggers write every change of a tracked table to its event table. For each tracked table the schema `as_known` holds a
view of the same name and columns that shows each row's last event up to the moment set for the transaction. With that
schema first on the search path, any query of any room reads the past unchanged, and nothing can be written.
"""

import contextlib
import datetime as dt
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any, TypeAlias

from django.apps import apps
from django.db import connection, models, transaction

from maillage.core.actors import Actor

# Any: the library makes a model of the events of each model when the program starts.
HistoryEvent: TypeAlias = Any


HISTORY_SCHEMA = "as_known"
_MOMENT = "maillage.known_at"
_moment_read: ContextVar[dt.datetime | None] = ContextVar("moment read", default=None)


def tracked_models() -> list[tuple[type[models.Model], type[models.Model]]]:
    """Each tracked model with the model of its events."""
    pairs = ((getattr(event, "pgh_tracked_model", None), event) for event in apps.get_models())
    return sorted(
        ((model, event) for model, event in pairs if model is not None), key=lambda pair: pair[0]._meta.db_table
    )


def action_runs(*, actor: Actor) -> "models.QuerySet[HistoryEvent]":
    """The history entries of actions, one for each run; none unless the actor is an officer of the site."""
    from pghistory.models import Context  # needs the models to be loaded

    entries = Context.objects.filter(metadata__has_key="action")
    return entries if actor.is_officer else entries.none()


def _view_statement(model: type[models.Model], event: type[models.Model]) -> str:
    columns = ", ".join(f'e."{field.column}"' for field in model._meta.concrete_fields)
    events = f'public."{event._meta.db_table}"'
    return f"""
        CREATE VIEW {HISTORY_SCHEMA}."{model._meta.db_table}" AS SELECT {columns} FROM {events} e
        WHERE e.pgh_label <> 'delete' AND e.pgh_created_at <= current_setting('{_MOMENT}')::timestamptz
          AND NOT EXISTS (
            SELECT 1 FROM {events} later WHERE later.id = e.id
              AND (later.pgh_created_at, later.pgh_id) > (e.pgh_created_at, e.pgh_id)
              AND later.pgh_created_at <= current_setting('{_MOMENT}')::timestamptz)"""  # noqa: S608 - names of our own tables


def drop_views() -> None:
    """Drop the views before a migration, which may change the event tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {HISTORY_SCHEMA} CASCADE")


def create_views() -> None:
    """Replace the views by those of the present models; run after each migration."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {HISTORY_SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {HISTORY_SCHEMA}")
        for model, event in tracked_models():
            cursor.execute(_view_statement(model, event))


def moment_read() -> dt.datetime | None:
    """The moment of the past that is read here; `None` for the present. What is kept in memory must tell them apart."""
    return _moment_read.get()


@contextlib.contextmanager
def known_at(moment: dt.datetime) -> Iterator[None]:
    """Read every tracked table as it was known at `moment`, in a transaction that cannot write."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('search_path'), set_config(%s, %s, true)", [_MOMENT, moment.isoformat()])
        previous_path = cursor.fetchone()[0]
        cursor.execute(f"SET LOCAL search_path = {HISTORY_SCHEMA}, public")
        # PostgreSQL would write through these views to the events, and the past must not be changed.
        cursor.execute("SET LOCAL transaction_read_only = on")
        token = _moment_read.set(moment)
        try:
            yield
        finally:
            _moment_read.reset(token)
            if not connection.needs_rollback:
                cursor.execute("SELECT set_config('search_path', %s, true)", [previous_path])
