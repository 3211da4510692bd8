"""How the search index follows the database: by the tables of events, in the searches themselves or by the worker."""

import logging
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
# Events that a transaction under way may have numbered already without our seeing them.
_EVENT_MARGIN = 10_000


class SearchIndex:
    """The search index in a folder, and how it follows the database.

    At most every `check_interval` seconds a search compares it with the database. Up to `max_inline_changes` changes
    are written by that search; more are left to the worker, and to a thread of this process where the index is still
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

    def check_for_changes(self) -> None:
        """Compare the index with the database, if due, and update it. Raises `DamagedIndexError` if it is missing."""
        if time.monotonic() - self._last_check < self.check_interval or connection.needs_rollback:
            return
        self._last_check = time.monotonic()
        # The index holds every record, whoever asks: what a reader may see is decided when it is found.
        with read_everything():
            self._update_if_behind()

    def _update_if_behind(self) -> None:
        state = self.store.state()
        if not state.folder:
            raise DamagedIndexError("there is no index yet")
        now = EventMarks.read()
        if now is None or not now.ahead_of(state):
            self._behind_since = 0.0
        elif not now.continues(state) or now.count_changes(state) <= self.max_inline_changes:
            self.update(wait=False)
        else:
            self._behind_since = self._behind_since or self._last_check
            self._delegate_update()

    def _delegate_update(self) -> None:
        """Leave it to the worker; but that may not run, and the index must follow all the same."""
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
        """Write what changed in the database to the index; return how many records were written.

        One process does so at a time: another one waits, or without `wait` leaves it to the first. Raises `OSError`
        where the folder cannot be written.
        """
        with read_everything(), self.store.alone(wait=wait) as is_alone:
            now = EventMarks.read() if is_alone else None
            if now is None:
                return 0
            state = self.store.state()
            if rebuild or not now.continues(state):
                return self._rebuild(now)
            try:
                return self._apply_changes(now, state)
            except DamagedIndexError:
                return self._rebuild(now)

    def _rebuild(self, now: "EventMarks") -> int:
        # What transactions under way are writing may yet appear below these ends: some of it is read again later.
        margin = 0 if now.quiet else _EVENT_MARGIN
        marks = {table: max(0, end - margin) for table, end in now.marks.items()}
        counted = _CountedEntries(entry for finder in get_finders().values() for entry in finder.entries())
        self.store.rebuild(counted, IndexState(database=now.database, marks=marks))
        return counted.number

    def _apply_changes(self, now: "EventMarks", state: IndexState) -> int:
        changed = {kind: sorted(now.changed(finder, state)) for kind, finder in get_finders().items()}
        gone = [(kind, record_id) for kind, ids in changed.items() for record_id in ids]
        counted = _CountedEntries(entry for kind, ids in changed.items() for entry in get_finders()[kind].entries(ids))
        # While a transaction is under way, events below the present ends may still appear: the marks then wait for it.
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
        # By its name: the module of the task needs this one.
        app.configure_task(REFRESH_TASK, queueing_lock="index", schedule_in={"seconds": 5}).defer()
    except AlreadyEnqueued:
        _log.debug("The worker will update the index.")


@dataclass(frozen=True, slots=True)
class EventMarks:
    """The last event of each table in one database; `quiet` if no transaction was under way that may add to it."""

    database: str
    marks: dict[str, int]
    quiet: bool

    @classmethod
    def read(cls) -> "EventMarks | None":
        """The marks of this moment; `None` while the past is being read."""
        tables = sorted({table for finder in get_finders().values() for table, _columns in finder.watched})
        ends = ", ".join(f"(SELECT coalesce(max(pgh_id), 0) FROM {table})" for table in tables)  # noqa: S608 - our own
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('search_path'), d.datname || '/' || d.oid,"  # noqa: S608 - as above
                f" pg_snapshot_xmin(s) = pg_snapshot_xmax(s), {ends}"
                " FROM pg_database d, pg_current_snapshot() s WHERE d.datname = current_database()"
            )
            path, database, quiet, *ends_found = cursor.fetchone()
        if "as_known" in path:
            return None
        return cls(database, dict(zip(tables, ends_found, strict=True)), quiet)

    def ahead_of(self, state: IndexState) -> bool:
        return state.database != self.database or any(
            end != state.marks.get(table, -1) for table, end in self.marks.items()
        )

    def continues(self, state: IndexState) -> bool:
        """Whether the index of that state can be updated, rather than rebuilt."""
        same = state.folder and state.database == self.database and state.marks.keys() == self.marks.keys()
        return bool(same) and all(end >= state.marks[table] for table, end in self.marks.items())

    def changed(self, finder: Finder, state: IndexState) -> set[int]:
        """The ids of a finder's records that changed since that state, by their events."""
        ids: set[int] = set()
        with connection.cursor() as cursor:
            for table, columns in finder.watched:
                for column in columns:
                    since = f"SELECT DISTINCT {column} FROM {table} WHERE pgh_id > %s"  # noqa: S608 - our own names
                    cursor.execute(since, [state.marks[table]])
                    ids |= {row[0] for row in cursor.fetchall() if row[0] is not None}
        return ids

    def count_changes(self, state: IndexState) -> int:
        """How many events the index of that state is behind."""
        return sum(end - state.marks.get(table, 0) for table, end in self.marks.items())


class _CountedEntries:
    """Entries that pass by, counted."""

    def __init__(self, entries: Iterable[IndexEntry]) -> None:
        self.entries, self.number = entries, 0

    def __iter__(self) -> Iterator[IndexEntry]:
        for entry in self.entries:
            self.number += 1
            yield entry
