"""What the imports of public registers share: their lock, the marks and counts of a run, its refusals."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError
from maillage.register.models import ImportRefusal, ImportRun
from maillage.search.index_updates import update_search_index

_log = logging.getLogger(__name__)
# The number of the advisory lock; no other lock of the application has it.
_LOCK_NUMBER = 0x524F52

# Called after each batch with the reading (1 organisations, 2 relations) and the share of the file done, 0 to 1.
ProgressCallback = Callable[[int, float], None]
# What was not taken: its line, the record, the part of it (empty for all of it), the reason.
Refusal = tuple[int, str, str, str]


@contextmanager
def import_lock() -> Iterator[None]:
    """Allow one import at a time, by an advisory lock; waits up to 10 seconds for the lock of a killed import."""
    with connection.cursor() as cursor:
        deadline = time.monotonic() + 10
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK_NUMBER])
            if cursor.fetchone()[0]:
                break
            if time.monotonic() > deadline:
                raise ActionError(_("Another import is running; wait for its end."))
            time.sleep(0.2)
        try:
            yield
        finally:
            if not connection.needs_rollback and connection.is_usable():
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK_NUMBER])


def refresh_search_index() -> None:
    """Update the search index; the import succeeds even if that fails (a full disk), since the next search retries."""
    try:
        update_search_index()
    except OSError:
        _log.exception("The search index could not be written; the next search tries again.")


def move_marks(run_id: int, **marks: int) -> ImportRun:
    """Update the last line done of the run, in the transaction of the batch.

    As the first write of the transaction, it also sets the history context for the COPY statements that follow.
    The commit is asynchronous: after a crash the lost batch is done again, because its mark is lost with its rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    ImportRun.objects.filter(pk=run_id).update(**marks or {"tied": 0})
    return ImportRun.objects.get(pk=run_id)


def add_counts(run: ImportRun, **more: int) -> None:
    """Add to the counts of a run."""
    run.counts = {name: run.counts.get(name, 0) + more.get(name, 0) for name in {*run.counts, *more}}
    run.save(update_fields=["counts"])


def note_refusals(run: ImportRun, refusals: list[Refusal]) -> None:
    """Keep what a batch did not take."""
    ImportRefusal.objects.bulk_create(
        ImportRefusal(run=run, line=line, record=record, part=part, reason=reason)
        for line, record, part, reason in refusals
    )
