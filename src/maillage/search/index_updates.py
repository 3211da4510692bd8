"""Index updates."""

import logging
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import connection, connections

from maillage.core.security.session_scope import read_everything
from maillage.search.finders import Finder, get_finders
from maillage.search.index import DamagedIndexError, IndexEntry, IndexState, IndexStore

# How often, in seconds, a search asks the database whether the index is behind.
_log = logging.getLogger(__name__)
_CHECK_INTERVAL = 2.0
# So many changed records are brought in by the search that notices them; more are left to the worker.
_MAX_INLINE_CHANGES = 500
# Events that a transaction under way may have numbered already without our seeing them.
_EVENT_MARGIN = 10_000


@cache
def index_store() -> IndexStore:
    """The index of this machine."""
    return IndexStore(settings.DATA / "index")


# Bringing the index in step with the database.

_last_check = 0.0
# Since when this process sees the index far behind, and how long, in seconds, it leaves that to the worker.
_behind_since = 0.0
_WORKER_PATIENCE = 30.0


def check_for_changes() -> None:
    """Now and then, ask whether records changed; bring few in at once and leave many to the worker."""
    global _last_check
    if time.monotonic() - _last_check < _CHECK_INTERVAL or connection.needs_rollback:
        return
    _last_check = time.monotonic()
    with read_everything():
        _update_if_behind()


def _update_if_behind() -> None:
    """The index holds every record, whoever asks: what of it may be read is told when it is found."""
    global _behind_since  # noqa: PLW0603 - as above
    state = index_store().state()
    if not state.folder:
        raise DamagedIndexError("there is no index yet")
    now = _EventMarks.read()
    if now is None or not now.ahead_of(state):
        _behind_since = 0.0
    elif not now.continues(state) or now.count_changes(state) <= _MAX_INLINE_CHANGES:
        update_search_index(wait=False)
    else:
        _behind_since = _behind_since or _last_check
        _delegate_update()


def _delegate_update() -> None:
    """To the worker; but it may not run, and the index must follow all the same."""
    global _behind_since  # noqa: PLW0603 - as above
    if time.monotonic() - _behind_since < _WORKER_PATIENCE:
        _queue_refresh()
        return
    _behind_since = 0.0
    threading.Thread(target=_refresh_in_thread, name="search index", daemon=True).start()


def _refresh_in_thread() -> None:
    try:
        update_search_index(wait=False)
    except OSError:
        _log.exception("The search index cannot be written.")
    finally:
        connections.close_all()


def _queue_refresh() -> None:
    from procrastinate.exceptions import AlreadyEnqueued

    from maillage.search.tasks import refresh_search_index  # the worker's module reads this one

    try:
        refresh_search_index.configure(queueing_lock="index", schedule_in={"seconds": 5}).defer()
    except AlreadyEnqueued:
        _log.debug("The worker will bring the index in step.")


@dataclass(frozen=True, slots=True)
class _EventMarks:
    """How far each table of events goes in one database; `quiet` if no transaction was under way that may add to it."""

    database: str
    marks: dict[str, int]
    quiet: bool

    @classmethod
    def read(cls) -> "_EventMarks | None":
        """The present moment; `None` while the past is being read."""
        tables = sorted({table for finder in get_finders().values() for table, _columns in finder.watched})
        ends = ", ".join(f"(SELECT coalesce(max(pgh_id), 0) FROM {table})" for table in tables)  # noqa: S608 - our own
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('search_path'), d.datname || '/' || d.oid,"  # noqa: S608 - as above
                f" pg_snapshot_xmin(s) = pg_snapshot_xmax(s), {ends}"
                " FROM pg_database d, pg_current_snapshot() s WHERE d.datname = current_database()"
            )
            path, database, quiet, *found = cursor.fetchone()
        if "as_known" in path:
            return None
        return cls(database, dict(zip(tables, found, strict=True)), quiet)

    def ahead_of(self, state: IndexState) -> bool:
        return state.database != self.database or any(
            end != state.marks.get(table, -1) for table, end in self.marks.items()
        )

    def continues(self, state: IndexState) -> bool:
        """Whether the index of that state can be brought in step, rather than made anew."""
        same = state.folder and state.database == self.database and state.marks.keys() == self.marks.keys()
        return bool(same) and all(end >= state.marks[table] for table, end in self.marks.items())

    def changed(self, finder: Finder, state: IndexState) -> set[int]:
        """The ids of a finder's records that events since that state tell of."""
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


def update_search_index(*, wait: bool = True, rebuild: bool = False) -> int:
    """Bring the index in step with the database; return how many records were written to it.

    One process does so at a time: another one waits, or without `wait` leaves it to the first. Raises `OSError` where
    the folder cannot be written.
    """
    with read_everything(), index_store().alone(wait=wait) as ours:
        if not ours:
            return 0
        now = _EventMarks.read()
        if now is None:
            return 0
        state = index_store().state()
        if rebuild or not now.continues(state):
            return _rebuild_index(now)
        try:
            return _apply_changes(now, state)
        except DamagedIndexError:
            return _rebuild_index(now)


def _rebuild_index(now: _EventMarks) -> int:
    # What transactions under way are writing may yet appear below these ends: some of it is read again later.
    margin = 0 if now.quiet else _EVENT_MARGIN
    marks = {table: max(0, end - margin) for table, end in now.marks.items()}
    counted = _CountedEntries(entry for finder in get_finders().values() for entry in finder.entries())
    index_store().rebuild(counted, IndexState(database=now.database, marks=marks))
    return counted.number


def _apply_changes(now: _EventMarks, state: IndexState) -> int:
    changed = {kind: sorted(now.changed(finder, state)) for kind, finder in get_finders().items()}
    gone = [(kind, record_id) for kind, ids in changed.items() for record_id in ids]
    counted = _CountedEntries(entry for kind, ids in changed.items() for entry in get_finders()[kind].entries(ids))
    # While a transaction is under way, events below the present ends may still appear: the marks then wait for it.
    state.marks = now.marks if now.quiet else state.marks
    if gone or now.quiet:
        index_store().change(counted, gone, state)
    return counted.number


class _CountedEntries:
    """Entries that pass by, counted."""

    def __init__(self, entries: Iterable[IndexEntry]) -> None:
        self.entries, self.number = entries, 0

    def __iter__(self) -> Iterator[IndexEntry]:
        for entry in self.entries:
            self.number += 1
            yield entry
