"""The whole import of a ROR file: two readings of it, batch by batch, and the report.

The first reading writes the organisations, the second their relations, so that a tie waits only for a body that the
file does not hold. Each batch is one transaction that also moves the mark up to which the file is done: after a kill,
the same file goes on from there.
"""

import datetime as dt
import logging
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.kernel.actions import Impossible, action
from maillage.kernel.actors import OFFICER, Actor
from maillage.kernel.loading import BadFile, Refused
from maillage.register.finding import refresh
from maillage.register.models import ImportRefusal, ImportRun
from maillage.register.ror import organisations, relations
from maillage.register.ror.adoption import Bodies, Doubts, adopt, complete_adopted
from maillage.register.ror.reading import Item, Position, digest, read
from maillage.register.ror.records import Record, Relation, identity, parse
from maillage.register.ror.records import relations as stated
from maillage.register.ror.staging import BODIES, TIES, Rows, empty_tables, relation_rows, rows_of, stage, tell_growth

_log = logging.getLogger(__name__)
BATCH = 5_000
# The first batches are smaller, so that the database need not wait long for something to write.
_FIRST_BATCH = 500
# Any number that no other lock of the application has.
_LOCK = 0x524F52

# Told after each batch: the reading (1 organisations, 2 relations) and the share of the file that is done, 0 to 1.
Progress = Callable[[int, float], None]
Thing = TypeVar("Thing")


@dataclass(slots=True)
class Batch(Generic[Thing]):
    """What was read up to `line`, what it may be of what is here, and what could not be taken of it.

    All that needs no database is done ahead, while another batch is being written. A refusal is (line, record, part,
    reason).
    """

    things: list[Thing] = field(default_factory=list)
    rows: tuple[Rows, ...] = ()
    doubts: Doubts = field(default_factory=Doubts)
    refusals: list[tuple[int, str, str, str]] = field(default_factory=list)
    read: int = 0
    refused: int = 0
    line: int = 0
    share: float = 0.0


@dataclass(slots=True)
class RorReport:
    """What became of the records of a file, in `seconds` of reading and writing (the search index not counted).

    `refusals` are whole records (counted in `refused`) and parts of records that were not taken; after a kill, the
    figures are those of all the attempts together, of which the last one went on after line `resumed_at`.
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
    def refusals(self) -> Any:
        """Each record, or part of a record, that was not taken, with its line and reason."""
        return self.run.refusals.order_by("line", "id")


def import_ror(path: Path, *, actor: Actor, at: dt.datetime, progress: Progress | None = None) -> RorReport:
    """Import a ROR file (.jsonl, .jsonl.gz, or the .json or .zip of a ROR release) read on the day of `at`.

    A reading of the same file that was killed goes on where it stopped; a finished one is done again and updates.
    Raises `BadFile` where the file cannot be read to its end (what came before is kept), `Forbidden` for anyone but
    an officer, `Impossible` while another import runs.
    """
    began = time.perf_counter()
    sha = digest(path)
    with _alone():
        run = open_ror_run(actor=actor, at=at, digest=sha, file=path.name, size=path.stat().st_size)
        resumed_at = max(run.done, run.tied)
        _first_reading(path, run, actor, at, progress)
        _second_reading(path, run, actor, at, progress)
        run = close_ror_run(actor=actor, at=at, run_id=run.pk)
    report = RorReport(run, time.perf_counter() - began, resumed_at, **run.counts)
    _bring_index_in_step()
    return report


def _bring_index_in_step() -> None:
    """The search index follows by itself; where it cannot now (a full disk), the import stands all the same."""
    try:
        refresh()
    except OSError:
        _log.exception("The search index could not be written; the next search tries again.")


@contextmanager
def _alone() -> Iterator[None]:
    """One import at a time; a killed one lets go within seconds, as soon as the database notices."""
    with connection.cursor() as cursor:
        end = time.monotonic() + 10
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            if cursor.fetchone()[0]:
                break
            if time.monotonic() > end:
                raise Impossible(_("Another import of ROR is running; wait for its end."))
            time.sleep(0.2)
        try:
            yield
        finally:
            if not connection.needs_rollback and connection.is_usable():
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


@action(OFFICER, title=gettext_lazy("Begin an import of ROR"), over_api=False)
def open_ror_run(*, actor: Actor, at: dt.datetime, digest: str, file: str, size: int) -> ImportRun:
    """The unfinished reading of this file, or a new one."""
    run = ImportRun.objects.filter(digest=digest, finished_at=None).order_by("-id").first()
    return run or ImportRun.objects.create(digest=digest, file=file[:400], size=size, began_at=at)


@action(OFFICER, title=gettext_lazy("End an import of ROR"), over_api=False)
def close_ror_run(*, actor: Actor, at: dt.datetime, run_id: int) -> ImportRun:
    """Mark the reading as finished."""
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    run.finished_at = timezone.now()
    run.save(update_fields=["finished_at"])
    return run


def _first_reading(path: Path, run: ImportRun, actor: Actor, at: dt.datetime, progress: Progress | None) -> None:
    bodies, read_on = Bodies(), timezone.localdate(at).isoformat()
    for number, batch in enumerate(_ahead(_record_batches(path, run.done, read_on, bodies)), 1):
        if import_ror_batch(actor=actor, at=at, run_id=run.pk, batch=batch, here=bodies.ids):
            _tell_growth(BODIES, number)
        if progress:
            progress(1, batch.share)


def _second_reading(path: Path, run: ImportRun, actor: Actor, at: dt.datetime, progress: Progress | None) -> None:
    if run.tied == 0:
        tie_arrived_bodies(actor=actor, at=at, run_id=run.pk)
    for number, batch in enumerate(_ahead(_relation_batches(path, run.tied)), 1):
        if tie_ror_batch(actor=actor, at=at, run_id=run.pk, batch=batch).created:
            _tell_growth(TIES, number)
        if progress:
            progress(2, batch.share)


def _tell_growth(tables: str, batch: int) -> None:
    with connection.cursor() as cursor:
        tell_growth(cursor, tables, batch)


@action(OFFICER, title=gettext_lazy("Import a batch of ROR records"), over_api=False)
def import_ror_batch(*, actor: Actor, at: dt.datetime, run_id: int, batch: Batch[Record], here: list[int]) -> int:
    """Write one batch of records and move the mark of the run to its last line; return how many were created.

    `here` are the ids of the organisations without a ROR identifier when the import began.
    """
    run = _begin(run_id, done=batch.line)
    with connection.cursor() as cursor:
        stage(cursor, batch.rows)
        organisations.recognise(cursor)
        adopt(cursor, here, batch.doubts)
        written = organisations.write(cursor, timezone.localdate(at))
        written.changed |= complete_adopted(cursor, {record.ror: record for record in batch.things})
        lookalikes = batch.doubts.save(cursor)
    created, updated = len(written.created), len(written.changed)
    _count(run, read=batch.read, refused=batch.refused, created=created, updated=updated, lookalikes=lookalikes,
           unchanged=len(batch.things) - created - updated)  # fmt: skip
    _note_refusals(run, batch.refusals)
    return created


@action(OFFICER, title=gettext_lazy("Tie a batch of ROR records"), over_api=False)
def tie_ror_batch(
    *, actor: Actor, at: dt.datetime, run_id: int, batch: Batch[tuple[int, str, Relation]]
) -> relations.Tied:
    """Write one batch of relations and move the mark of the run to its last line."""
    run = _begin(run_id, tied=batch.line)
    with connection.cursor() as cursor:
        stage(cursor, batch.rows)
        tied = relations.tie(cursor, timezone.localdate(at))
    _note_refusals(run, batch.refusals)
    return _account(run, tied)


@action(OFFICER, title=gettext_lazy("Tie the bodies that were waited for"), over_api=False)
def tie_arrived_bodies(*, actor: Actor, at: dt.datetime, run_id: int) -> relations.Tied:
    """Make the ties that were pending and whose other body is here now."""
    run = _begin(run_id)
    with connection.cursor() as cursor:
        empty_tables(cursor)
        tied = relations.tie_arrived(cursor, timezone.localdate(at))
    return _account(run, tied)


def _begin(run_id: int, **marks: int) -> ImportRun:
    """Move the marks of the run.

    Being the first write of the transaction, it also tells the database in whose name the COPYs that follow write.
    A batch need not wait for the disk: should the machine fail, what was lost is done again, since the mark moves with
    the rows.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    ImportRun.objects.filter(pk=run_id).update(**marks or {"tied": 0})
    return ImportRun.objects.get(pk=run_id)


def _account(run: ImportRun, tied: relations.Tied) -> relations.Tied:
    _count(run, ties=tied.created, pending=tied.pending)
    _note_refusals(run, [(circle.line, circle.ror, "relation", circle.reason) for circle in tied.circles])
    return tied


def _count(run: ImportRun, **more: int) -> None:
    run.counts = {name: run.counts.get(name, 0) + more.get(name, 0) for name in {*run.counts, *more}}
    run.save(update_fields=["counts"])


def _note_refusals(run: ImportRun, refusals: list[tuple[int, str, str, str]]) -> None:
    ImportRefusal.objects.bulk_create(
        ImportRefusal(run=run, line=line, record=record, part=part, reason=reason)
        for line, record, part, reason in refusals
    )


def _record_batches(path: Path, done: int, read_on: str, bodies: Bodies) -> Iterator[Batch[Record]]:
    """Records in batches, without those up to the line that is done; the identifiers seen are kept to tell doubles."""
    batch, seen, position, damage = Batch[Record](), dict[str, int](), Position(), None
    size = min(_FIRST_BATCH, BATCH)
    try:
        for item in read(path, position):
            _take(item, batch, seen, read_on, fresh=item[0] > done)
            if batch.read >= size:
                yield _compared(batch, bodies, position)
                batch, size = Batch[Record](), _next_size(size)
    except BadFile as error:
        # What could be read before the damage is kept.
        damage = error
    if batch.read:
        yield _compared(batch, bodies, position)
    if damage:
        raise damage


def _next_size(size: int) -> int:
    return min(2 * size, BATCH)


def _compared(batch: Batch[Record], bodies: Bodies, position: Position) -> Batch[Record]:
    batch.doubts = bodies.doubts(batch.things)
    return _ready(batch, rows_of(batch.things), position)


def _ready(batch: Batch[Thing], rows: tuple[Rows, ...], position: Position) -> Batch[Thing]:
    batch.rows, batch.share = rows, position.share
    return batch


def _take(item: Item, batch: Batch[Record], seen: dict[str, int], read_on: str, *, fresh: bool) -> None:
    """Put an item in the batch, or on its list of refusals; one that an earlier reading has written is only seen."""
    try:
        if record := _taken(item, seen, read_on, fresh):
            batch.things.append(record)
            batch.refusals += [(item[0], record.ror, *remark) for remark in record.remarks]
    except Refused as error:
        if fresh:
            batch.refused += 1
            batch.refusals.append((item[0], _named(item), "", str(error)))
    batch.read, batch.line = batch.read + fresh, item[0]


def _taken(item: Item, seen: dict[str, int], read_on: str, fresh: bool) -> Record | None:
    """The record of an item; `None` for one that an earlier reading has written. Raises `Refused`."""
    line, values = item
    if isinstance(values, str):
        raise Refused(values)
    ror = identity(values)
    if ror in seen:
        raise Refused(_("the same record stands at line %d; keep one") % seen[ror])
    seen[ror] = line
    return parse(line, values, read_on) if fresh else None


def _named(item: Item) -> str:
    return str(item[1].get("id", ""))[:80] if isinstance(item[1], dict) else ""


def _relation_batches(path: Path, done: int) -> Iterator[Batch[tuple[int, str, Relation]]]:
    """Relations in batches; a record without any, or refused at the first reading, has none to give."""
    batch, position = Batch[tuple[int, str, Relation]](), Position()
    size = min(_FIRST_BATCH, BATCH)
    for line, values in read(path, position):
        if line <= done or isinstance(values, str) or not values.get("relationships"):
            continue
        _take_relations(line, values, batch)
        if len(batch.things) >= size:
            yield _ready(batch, relation_rows(batch.things), position)
            batch, size = Batch[tuple[int, str, Relation]](), _next_size(size)
    if batch.line:
        yield _ready(batch, relation_rows(batch.things), position)


def _take_relations(line: int, values: dict[str, Any], batch: Batch[tuple[int, str, Relation]]) -> None:
    batch.line = line
    try:
        ror = identity(values)
    except Refused:
        # The first reading has told so.
        return
    found, remarks = stated(values)
    batch.things += [(line, ror, relation) for relation in found]
    batch.refusals += [(line, ror, *remark) for remark in remarks]


def _ahead(batches: Iterator[Thing]) -> Iterator[Thing]:
    """Read in a thread while the database writes, at most two batches ahead."""
    waiting: queue.Queue[Any] = queue.Queue(maxsize=2)
    stopped = threading.Event()
    language = translation.get_language()

    def fill() -> None:
        try:
            with translation.override(language):
                for batch in batches:
                    if not _put(waiting, stopped, (batch, None)):
                        return
            _put(waiting, stopped, (None, None))
        except BaseException as error:
            _put(waiting, stopped, (None, error))

    threading.Thread(target=fill, daemon=True, name="ror-reader").start()
    usual = sys.getswitchinterval()
    # Each answer of the database would else wait some milliseconds for the busy reader to give way, thousands of times.
    sys.setswitchinterval(usual / 20)
    try:
        while True:
            batch, error = waiting.get()
            if error is not None:
                raise error
            if batch is None:
                return
            yield batch
    finally:
        sys.setswitchinterval(usual)
        stopped.set()


def _put(waiting: "queue.Queue[Any]", stopped: threading.Event, thing: Any) -> bool:
    """Wait for room, unless nobody reads any more."""
    while not stopped.is_set():
        try:
            waiting.put(thing, timeout=0.2)
            return True
        except queue.Full:
            continue
    return False
