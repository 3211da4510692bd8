"""Actions of an import of ROR: open and close a run, write one batch."""

import datetime as dt

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import action
from maillage.core.actors import OFFICER, Actor
from maillage.register.import_runs import add_counts, move_marks, note_refusals
from maillage.register.models import ImportRun
from maillage.register.ror import organisations, relations
from maillage.register.ror.adoption import adopt_records, complete_adopted_organisations
from maillage.register.ror.batches import ImportBatch
from maillage.register.ror.records import RorRecord, RorRelation
from maillage.register.ror.staging_tables import copy_to_tables, reset_tables


@action(OFFICER, title=gettext_lazy("Begin an import of ROR"), over_api=False)
def open_ror_run(*, actor: Actor, at: dt.datetime, digest: str, file: str, size: int) -> ImportRun:
    """Resume the unfinished run of this file (`digest` is its SHA-256, `size` in bytes), or create a run."""
    run = ImportRun.objects.filter(digest=digest, finished_at=None).order_by("-id").first()
    return run or ImportRun.objects.create(digest=digest, file=file[:400], size=size, began_at=at)


@action(OFFICER, title=gettext_lazy("End an import of ROR"), over_api=False)
def close_ror_run(*, actor: Actor, at: dt.datetime, run_id: int) -> ImportRun:
    """Mark the run as finished."""
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    run.finished_at = timezone.now()
    run.save(update_fields=["finished_at"])
    return run


@action(OFFICER, title=gettext_lazy("Import a batch of ROR records"), over_api=False)
def import_ror_batch(
    *, actor: Actor, at: dt.datetime, run_id: int, batch: ImportBatch[RorRecord], here: list[int]
) -> int:
    """Write one batch of records and record its last line in the run; return how many organisations were created.

    `here` are the ids of the organisations without a ROR identifier when the import began.
    """
    run = move_marks(run_id, done=batch.line)
    with connection.cursor() as cursor:
        copy_to_tables(cursor, batch.rows)
        organisations.match_known_organisations(cursor)
        adopt_records(cursor, here, batch.lookalike_candidates)
        written = organisations.write_organisations(cursor, timezone.localdate(at))
        written.changed |= complete_adopted_organisations(cursor, {record.ror: record for record in batch.items})
        lookalikes = batch.lookalike_candidates.save(cursor)
    created, updated = len(written.created), len(written.changed)
    add_counts(run, read=batch.read, refused=batch.refused, created=created, updated=updated, lookalikes=lookalikes,
          unchanged=len(batch.items) - created - updated)  # fmt: skip
    note_refusals(run, batch.refusals)
    return created


@action(OFFICER, title=gettext_lazy("Tie a batch of ROR records"), over_api=False)
def tie_ror_batch(
    *, actor: Actor, at: dt.datetime, run_id: int, batch: ImportBatch[tuple[int, str, RorRelation]]
) -> relations.WrittenTies:
    """Write one batch of relations and record its last line in the run."""
    run = move_marks(run_id, tied=batch.line)
    with connection.cursor() as cursor:
        copy_to_tables(cursor, batch.rows)
        tied = relations.write_ties(cursor, timezone.localdate(at))
    note_refusals(run, batch.refusals)
    return _count_ties(run, tied)


@action(OFFICER, title=gettext_lazy("Tie the organisations that were waited for"), over_api=False)
def tie_arrived_organisations(*, actor: Actor, at: dt.datetime, run_id: int) -> relations.WrittenTies:
    """Create the pending ties whose other organisation is in the register now."""
    run = move_marks(run_id)
    with connection.cursor() as cursor:
        reset_tables(cursor)
        tied = relations.write_arrived_ties(cursor, timezone.localdate(at))
    return _count_ties(run, tied)


def _count_ties(run: ImportRun, tied: relations.WrittenTies) -> relations.WrittenTies:
    add_counts(run, ties=tied.created, pending=tied.pending)
    note_refusals(run, [(circle.line, circle.ror, "relation", circle.reason) for circle in tied.circles])
    return tied
