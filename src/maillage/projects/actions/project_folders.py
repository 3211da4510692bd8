"""The actions that load a folder of a funder, and that look again for the organisations of its parties."""

import datetime as dt
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core import formats
from maillage.core.action_registry import action
from maillage.core.actors import OFFICER, Actor
from maillage.core.table_statistics import refresh_statistics_on_commit
from maillage.projects.csv_reader import find_files
from maillage.projects.folder_load import FolderLoad, ProgressCallback, ProjectsReport
from maillage.projects.funder_readers import reader_of
from maillage.projects.models import EvidenceLoad, EvidenceRefusal, Funder, Party
from maillage.projects.partner_ranking import learn_on_commit
from maillage.projects.party_matching import match_parties
from maillage.projects.table_writer import TableWriter, create_staging_tables

# With a smaller share of the rows of the load before, a list is remarked on.
_USUAL_SHARE = 0.75


@action(OFFICER, title=gettext_lazy("Load projects of a funder"), over_api=False)
def load_projects(
    *,
    actor: Actor,
    at: dt.datetime,
    funder: Funder,
    folder: Path,
    dry_run: bool = False,
    progress: ProgressCallback | None = None,
) -> ProjectsReport:
    """Create and update the projects, parties and participations of a folder; what it does not hold stays.

    One transaction; single rows that are refused are listed in the report with the reason. Raises `InvalidFileError`
    where a file is missing, cannot be read or is not whole; nothing is written then, nor by a dry run.
    """
    reader = reader_of(funder)
    report = ProjectsReport(str(folder))
    load = FolderLoad(reader, find_files(folder, reader.sheets), report, progress)
    # A nested transaction: a dry run rolls it back without the history entry of the action.
    with transaction.atomic(), connection.cursor() as cursor:
        create_staging_tables(cursor)
        load.stage(cursor)
        writer = TableWriter(cursor, funder)
        load.write(writer)
        writer.cite_projects(timezone.localdate(at))
        report.tied = match_parties(funder, reader.matches)
        report.untied = Party.objects.filter(funder=funder, organisation=None).count()
        if dry_run:
            transaction.set_rollback(True)
    report.remarks += _smaller_than_before(report, funder)
    if not dry_run:
        _record_load(report, funder, actor, at)
        refresh_statistics_on_commit()
        if funder == Funder.CORDIS:
            learn_on_commit()
    return report


@action(OFFICER, title=gettext_lazy("Look again for the organisations of parties of projects"))
def match_project_parties(*, actor: Actor, at: dt.datetime) -> int:
    """Tie the parties of all funders to organisations that came into the register later; return how many were tied."""
    return sum(match_parties(funder, reader_of(funder).matches) for funder in Funder)


def _smaller_than_before(report: ProjectsReport, funder: Funder) -> list[str]:
    """A remark on each list that has far fewer rows than at the load before."""
    before = EvidenceLoad.objects.filter(funder=funder).order_by("pk").last()
    if before is None:
        return []
    message = _("%(list)s: %(count)d rows, where the load of %(day)s read %(before)d; what is not in the files stays.")
    day = formats.day(timezone.localdate(before.loaded_at))
    reads = {name: counts["read"] for name, counts in before.counts.items()}
    return [
        message % {"list": name, "count": count.read, "before": reads[name], "day": day}
        for name, count in report.counts.items()
        if count.read < _USUAL_SHARE * reads.get(name, 0)
    ]


def _record_load(report: ProjectsReport, funder: Funder, actor: Actor, at: dt.datetime) -> None:
    counts = {
        name: {"read": count.read, "created": count.created, "updated": count.updated, "refused": count.refused}
        for name, count in report.counts.items()
    }
    load = EvidenceLoad.objects.create(
        funder=funder,
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
