"""Actions of an import of RNSR: open and close a run, write one batch, propose links to ROR."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import action
from maillage.core.actors import OFFICER, Actor
from maillage.register.import_runs import add_counts, move_marks, note_refusals
from maillage.register.models import ImportRun
from maillage.register.rnsr.batches import StructureBatch
from maillage.register.rnsr.bodies import write_bodies
from maillage.register.rnsr.ends import settle_ends
from maillage.register.rnsr.likeness import KnownOrganisations
from maillage.register.rnsr.links import ProposedLink, WrittenLinks, write_links
from maillage.register.rnsr.records import BodyMention, StructureTies
from maillage.register.rnsr.structures import write_structures
from maillage.register.rnsr.ties import WrittenTies, write_arrived_ties, write_ties


@action(OFFICER, title=gettext_lazy("Begin an import of RNSR"), over_api=False)
def open_rnsr_run(*, actor: Actor, at: dt.datetime, digest: str, file: str, size: int, day: str) -> ImportRun:
    """Resume the unfinished run of this file and `day` (`digest` is its SHA-256, `size` in bytes), or create a run."""
    of_day = dt.date.fromisoformat(day)
    run = ImportRun.objects.filter(digest=digest, day=of_day, finished_at=None).order_by("-id").first()
    return run or ImportRun.objects.create(digest=digest, file=file[:400], size=size, day=of_day, began_at=at)


@action(OFFICER, title=gettext_lazy("Import a batch of RNSR structures"), over_api=False)
def import_rnsr_batch(
    *, actor: Actor, at: dt.datetime, run_id: int, batch: StructureBatch, known: KnownOrganisations
) -> int:
    """Write one batch of structures and record its last line in the run; return how many were created.

    `known` are the organisations that they are compared with.
    """
    run = move_marks(run_id, done=batch.line)
    written = write_structures(batch.structures, _day(run), known)
    created, updated = len(written.created), len(written.changed)
    add_counts(run, read=batch.read, refused=batch.refused, created=created, updated=updated,
               unchanged=len(batch.structures) - created - updated, lookalikes=written.lookalikes)  # fmt: skip
    note_refusals(run, batch.refusals)
    return created


@action(OFFICER, title=gettext_lazy("Find or create the bodies of an RNSR export"), over_api=False)
def write_rnsr_bodies(
    *, actor: Actor, at: dt.datetime, run_id: int, mentions: list[BodyMention]
) -> dict[BodyMention, int]:
    """Find or create the supervising bodies that an export mentions; return the organisation (id) of each."""
    run = move_marks(run_id, done=ImportRun.objects.get(pk=run_id).done)
    written = write_bodies(mentions, _day(run))
    add_counts(run, bodies=written.created, lookalikes=written.lookalikes)
    return written.organisations


@action(OFFICER, title=gettext_lazy("Tie a batch of RNSR structures"), over_api=False)
def tie_rnsr_batch(
    *, actor: Actor, at: dt.datetime, run_id: int, rows: list[StructureTies], bodies: dict[BodyMention, int]
) -> WrittenTies:
    """Write the ties of one batch and record its last line in the run."""
    run = move_marks(run_id, tied=rows[-1].line)
    written = write_ties(rows, bodies, _day(run))
    add_counts(run, ties=written.created, changed_ties=written.changed, pending=written.pending)
    remarks = [(row.line, row.rnsr, *remark) for row in rows for remark in row.remarks]
    note_refusals(run, [*remarks, *written.refusals])
    return written


@action(OFFICER, title=gettext_lazy("End an import of RNSR"), over_api=False)
def close_rnsr_run(*, actor: Actor, at: dt.datetime, run_id: int) -> ImportRun:
    """Write the ties that waited, end what the export no longer states, and mark the run as finished."""
    run = move_marks(run_id, done=ImportRun.objects.get(pk=run_id).done)
    arrived = write_arrived_ties()
    settled = settle_ends(_day(run))
    add_counts(run, ties=arrived.created, changed_ties=arrived.changed, ended=settled.structures,
               tie_ends=settled.ties, partial=int(settled.is_partial))  # fmt: skip
    note_refusals(run, arrived.refusals)
    run.finished_at = timezone.now()
    run.save(update_fields=["finished_at"])
    return run


@action(OFFICER, title=gettext_lazy("Propose links of RNSR to ROR"), over_api=False)
def propose_rnsr_links(*, actor: Actor, at: dt.datetime, links: list[ProposedLink]) -> WrittenLinks:
    """Put links between structures and organisations of ROR to the review of records that look alike."""
    return write_links(links)


def _day(run: ImportRun) -> dt.date:
    if run.day is None:
        raise ValueError(f"The import {run.pk} is not that of an export of a day.")
    return run.day
