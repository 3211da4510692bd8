"""Updates of the search index from the event tables of the database, by the searches or by the worker."""

import logging
import math
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import connection, connections
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from maillage.core.security.session_scope import read_everything
from maillage.search.finders import Finder, get_finders
from maillage.search.index import DamagedIndexError, IndexEntry, IndexState, IndexStore

_log = logging.getLogger(__name__)
REFRESH_TASK = "search.refresh"
# How many events a running transaction may have numbered that are not visible yet.
_EVENT_MARGIN = 10_000


class SearchIndex:
    """The search index in a folder, with its updates from the database.

    At most every `check_interval` seconds a search compares it with the database. That search writes up to
    `max_inline_changes` changes; more are left to the worker, or to a thread of this process if the index is still
    behind after `worker_patience` seconds.
    """

    def __init__(
        self,
        store: IndexStore,
        *,
        check_interval: float = 2.0,
        max_inline_changes: int = 500,
        worker_patience: float = 30.0,
    ) -> None:
        self.store = store
        self.check_interval = check_interval
        self.max_inline_changes = max_inline_changes
        self.worker_patience = worker_patience
        self._last_check = 0.0
        self._behind_since = 0.0

    def check_for_changes(self, *, now: bool = False) -> bool:
        """Compare the index with the database, if due or `now`, and update it; return whether it was updated here.

        Raises `DamagedIndexError` if it is missing.
        """
        is_due = time.monotonic() - self._last_check >= self.check_interval
        if not (is_due or (now and self.check_interval < math.inf)) or connection.needs_rollback:
            return False
        self._last_check = time.monotonic()
        # The index contains every record; what an actor may see is decided after the search.
        with read_everything():
            return self._update_if_behind()

    def _update_if_behind(self) -> bool:
        state = self.store.state()
        if not state.folder:
            raise DamagedIndexError("there is no index yet")
        marks = EventMarks.read()
        if marks is None or not marks.ahead_of(state):
            self._behind_since = 0.0
        elif not marks.continues(state) or marks.count_changes(state) <= self.max_inline_changes:
            return self.update(wait=False) > 0
        else:
            self._behind_since = self._behind_since or self._last_check
            self._delegate_update()
        return False

    def _delegate_update(self) -> None:
        """Queue the update for the worker; after `worker_patience` seconds, start it in a thread."""
        if time.monotonic() - self._behind_since < self.worker_patience:
            _queue_refresh()
            return
        self._behind_since = 0.0
        self.refresh_in_thread()

    def refresh_in_thread(self) -> threading.Thread:
        """Start a thread, with its own connection to the database, that updates the index."""
        thread = threading.Thread(target=self._refresh, name="search index", daemon=True)
        thread.start()
        return thread

    def _refresh(self) -> None:
        try:
            self.update(wait=False)
        except OSError:
            _log.exception("The search index cannot be written.")
        finally:
            connections.close_all()

    def update(self, *, wait: bool = True, rebuild: bool = False) -> int:
        """Write the changes of the database to the index; return the number of records written.

        One process updates at a time: another one waits, or without `wait` returns 0. Raises `OSError` if the folder
        cannot be written.
        """
        with read_everything(), self.store.alone(wait=wait) as is_alone:
            marks = EventMarks.read() if is_alone else None
            if marks is None:
                return 0
            state = self.store.state()
            if rebuild or not marks.continues(state):
                return self._rebuild(marks)
            try:
                return self._apply_changes(marks, state)
            except DamagedIndexError:
                return self._rebuild(marks)

    def _rebuild(self, now: "EventMarks") -> int:
        # Running transactions may add events below these ends, so the last events are read again later.
        margin = 0 if now.quiet else _EVENT_MARGIN
        marks = {table: max(0, end - margin) for table, end in now.marks.items()}
        counted = _CountedEntries(entry for finder in get_finders().values() for entry in finder.entries())
        self.store.rebuild(counted, IndexState(database=now.database, marks=marks))
        return counted.number

    def _apply_changes(self, now: "EventMarks", state: IndexState) -> int:
        changed = {kind: sorted(now.changed(finder, state)) for kind, finder in get_finders().items()}
        gone = [(kind, record_id) for kind, ids in changed.items() for record_id in ids]
        counted = _CountedEntries(entry for kind, ids in changed.items() for entry in get_finders()[kind].entries(ids))
        # Running transactions may add events below the present ends: the marks then stay as they are.
        state.marks = now.marks if now.quiet else state.marks
        if gone or now.quiet:
            self.store.change(counted, gone, state)
        return counted.number


@cache
def search_index() -> SearchIndex:
    """The search index of this machine."""
    return SearchIndex(IndexStore(settings.DATA / "index"))


def update_search_index(*, wait: bool = True, rebuild: bool = False) -> int:
    """Update the index of this machine, as `SearchIndex.update` says."""
    return search_index().update(wait=wait, rebuild=rebuild)


def _queue_refresh() -> None:
    try:
        # By its name, since the module of the task imports this one.
        app.configure_task(REFRESH_TASK, queueing_lock="index", schedule_in={"seconds": 5}).defer()
    except AlreadyEnqueued:
        _log.debug("The worker will update the index.")


@dataclass(frozen=True, slots=True)
class EventMarks:
    """The id of the last event by table, in one database; `quiet` if no running transaction may add events below."""

    database: str
    marks: dict[str, int]
    quiet: bool

    @classmethod
    def read(cls) -> "EventMarks | None":
        """The present marks; `None` while the database is read as known at a moment."""
        tables = sorted({table for finder in get_finders().values() for table, _columns in finder.watched})
        end_queries = ", ".join(f"(SELECT coalesce(max(pgh_id), 0) FROM {table})" for table in tables)  # noqa: S608 - our own
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('search_path'), d.datname || '/' || d.oid,"  # noqa: S608 - as above
                f" pg_snapshot_xmin(s) = pg_snapshot_xmax(s), {end_queries}"
                " FROM pg_database d, pg_current_snapshot() s WHERE d.datname = current_database()"
            )
            search_path, database, quiet, *ends = cursor.fetchone()
        if "as_known" in search_path:
            return None
        return cls(database, dict(zip(tables, ends, strict=True)), quiet)

    def ahead_of(self, state: IndexState) -> bool:
        return state.database != self.database or any(
            end != state.marks.get(table, -1) for table, end in self.marks.items()
        )

    def continues(self, state: IndexState) -> bool:
        """Whether the index of that state can be updated, rather than rebuilt."""
        is_same_database = state.folder and state.database == self.database and state.marks.keys() == self.marks.keys()
        return bool(is_same_database) and all(end >= state.marks[table] for table, end in self.marks.items())

    def changed(self, finder: Finder, state: IndexState) -> set[int]:
        """The ids of a finder's records with events since that state."""
        ids: set[int] = set()
        with connection.cursor() as cursor:
            for table, columns in finder.watched:
                for column in columns:
                    statement = f"SELECT DISTINCT {column} FROM {table} WHERE pgh_id > %s"  # noqa: S608 - our own names
                    cursor.execute(statement, [state.marks[table]])
                    ids |= {row[0] for row in cursor.fetchall() if row[0] is not None}
        return ids

    def count_changes(self, state: IndexState) -> int:
        """The number of events since that state."""
        return sum(end - state.marks.get(table, 0) for table, end in self.marks.items())


class _CountedEntries:
    """An iterable of entries that counts them as they pass."""

    def __init__(self, entries: Iterable[IndexEntry]) -> None:
        self.entries, self.number = entries, 0

    def __iter__(self) -> Iterator[IndexEntry]:
        for entry in self.entries:
            self.number += 1
            yield entry
