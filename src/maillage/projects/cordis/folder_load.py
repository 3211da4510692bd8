"""Load of a folder of CORDIS, and its report."""

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from maillage.core.periods import InvalidPeriodError
from maillage.core.rows.errors import RowError
from maillage.core.rows.file_load import RowCounts
from maillage.projects.cordis import table_writer
from maillage.projects.cordis.csv_reader import SHEETS, ReadPosition, Sheet, SheetRow, read_rows

# Called every `_PROGRESS_INTERVAL` rows with the bytes done and the bytes in all.
ProgressCallback = Callable[[int, int], None]
_PROGRESS_INTERVAL = 1_000


@dataclass(frozen=True, slots=True)
class CordisRefusal:
    """A refused row: its file and number, the reason, and the `column` if the reason concerns one."""

    file: str
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (f"{self.file}:{self.row}", self.column, self.reason)))


@dataclass(slots=True)
class CordisReport:
    """The counts of each file and the refusals; `tied` parties were matched with organisations of the register."""

    folder: str
    counts: dict[str, RowCounts] = field(default_factory=dict)
    refusals: list[CordisRefusal] = field(default_factory=list)
    tied: int = 0

    @property
    def written(self) -> int:
        return sum(count.created + count.updated for count in self.counts.values()) + self.tied

    def refuse(self, sheet: str, file: Path, row: int, reason: str, column: str = "") -> None:
        """Record a refused row."""
        self.counts[sheet].refused += 1
        self.refusals.append(CordisRefusal(file.name, row, column, reason))


def stage_files(
    cursor: CursorWrapper, files: dict[str, Path], report: CordisReport, progress: ProgressCallback | None
) -> None:
    """Copy the rows of each file to its temporary table."""
    position = ReadPosition(size=sum(path.stat().st_size for path in files.values()))
    for sheet in SHEETS:
        if path := files.get(sheet.name):
            report.counts[sheet.name] = RowCounts()
            rows = _staged_rows(sheet, path, position, report, progress)
            with (
                closing(rows),
                cursor.copy(f"COPY {table_writer.STAGING_TABLES[sheet.name].table} FROM STDIN") as target,
            ):
                for row in rows:
                    target.write_row(row)


def _staged_rows(
    sheet: Sheet, path: Path, position: ReadPosition, report: CordisReport, progress: ProgressCallback | None
) -> Generator[tuple[object, ...]]:
    """The valid rows of a file as rows of its temporary table; the others are refused in the report."""
    seen: dict[tuple[object, ...], int] = {}
    for item in read_rows(path, sheet, position):
        report.counts[sheet.name].read += 1
        try:
            yield _staged_row(sheet, item, seen)
        except (RowError, InvalidPeriodError) as error:
            report.refuse(sheet.name, path, item.number, str(error), getattr(error, "field", ""))
        if progress and item.number % _PROGRESS_INTERVAL == 0:
            progress(position.done, position.size)


def _staged_row(sheet: Sheet, item: SheetRow, seen: dict[tuple[object, ...], int]) -> tuple[object, ...]:
    if item.refusal:
        raise item.refusal
    identity = tuple(item.values[name] for name in sheet.identity)
    if identity in seen:
        message = _("the same %(columns)s stands at row %(row)d; keep one")
        raise RowError(message % {"columns": " + ".join(sheet.identity), "row": seen[identity]}, sheet.identity[0])
    row = table_writer.STAGING_TABLES[sheet.name].row(item)
    seen[identity] = item.number
    return row


def write_tables(cursor: CursorWrapper, files: dict[str, Path], report: CordisReport) -> None:
    """Write each table from its temporary table, without rows that refer to an unknown project or party."""
    if "project_euroscivoc" in files:
        for row, number in table_writer.remove_unknown_subjects(cursor):
            _refuse_unknown(report, "project_euroscivoc", files, row, "project", number)
    table_writer.write_table(cursor, "projects", report.counts["projects"])
    table_writer.write_table(cursor, "organisations", report.counts["organisations"])
    for column in ("project", "party"):
        for row, number in table_writer.remove_unknown_participations(cursor, column):
            _refuse_unknown(report, "participations", files, row, column, number)
    table_writer.write_table(cursor, "participations", report.counts["participations"])


def _refuse_unknown(
    report: CordisReport, sheet: str, files: dict[str, Path], row: int, column: str, number: str
) -> None:
    other_sheet, name = {"project": ("projects", "project_id"), "party": ("organisations", "organisation_id")}[column]
    message = _("no row of %(file)s has the number %(number)s, or it was refused; add or correct it there")
    report.refuse(sheet, files[sheet], row, message % {"file": files[other_sheet].name, "number": number}, name)
