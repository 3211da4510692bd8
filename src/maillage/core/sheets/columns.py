"""Which column of a sheet holds which field of a list: by its title in any language, its key, or a person's choice."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.new_keys import can_make_key, is_made
from maillage.core.rows.row import RowField
from maillage.core.rows.values import (
    Amount,
    Choice,
    DateOrInterval,
    Day,
    Part,
    PartialDate,
    ValueType,
    WholeNumber,
    YesNo,
)
from maillage.core.sheets.errors import InvalidSheetError
from maillage.core.sheets.sheet import Sheet, SheetRow, column_letters
from maillage.core.text import fold

REASONS = gettext_lazy("Why it is refused")
"""The title of the column of reasons in the sheet of refused rows, which is passed over when it is read again."""
LEFT_OUT = "-"
"""What a person chooses for a column that holds no field of the list."""
_HEADER_ROWS = 15
# What forms call a field, beside its title.
_OTHER_TITLES = {"source": (gettext_lazy("Address of the page"),)}
_NUMBER_TYPES = (Amount, DateOrInterval, Day, PartialDate, WholeNumber, YesNo)


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its title in the sheet, and the key of its field; empty for none, `LEFT_OUT` for none by choice."""

    index: int
    title: str
    key: str
    is_chosen: bool = False

    @property
    def letters(self) -> str:
        return column_letters(self.index)

    @property
    def is_read(self) -> bool:
        return self.key not in ("", LEFT_OUT)


@dataclass(slots=True)
class Table:
    """The rows of a sheet below its titles, with its columns."""

    columns: list[Column]
    rows: list[SheetRow]
    header: int
    notices: list[str]
    sheet: str = ""
    others: list[str] = dataclass_field(default_factory=list)

    @property
    def by_key(self) -> dict[str, Column]:
        """The columns that are read, by the key of their field."""
        return {column.key: column for column in self.columns if column.is_read}

    @property
    def unknown(self) -> list[Column]:
        """The columns for which nobody has said what they hold."""
        return [column for column in self.columns if not column.key]


def edit_table(table: Table, edits: Mapping[int, Mapping[str, str]], fact_list: AnyFactList) -> None:
    """Put texts in the place of cells, by number of row and key of field; a field without a column gets one."""
    titles = {field.key: field.title for field in sheet_fields(fact_list)}
    for key in dict.fromkeys(key for cells in edits.values() for key in cells):
        if key in titles and key not in table.by_key:
            width = max(len(row.cells) for row in table.rows)
            index = max([width, *(column.index + 1 for column in table.columns)])
            table.columns.append(Column(index, titles[key], key, is_chosen=True))
    columns = {key: column.index for key, column in table.by_key.items()}
    for place, row in enumerate(table.rows):
        cells = {columns[key]: text for key, text in edits.get(row.number, {}).items() if key in columns}
        if cells:
            table.rows[place] = row.with_cells(cells)


def sheet_fields(fact_list: AnyFactList) -> list[RowField]:
    """The fields of a list that a cell can hold: its own, then those that every fact has."""
    fields = [field for field in fact_list.fields if not field.described.files_only]
    return [field for field in fields if not isinstance(field.type, Part) or field.type.shape in _CELL_SHAPES]


_CELL_SHAPES = ("texts", "text", "any")


def is_number_like(value_type: ValueType) -> bool:
    """Whether a number in a cell is a value of this type as it stands."""
    return isinstance(value_type, _NUMBER_TYPES)


def read_table(sheet: Sheet, fact_list: AnyFactList, chosen: Mapping[str, str]) -> Table:
    """The table of a sheet; `chosen` are the keys chosen for columns by their folded titles.

    The row of titles is the one with most known titles among the first. Raises `InvalidSheetError` if no row is below.
    """
    keys_by_title = titles_of(fact_list)
    known = keys_by_title.keys() | chosen.keys()
    candidates = sheet.rows[:_HEADER_ROWS]
    place = max(range(len(candidates)), key=lambda number: _known_titles(candidates[number], known))
    header, rows = sheet.rows[place], sheet.rows[place + 1 :]
    titles = _titles(sheet.rows[: place + 1], max(len(row.cells) for row in [header, *rows]))
    filled = {column for row in rows for column, text in enumerate(row.cells) if text}
    columns = _columns(
        {index: title for index, title in enumerate(titles) if title or index in filled}, keys_by_title, chosen
    )
    notices = [*sheet.notices, *_header_notices(sheet, header, place), *_number_notices(columns, rows, fact_list)]
    if rows and _is_example(rows[0], columns, fact_list):
        rows = rows[1:]
        notices.append(_("The example row of the template is passed over."))
    if not rows:
        raise InvalidSheetError(
            _("This sheet has a row of titles and nothing below. Fill in rows, then choose it again.")
        )
    return Table(columns, rows, header.number, notices, sheet.name, sheet.others)


def titles_of(fact_list: AnyFactList) -> dict[str, list[str]]:
    """The keys of the fields by each folded title in the languages of the site, and by each folded key."""
    keys: dict[str, list[str]] = defaultdict(list)
    for code, _name in [("", ""), *settings.LANGUAGES]:
        with translation.override(code or None):
            keys[title_name(str(REASONS))] = [LEFT_OUT]
            for field in sheet_fields(fact_list):
                others = [str(title) for title in _OTHER_TITLES.get(field.name, ())]
                for title in (field.title, full_title(field), *others) if code else (field.key,):
                    if field.key not in keys[title_name(title)]:
                        keys[title_name(title)].append(field.key)
    return dict(keys)


def missing_fields(table: Table, fact_list: AnyFactList) -> list[RowField]:
    """The required fields that no column holds; none is needed where the lasting key names the facts.

    A key is made from a name.
    """
    keys = table.by_key
    if "id" in keys:
        return []
    missing = [field for field in fact_list.fields if field.required and field.key not in keys]
    return [field for field in missing if not (is_made(field) and can_make_key(fact_list, keys))]


def full_title(field: RowField) -> str:
    """The title of a field with its key, for a list that has the title twice."""
    return f"{field.title} ({field.key})"


def _known_titles(row: SheetRow, known: set[str]) -> int:
    return sum(title_name(cell) in known for cell in row.cells)


def _titles(rows: list[SheetRow], width: int) -> list[str]:
    """The title of each column; a cell merged with the one above has its text there."""
    above = rows[-2] if len(rows) > 1 and rows[-2].number == rows[-1].number - 1 else SheetRow(0, ())
    return [rows[-1].cell(column) or above.cell(column) for column in range(width)]


def _columns(titles: dict[int, str], keys_by_title: Mapping[str, list[str]], chosen: Mapping[str, str]) -> list[Column]:
    columns: list[Column] = []
    used: set[str] = set()
    for index, title in titles.items():
        name = column_name(index, title)
        key = chosen.get(name, "") or next(
            (key for key in keys_by_title.get(title_name(title), ()) if key not in used), ""
        )
        if key in used:
            key = ""
        columns.append(Column(index, title, key, is_chosen=bool(key) and name in chosen))
        used |= {key} - {"", LEFT_OUT}
    return columns


def title_name(title: str) -> str:
    """A title without case, accents, punctuation and underscores."""
    return fold(title.replace("_", " "))


def column_name(index: int, title: str) -> str:
    """The name by which a choice for a column is remembered: its folded title, or its letters without one."""
    return title_name(title) or f"column {column_letters(index).lower()}"


def _is_example(row: SheetRow, columns: list[Column], fact_list: AnyFactList) -> bool:
    """Whether a row is that of a template, in one of the languages."""
    cells = {column.key: row.cell(column.index) for column in columns if column.is_read and row.cell(column.index)}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            example = {field.key: text for field in sheet_fields(fact_list) if (text := example_text(field))}
        if cells and cells == {key: text for key, text in example.items() if key in cells}:
            return len(cells) >= len(example)
    return False


def example_text(field: RowField) -> str:
    """The text of a field in the example row of a template, in the active language; empty for none."""
    value_type = field.type
    if field.described.example and not isinstance(value_type, Choice):
        return field.described.example
    if isinstance(value_type, Choice) and field.name != "visibility":
        labels = {key: str(label) for key, label in value_type.choices}
        return labels.get(field.described.example) or next(iter(labels.values()), "")
    if isinstance(value_type, PartialDate) and not value_type.end:
        return "2020-02"
    return "…" if field.required else ""


def _header_notices(sheet: Sheet, header: SheetRow, place: int) -> list[str]:
    notices = []
    if place:
        message = _("The titles of the columns are read in row %(row)d; what is above is passed over.")
        notices.append(message % {"row": header.number})
    if sheet.others:
        message = _("The sheet “%(name)s” is read; the others are not: %(others)s.")
        notices.append(message % {"name": sheet.name, "others": ", ".join(sheet.others)})
    return notices


def _number_notices(columns: list[Column], rows: list[SheetRow], fact_list: AnyFactList) -> list[str]:
    """Warnings of columns of texts whose cells are numbers: a spreadsheet has removed zeros at their start."""
    message = _(
        "Column %(letters)s (%(title)s) holds numbers in %(count)d cells: if they began with zeros, the spreadsheet "
        "has removed them. Format the column as text and type them again."
    )
    types = {field.key: field.type for field in fact_list.fields}
    counts: dict[int, int] = defaultdict(int)
    for row in rows:
        for index in row.numbers:
            counts[index] += 1
    return [
        message % {"letters": column.letters, "title": column.title, "count": counts[column.index]}
        for column in columns
        if column.is_read and counts[column.index] and not is_number_like(types[column.key])
    ]
