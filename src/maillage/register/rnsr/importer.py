"""Import of an export of RNSR in three readings, batch by batch, and its report.

The first reading writes the structures, the second collects the bodies that it names, which are found or created, the
third writes the ties. Each batch is one transaction that also records the last line done: an interrupted import of the
same file resumes there. What the export ends is settled once it is read whole.
"""

import datetime as dt
import time
from dataclasses import dataclass
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.actors import Actor
from maillage.core.rows.errors import InvalidFileError
from maillage.core.table_statistics import analyse_changed_tables, refresh_statistics_on_commit
from maillage.register.actions.rnsr_import import (
    close_rnsr_run,
    import_rnsr_batch,
    open_rnsr_run,
    tie_rnsr_batch,
    write_rnsr_bodies,
)
from maillage.register.import_runs import ProgressCallback, import_lock, refresh_search_index
from maillage.register.models import ImportRefusal, ImportRun
from maillage.register.rnsr.batches import BATCH_SIZE, structure_batches, structure_ties
from maillage.register.rnsr.file_reader import day_in_file_name
from maillage.register.rnsr.likeness import KnownOrganisations
from maillage.register.rnsr.records import BodyMention, StructureTies
from maillage.register.ror.file_reader import ReadPosition, sha256_of_file


@dataclass(slots=True)
class RnsrReport:
    """The counts of an import, and its duration in `seconds`, without the update of the search index.

    `refusals` are whole rows (counted in `refused`) and parts of rows. `ended` are structures that the export no longer
    lists, or none where it is `partial`; `tie_ends` ties whose end it changed.
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
    bodies: int = 0
    ties: int = 0
    changed_ties: int = 0
    pending: int = 0
    ended: int = 0
    tie_ends: int = 0
    partial: int = 0

    @property
    def refusals(self) -> QuerySet[ImportRefusal]:
        """Each refused row or part of a row, with its line and reason."""
        return self.run.refusals.order_by("line", "id")


def export_day(path: Path, day: str, today: dt.date) -> dt.date:
    """The day of an export: the one given, else that in the name of its file.

    Raises `InvalidFileError` where there is none, or one that is no day up to today.
    """
    text = day or day_in_file_name(path)
    if not text:
        raise InvalidFileError(
            _("%s: the file does not say of which day it is; give the day of the export, as in --day 2022-02-08") % path
        )
    try:
        found = dt.date.fromisoformat(text)
    except ValueError as error:
        raise InvalidFileError(_("“%s” is no day; write it as 2022-02-08") % text) from error
    if found > today:
        raise InvalidFileError(_("“%s” is still to come; give the day of the export") % text)
    return found


def import_rnsr(
    path: Path, *, actor: Actor, at: dt.datetime, day: str = "", progress: ProgressCallback | None = None
) -> RnsrReport:
    """Import an export of RNSR (.csv or .csv.gz, of the ministry or in the compact form), the state of one `day`.

    An interrupted import of the same file resumes where it stopped; a finished one is done again and updates. Exports
    may be read in any order. Raises `InvalidFileError` where the file cannot be read to its end (the structures before
    are kept, and nothing is ended), `ActionForbiddenError` for anyone but an officer, `ActionError` while another
    import runs.
    """
    started = time.perf_counter()
    of_day = export_day(path, day, timezone.localdate(at))
    digest = sha256_of_file(path)
    with import_lock():
        run = open_rnsr_run(
            actor=actor, at=at, digest=digest, file=path.name, size=path.stat().st_size, day=of_day.isoformat()
        )
        resumed_at = max(run.done, run.tied)
        _import_structures(path, run, actor, at, progress)
        _import_ties(path, run, actor, at, progress)
        run = close_rnsr_run(actor=actor, at=at, run_id=run.pk)
        refresh_statistics_on_commit()
    report = RnsrReport(run, time.perf_counter() - started, resumed_at, **run.counts)
    refresh_search_index()
    return report


def _import_structures(
    path: Path, run: ImportRun, actor: Actor, at: dt.datetime, progress: ProgressCallback | None
) -> None:
    known = KnownOrganisations()
    for number, batch in enumerate(structure_batches(path, run)):
        import_rnsr_batch(actor=actor, at=at, run_id=run.pk, batch=batch, known=known)
        if number in (0, 3):
            analyse_changed_tables()
        if progress:
            progress(1, batch.share)


def _import_ties(path: Path, run: ImportRun, actor: Actor, at: dt.datetime, progress: ProgressCallback | None) -> None:
    mentions: dict[BodyMention, None] = {}
    for ties in structure_ties(path, ReadPosition()):
        mentions.update(dict.fromkeys(mention for _kind, mention in ties.bodies))
    bodies = write_rnsr_bodies(actor=actor, at=at, run_id=run.pk, mentions=list(mentions))
    position, batch = ReadPosition(), list[StructureTies]()
    for ties in structure_ties(path, position):
        if ties.line > run.tied:
            batch.append(ties)
        if len(batch) >= BATCH_SIZE:
            tie_rnsr_batch(actor=actor, at=at, run_id=run.pk, rows=batch, bodies=bodies)
            batch = []
            if progress:
                progress(2, position.share)
    if batch:
        tie_rnsr_batch(actor=actor, at=at, run_id=run.pk, rows=batch, bodies=bodies)
    if progress:
        progress(2, 1.0)
