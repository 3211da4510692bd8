"""The whole load of a folder of CORDIS, and its report."""

import datetime as dt
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.kernel.actions import action
from maillage.kernel.actors import OFFICER, Actor
from maillage.kernel.loading import Count, Refused
from maillage.kernel.periods import BadPeriod
from maillage.projects.cordis import writing
from maillage.projects.cordis.reading import SHEETS, Item, Position, Sheet, find, read
from maillage.projects.cordis.ties import tie_parties
from maillage.projects.models import EvidenceLoad, EvidenceRefusal

# Told every so many rows: the bytes done, the bytes in all.
Progress = Callable[[int, int], None]
_TELL_EVERY = 1_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken, where it stands, and why; `column` where one is at fault."""

    file: str
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (f"{self.file}:{self.row}", self.column, self.reason)))


@dataclass(slots=True)
class Report:
    """What became of the rows of each file; `tied` parties were recognised as organisations of the register."""

    folder: str
    counts: dict[str, Count] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    tied: int = 0

    @property
    def written(self) -> int:
        return sum(count.created + count.updated for count in self.counts.values()) + self.tied

    def refuse(self, sheet: str, file: Path, row: int, reason: str, column: str = "") -> None:
        """Account for a row that was not taken."""
        self.counts[sheet].refused += 1
        self.refusals.append(Refusal(file.name, row, column, reason))


@action(OFFICER, title=gettext_lazy("Load projects of CORDIS"), over_api=False)
def load_cordis(
    *, actor: Actor, at: dt.datetime, folder: Path, dry_run: bool = False, progress: Progress | None = None
) -> Report:
    """Load the projects of a folder, the bodies that took part, and their participations; create and update.

    All or nothing but for single rows, which the report tells with the reason. Raises `BadFile` where a file is missing
    or cannot be read; nothing is written then, nor by a dry run.
    """
    files = find(folder)
    report = Report(str(folder))
    # A transaction of its own: a dry run undoes it alone, not the entry of the run.
    with transaction.atomic(), connection.cursor() as cursor:
        writing.make_tables(cursor)
        _stage(cursor, files, report, progress)
        _write(cursor, files, report)
        writing.cite(cursor, timezone.localdate(at))
        report.tied = tie_parties()
        if dry_run:
            transaction.set_rollback(True)
    if not dry_run:
        _record(report, actor, at)
    return report


def _stage(cursor: Any, files: dict[str, Path], report: Report, progress: Progress | None) -> None:
    """Bring the rows of every file to its temporary table."""
    position = Position(size=sum(path.stat().st_size for path in files.values()))
    for sheet in SHEETS:
        if path := files.get(sheet.name):
            report.counts[sheet.name] = Count()
            rows = _rows(sheet, path, position, report, progress)
            with closing(rows), cursor.copy(f"COPY {writing.STAGING[sheet.name].table} FROM STDIN") as target:
                for row in rows:
                    target.write_row(row)


def _rows(
    sheet: Sheet, path: Path, position: Position, report: Report, progress: Progress | None
) -> Generator[tuple[Any, ...]]:
    """The rows of a file that can be taken, as their temporary table holds them; the others are refused."""
    seen: dict[tuple[Any, ...], int] = {}
    for item in read(path, sheet, position):
        report.counts[sheet.name].read += 1
        try:
            yield _row(sheet, item, seen)
        except (Refused, BadPeriod) as error:
            report.refuse(sheet.name, path, item.number, str(error), getattr(error, "field", ""))
        if progress and item.number % _TELL_EVERY == 0:
            progress(position.done, position.size)


def _row(sheet: Sheet, item: Item, seen: dict[tuple[Any, ...], int]) -> tuple[Any, ...]:
    if item.refusal:
        raise item.refusal
    identity = tuple(item.values[name] for name in sheet.identity)
    if identity in seen:
        told = _("the same %(columns)s stands at row %(row)d; keep one")
        raise Refused(told % {"columns": " + ".join(sheet.identity), "row": seen[identity]}, sheet.identity[0])
    row = writing.STAGING[sheet.name].row(item)
    seen[identity] = item.number
    return row


def _write(cursor: Any, files: dict[str, Path], report: Report) -> None:
    """Write each table from its temporary one, without the rows that name what is nowhere."""
    if "project_euroscivoc" in files:
        for row, number in writing.unknown_subjects(cursor):
            _refuse_unknown(report, "project_euroscivoc", files, row, "project", number)
    writing.write(cursor, "projects", report.counts["projects"])
    writing.write(cursor, "organisations", report.counts["organisations"])
    for column in ("project", "party"):
        for row, number in writing.unknown_ends(cursor, column):
            _refuse_unknown(report, "participations", files, row, column, number)
    writing.write(cursor, "participations", report.counts["participations"])


def _refuse_unknown(report: Report, sheet: str, files: dict[str, Path], row: int, column: str, number: str) -> None:
    other, name = {"project": ("projects", "project_id"), "party": ("organisations", "organisation_id")}[column]
    told = _("no row of %(file)s has the number %(number)s, or it was refused; add or correct it there")
    report.refuse(sheet, files[sheet], row, told % {"file": files[other].name, "number": number}, name)


def _record(report: Report, actor: Actor, at: dt.datetime) -> None:
    counts = {
        name: {"read": one.read, "created": one.created, "updated": one.updated, "refused": one.refused}
        for name, one in report.counts.items()
    }
    load = EvidenceLoad.objects.create(
        source=writing.SOURCE,
        folder=report.folder[:400],
        counts=counts,
        written=report.written,
        loaded_at=at,
        loaded_by=actor.name,
    )
    EvidenceRefusal.objects.bulk_create(
        (EvidenceRefusal(load=load, file=one.file, row=one.row, column=one.column, reason=one.reason)
         for one in report.refusals),
        batch_size=2_000,
    )  # fmt: skip
