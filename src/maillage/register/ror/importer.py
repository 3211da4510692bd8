"""Import of a ROR file in two readings, batch by batch, and its report.

The first reading writes the organisations, the second their relations, so that a tie is pending only for an
organisation that the file lacks. Each batch is one transaction that also records the last line done: an interrupted
import of the same file resumes there.
"""

import datetime as dt
import queue
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone, translation

from maillage.core.actors import Actor
from maillage.core.table_statistics import refresh_statistics_on_commit
from maillage.register.actions.ror_import import (
    close_ror_run,
    import_ror_batch,
    open_ror_run,
    tie_arrived_organisations,
    tie_ror_batch,
)
from maillage.register.import_runs import ProgressCallback, import_lock, refresh_search_index
from maillage.register.models import ImportRefusal, ImportRun
from maillage.register.ror.adoption import KnownOrganisations
from maillage.register.ror.batches import Thing, record_batches, relation_batches
from maillage.register.ror.file_reader import sha256_of_file
from maillage.register.ror.staging_tables import ORGANISATION_TABLES, TIE_TABLES, analyse_grown_tables


@dataclass(slots=True)
class RorReport:
    """The counts of an import, and its duration in `seconds`, without the update of the search index.

    `refusals` are whole records (counted in `refused`) and parts of records. The counts of an interrupted import are
    those of all attempts together, of which the last resumed after line `resumed_at`.
    """

    run: ImportRun
    seconds: float = 0.0
    resumed_at: int = 0
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    lookalikes: int = 0
    ties: int = 0
    pending: int = 0

    @property
    def refusals(self) -> QuerySet[ImportRefusal]:
        """Each refused record or part of a record, with its line and reason."""
        return self.run.refusals.order_by("line", "id")


def import_ror(path: Path, *, actor: Actor, at: dt.datetime, progress: ProgressCallback | None = None) -> RorReport:
    """Import a ROR file (.jsonl, .jsonl.gz, or the .json or .zip of a ROR release) read on the day of `at`.

    An interrupted import of the same file resumes where it stopped; a finished one is done again and updates.
    Raises `InvalidFileError` where the file cannot be read to its end (the records before are imported),
    `ActionForbiddenError` for anyone but an officer, `ActionError` while another import runs.
    """
    started = time.perf_counter()
    digest = sha256_of_file(path)
    with import_lock():
        run = open_ror_run(actor=actor, at=at, digest=digest, file=path.name, size=path.stat().st_size)
        resumed_at = max(run.done, run.tied)
        _import_records(path, run, actor, at, progress)
        _import_relations(path, run, actor, at, progress)
        run = close_ror_run(actor=actor, at=at, run_id=run.pk)
        refresh_statistics_on_commit()
    report = RorReport(run, time.perf_counter() - started, resumed_at, **run.counts)
    refresh_search_index()
    return report


def _import_records(
    path: Path, run: ImportRun, actor: Actor, at: dt.datetime, progress: ProgressCallback | None
) -> None:
    known_organisations, read_on = KnownOrganisations(), timezone.localdate(at).isoformat()
    for number, batch in enumerate(_read_ahead(record_batches(path, run.done, read_on, known_organisations)), 1):
        if import_ror_batch(actor=actor, at=at, run_id=run.pk, batch=batch, here=known_organisations.ids):
            _analyse_grown_tables(ORGANISATION_TABLES, number)
        if progress:
            progress(1, batch.share)


def _import_relations(
    path: Path, run: ImportRun, actor: Actor, at: dt.datetime, progress: ProgressCallback | None
) -> None:
    if run.tied == 0:
        tie_arrived_organisations(actor=actor, at=at, run_id=run.pk)
    for number, batch in enumerate(_read_ahead(relation_batches(path, run.tied)), 1):
        if tie_ror_batch(actor=actor, at=at, run_id=run.pk, batch=batch).created:
            _analyse_grown_tables(TIE_TABLES, number)
        if progress:
            progress(2, batch.share)


def _analyse_grown_tables(tables: str, batch: int) -> None:
    with connection.cursor() as cursor:
        analyse_grown_tables(cursor, tables, batch)


def _read_ahead(batches: Iterator[Thing]) -> Iterator[Thing]:
    """Read in a thread while the database writes, at most two batches ahead."""
    batch_queue: queue.Queue[Any] = queue.Queue(maxsize=2)  # Any: a batch and an error, either of them `None`
    stopped = threading.Event()
    language = translation.get_language()

    def fill() -> None:
        try:
            with translation.override(language):
                for batch in batches:
                    if not _put_unless_stopped(batch_queue, stopped, (batch, None)):
                        return
            _put_unless_stopped(batch_queue, stopped, (None, None))
        except BaseException as error:
            _put_unless_stopped(batch_queue, stopped, (None, error))

    threading.Thread(target=fill, daemon=True, name="ror-reader").start()
    switch_interval = sys.getswitchinterval()
    # Otherwise each answer of the database waits some milliseconds for the busy reader thread, thousands of times.
    sys.setswitchinterval(switch_interval / 20)
    try:
        while True:
            batch, error = batch_queue.get()
            if error is not None:
                raise error
            if batch is None:
                return
            yield batch
    finally:
        sys.setswitchinterval(switch_interval)
        stopped.set()


def _put_unless_stopped(batch_queue: "queue.Queue[object]", stopped: threading.Event, item: object) -> bool:
    """Put an item in the queue; `False` if reading was stopped while waiting."""
    while not stopped.is_set():
        try:
            batch_queue.put(item, timeout=0.2)
            return True
        except queue.Full:
            continue
    return False
