"""Load of a folder of a funder, and its report."""

from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from maillage.core.periods import InvalidPeriodError
from maillage.core.rows.errors import RowError
from maillage.core.rows.file_load import RowCounts
from maillage.projects.csv_reader import ReadPosition, Sheet, SheetRow, find_files, read_rows
from maillage.projects.models import PartyMatch
from maillage.projects.records import FunderRecord, ParticipationRecord, PartyRecord, ProjectRecord, SubjectRecord
from maillage.projects.table_writer import STAGING_TABLES, TableWriter, staged_row

# Called every `_PROGRESS_INTERVAL` rows with the bytes done and the bytes in all.
ProgressCallback = Callable[[int, int], None]
_PROGRESS_INTERVAL = 1_000
# Tells rows of the files of one list apart: the place of the sheet times this, and the number of the row.
_ROWS_OF_A_FILE = 1_000_000_000
# The list of parties where the funder has no file of them.
PARTY_LIST = "organisations"
RECORDS = (ProjectRecord, PartyRecord, ParticipationRecord, SubjectRecord)


class FunderReader(Protocol):
    """What is special to a funder: its files, the records of their rows, and how its parties are recognised.

    A reader is made for one load. `funder` begins the keys of its records; `matches` are tried in their order.
    """

    @property
    def funder(self) -> str: ...
    @property
    def sheets(self) -> tuple[Sheet, ...]: ...
    @property
    def matches(self) -> tuple[PartyMatch, ...]: ...

    def read(self, sheet: Sheet, row: SheetRow) -> FunderRecord | None:
        """The record of a row, `None` for one that tells nothing. Raises `RowError` for a row that is refused."""

    def parties(self) -> Iterable[PartyRecord]:
        """The parties that rows of other lists named, once all are read."""

    def check(self) -> Iterable[str]:
        """Remarks on the files as a whole, once all are read. Raises `InvalidFileError` where they are not whole."""


@dataclass(frozen=True, slots=True)
class LoadRefusal:
    """A refused row, or one taken without a value: its file and number, the reason, and the `column` if it is one."""

    file: str
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (f"{self.file}:{self.row}", self.column, self.reason)))


@dataclass(slots=True)
class ProjectsReport:
    """The counts of each list, the refused rows, and remarks on rows taken in part and on the files as a whole.

    `tied` parties were matched with organisations of the register; `untied` is how many of the funder's are not.
    """

    folder: str
    counts: dict[str, RowCounts] = field(default_factory=dict)
    refusals: list[LoadRefusal] = field(default_factory=list)
    row_remarks: list[LoadRefusal] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    tied: int = 0
    untied: int = 0

    @property
    def written(self) -> int:
        return sum(count.created + count.updated for count in self.counts.values()) + self.tied

    def count(self, list_name: str, written: tuple[int, int]) -> None:
        """Set how many rows of a list were created, updated and left as they are."""
        count = self.counts[list_name]
        count.created, count.updated = written
        count.unchanged = count.read - count.refused - count.created - count.updated


def read_records(
    reader: FunderReader, folder: Path, wanted: Collection[type[FunderRecord]] = RECORDS
) -> Iterator[FunderRecord]:
    """The `wanted` records of a folder, then the parties that its rows named, for those who need no database.

    Rows that are refused are left out. Raises `InvalidFileError` where a file is missing or cannot be read.
    """
    files = find_files(folder, reader.sheets)
    for sheet in (one for one in reader.sheets if one.name in files and one.makes in wanted):
        for row in read_rows(files[sheet.name], sheet, ReadPosition()):
            try:
                record = None if row.refusal else reader.read(sheet, row)
            except RowError:
                continue
            if record:
                yield record
    if PartyRecord in wanted:
        yield from reader.parties()


@dataclass(slots=True)
class FolderLoad:
    """The load of the files of a folder by the reader of its funder."""

    reader: FunderReader
    files: dict[str, Path]
    report: ProjectsReport
    progress: ProgressCallback | None = None
    _places: dict[tuple[object, ...], tuple[str, int]] = field(default_factory=dict)
    """Where each identity stands first, in this load."""

    def stage(self, cursor: CursorWrapper) -> None:
        """Copy the records of each file to their temporary tables. Raises `InvalidFileError`; nothing is kept then."""
        position = ReadPosition(size=sum(path.stat().st_size for path in self.files.values()))
        for sheet in self.reader.sheets:
            self.report.counts.setdefault(sheet.list_name, RowCounts())
            if path := self.files.get(sheet.name):
                _copy(cursor, sheet.makes, self._staged_rows(sheet, path, position))
        self.report.remarks += self.reader.check()
        if all(sheet.list_name != PARTY_LIST for sheet in self.reader.sheets):
            self.report.counts[PARTY_LIST] = RowCounts()
            _copy(cursor, PartyRecord, self._party_rows())

    def _staged_rows(self, sheet: Sheet, path: Path, position: ReadPosition) -> Generator[tuple[object, ...]]:
        """The valid rows of a file as rows of its temporary table; the others are refused in the report."""
        for item in read_rows(path, sheet, position):
            if row := self._staged_row(sheet, path, item):
                yield row
            self.report.row_remarks += (
                LoadRefusal(path.name, item.number, remark.field, str(remark)) for remark in item.remarks
            )
            if self.progress and item.number % _PROGRESS_INTERVAL == 0:
                self.progress(position.done, position.size)

    def _staged_row(self, sheet: Sheet, path: Path, item: SheetRow) -> tuple[object, ...] | None:
        """The row of the temporary table; `None` for one that is refused, or that tells nothing and is not counted."""
        count = self.report.counts[sheet.list_name]
        count.read += 1
        try:
            if record := self._record(sheet, path, item):
                row = staged_row(self.reader.sheets.index(sheet) * _ROWS_OF_A_FILE + item.number, record)
                self._places[_identity(sheet, item)] = (path.name, item.number)
                return row
            count.read -= 1
        except (RowError, InvalidPeriodError) as error:
            self._refuse(sheet, item.number, str(error), getattr(error, "field", ""))
        return None

    def _record(self, sheet: Sheet, path: Path, item: SheetRow) -> FunderRecord | None:
        if item.refusal:
            raise item.refusal
        if place := self._places.get(_identity(sheet, item)):
            file, row = place
            message = _("the same %(columns)s stands at row %(row)d; keep one")
            if file != path.name:
                message = _("the same %(columns)s stands at row %(row)d of %(file)s; keep one")
            values = {"columns": " + ".join(sheet.identity), "row": row, "file": file}
            raise RowError(message % values, sheet.identity[0])
        return self.reader.read(sheet, item)

    def _party_rows(self) -> Generator[tuple[object, ...]]:
        for number, party in enumerate(self.reader.parties(), 1):
            self.report.counts[PARTY_LIST].read += 1
            yield staged_row(number, party)

    def _refuse(self, sheet: Sheet, row: int, reason: str, column: str = "") -> None:
        self.report.counts[sheet.list_name].refused += 1
        self.report.refusals.append(LoadRefusal(self.files[sheet.name].name, row, column, reason))

    def write(self, writer: TableWriter) -> None:
        """Write each table from its temporary table, without rows that refer to an unknown project or party."""
        lists = {sheet.makes: sheet.list_name for sheet in self.reader.sheets}
        for row, number in writer.remove_unknown_subjects():
            self._refuse_unknown(row, ProjectRecord, number)
        self.report.count(lists[ProjectRecord], writer.write(ProjectRecord))
        self.report.count(PARTY_LIST, writer.write(PartyRecord))
        for column, record in (("project", ProjectRecord), ("party", PartyRecord)):
            for row, number in writer.remove_unknown_participations(column):
                self._refuse_unknown(row, record, number)
        self.report.count(lists[ParticipationRecord], writer.write_participations())

    def _refuse_unknown(self, staged: int, wanted: type[FunderRecord], number: str) -> None:
        place, row = divmod(staged, _ROWS_OF_A_FILE)
        others = [one for one in self.reader.sheets if one.makes is wanted and one.name in self.files]
        message = _("no row of %(file)s has the number %(number)s, or it was refused; add or correct it there")
        values = {"file": ", ".join(self.files[one.name].name for one in others), "number": number}
        self._refuse(self.reader.sheets[place], row, message % values, others[0].identity[0])


def _copy(cursor: CursorWrapper, record: type[FunderRecord], rows: Generator[tuple[object, ...]]) -> None:
    with closing(rows), cursor.copy(f"COPY {STAGING_TABLES[record].name} FROM STDIN") as target:
        for row in rows:
            target.write_row(row)


def _identity(sheet: Sheet, item: SheetRow) -> tuple[object, ...]:
    return (sheet.makes, *(item.values[name] for name in sheet.identity))
