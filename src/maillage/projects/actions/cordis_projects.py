"""The action that loads a folder of CORDIS."""

import datetime as dt
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import action
from maillage.core.actors import OFFICER, Actor
from maillage.projects.cordis import table_writer
from maillage.projects.cordis.csv_reader import find_files
from maillage.projects.cordis.folder_load import CordisReport, ProgressCallback, stage_files, write_tables
from maillage.projects.cordis.party_matching import match_parties
from maillage.projects.models import EvidenceLoad, EvidenceRefusal


@action(OFFICER, title=gettext_lazy("Load projects of CORDIS"), over_api=False)
def load_cordis(
    *, actor: Actor, at: dt.datetime, folder: Path, dry_run: bool = False, progress: ProgressCallback | None = None
) -> CordisReport:
    """Create and update the projects, parties and participations of a folder.

    One transaction; single rows that are refused are listed in the report with the reason. Raises `InvalidFileError`
    where a file is missing or cannot be read; nothing is written then, nor by a dry run.
    """
    files = find_files(folder)
    report = CordisReport(str(folder))
    # A nested transaction: a dry run rolls it back without the history entry of the action.
    with transaction.atomic(), connection.cursor() as cursor:
        table_writer.create_staging_tables(cursor)
        stage_files(cursor, files, report, progress)
        write_tables(cursor, files, report)
        table_writer.cite_projects(cursor, timezone.localdate(at))
        report.tied = match_parties()
        if dry_run:
            transaction.set_rollback(True)
    if not dry_run:
        _record_load(report, actor, at)
    return report


def _record_load(report: CordisReport, actor: Actor, at: dt.datetime) -> None:
    counts = {
        name: {"read": count.read, "created": count.created, "updated": count.updated, "refused": count.refused}
        for name, count in report.counts.items()
    }
    load = EvidenceLoad.objects.create(
        source=table_writer.SOURCE,
        folder=report.folder[:400],
        counts=counts,
        written=report.written,
        loaded_at=at,
        loaded_by=actor.name,
    )
    EvidenceRefusal.objects.bulk_create(
        (
            EvidenceRefusal(load=load, file=refusal.file, row=refusal.row, column=refusal.column, reason=refusal.reason)
            for refusal in report.refusals
        ),
        batch_size=2_000,
    )
