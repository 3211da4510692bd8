"""A sheet as it was read: rows of cells, with the numbers that a spreadsheet shows beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from maillage.core.sheets.errors import InvalidSheetError

MAX_COLUMNS = 300
MAX_ROWS = 100_000
CELL_LIMIT = 32_767


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that is not empty: its number from 1, its cells as texts, and the columns whose cells are numbers."""

    number: int
    cells: tuple[str, ...]
    numbers: frozenset[int] = frozenset()

    def cell(self, column: int) -> str:
        """The text of a cell; empty beyond the last one."""
        return self.cells[column] if column < len(self.cells) else ""

    def with_cells(self, texts: Mapping[int, str]) -> "SheetRow":
        """The row with other texts in some columns."""
        width = max(len(self.cells), *(column + 1 for column in texts))
        cells = tuple(texts.get(column, self.cell(column)) for column in range(width))
        return SheetRow(self.number, cells, self.numbers - texts.keys())


@dataclass(slots=True)
class Sheet:
    """The rows of one sheet of a file. `others` are the names of the other sheets of the workbook."""

    name: str
    rows: list[SheetRow]
    others: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def column_letters(column: int) -> str:
    """The letters of a column from 0: A, B … Z, AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def sheet_rows(raw_rows: Iterable[Sequence[object]]) -> list[SheetRow]:
    """The rows that are not empty. Raises `InvalidSheetError` for too many columns or rows, or none at all."""
    rows: list[SheetRow] = []
    for number, raw_cells in enumerate(raw_rows, 1):
        row = _row(number, raw_cells)
        if not any(row.cells):
            continue
        _check_size(row, len(rows))
        rows.append(row)
    if not rows:
        raise InvalidSheetError(_("This file has no row. Fill in the sheet, save it, then choose it again."))
    return rows


def _row(number: int, raw_cells: Sequence[object]) -> SheetRow:
    cells = [_text(cell) for cell in raw_cells]
    while cells and not cells[-1]:
        cells.pop()
    numbers = frozenset(column for column, cell in enumerate(raw_cells) if isinstance(cell, int | float))
    return SheetRow(number, tuple(cells), numbers)


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return clean_text(str(cell))


def clean_text(text: str) -> str:
    """A text as a cell holds it: without spaces around it, at most as long as a cell may be."""
    return text.replace("\r\n", "\n").strip()[:CELL_LIMIT]


def _check_size(row: SheetRow, rows_before: int) -> None:
    if len(row.cells) > MAX_COLUMNS:
        message = _(
            "This sheet has %(count)d columns (row %(row)d); at most %(most)d are read. Delete the columns that the "
            "list does not need."
        )
        raise InvalidSheetError(message % {"count": len(row.cells), "row": row.number, "most": MAX_COLUMNS})
    if rows_before >= MAX_ROWS:
        message = _("This sheet has more than %(most)d rows. Split it into several files.")
        raise InvalidSheetError(message % {"most": MAX_ROWS})
