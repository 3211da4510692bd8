"""Workbooks of a list: a template to fill in, the whole list to edit, and the rows that were refused."""

import io
from collections.abc import Iterable, Mapping
from typing import IO

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.row import RowField
from maillage.core.rows.values import Choice, Values
from maillage.core.security.visibility import Visibility
from maillage.core.sheets.cell_values import cell_text, is_source
from maillage.core.sheets.columns import REASONS, Table, example_text, full_title, sheet_fields
from maillage.core.sheets.fates import RowFate
from maillage.core.sheets.sheet import CELL_LIMIT, MAX_ROWS
from maillage.core.text import label_and_value

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def template_fields(fact_list: AnyFactList, *, with_key: bool) -> list[RowField]:
    """The fields of a template or, with the lasting key, of a list to edit."""
    fields = [field for field in sheet_fields(fact_list) if field.described.editable or is_source(field)]
    return [*fields, fact_list.field("id")] if with_key else fields


def write_template(fact_list: AnyFactList) -> IO[bytes]:
    """A workbook with the titles of a list in the active language, choices as drop-downs, and an example row."""
    fields = template_fields(fact_list, with_key=False)
    return _write(fact_list, fields, [[example_text(field) for field in fields]], example=True)


def write_list(fact_list: AnyFactList, rows: Iterable[Values]) -> IO[bytes]:
    """A workbook with rows of an export, which loads back as unchanged."""
    fields = template_fields(fact_list, with_key=True)
    default = {"visibility": str(Visibility.PUBLIC)}
    return _write(
        fact_list, fields, ([cell_text(field, (default | row).get(field.key)) for field in fields] for row in rows)
    )


def _write(
    fact_list: AnyFactList, fields: list[RowField], rows: Iterable[list[str]], *, example: bool = False
) -> IO[bytes]:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        sheet = book.add_worksheet(_sheet_name(str(fact_list.title)))
        _set_columns(book, sheet, fields)
        style = (
            book.add_format({"italic": True, "num_format": "@"}) if example else book.add_format({"num_format": "@"})
        )
        for number, row in enumerate(rows, 1):
            for column, text in enumerate(row):
                if text:
                    sheet.write_string(number, column, text[:CELL_LIMIT], style)
        choices = book.add_worksheet(_sheet_name(_("Choices")))
        _add_choices(sheet, choices, fields)
        _add_help(book, fields)
    out.seek(0)
    return out


def _set_columns(book: Workbook, sheet: Worksheet, fields: list[RowField]) -> None:
    """Titles, and cells that are texts, so that zeros at the start stay."""
    text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(fields) - 1, 22, text)
    sheet.set_column(0, 0, 36, text)
    titles = [field.title for field in fields]
    for column, field in enumerate(fields):
        title = full_title(field) if titles.count(field.title) > 1 else field.title
        sheet.write_string(0, column, f"{title} *" if field.required else title, bold)


def _add_choices(sheet: Worksheet, choices: Worksheet, fields: list[RowField]) -> None:
    """Drop-downs from lists on a sheet of their own: a list within a cell may have 255 characters only."""
    labels_by_column = {
        column: [str(label) for _key, label in field.type.choices]
        for column, field in enumerate(fields)
        if isinstance(field.type, Choice)
    }
    for place, (column, labels) in enumerate(labels_by_column.items()):
        letters = xlsxwriter.utility.xl_col_to_name(place)
        source = f"='{choices.get_name()}'!${letters}$1:${letters}${len(labels)}"
        sheet.data_validation(
            1, column, MAX_ROWS, column, {"validate": "list", "source": source, "error_type": "warning"}
        )
    for row in range(max(map(len, labels_by_column.values()), default=0)):
        for place, labels in enumerate(labels_by_column.values()):
            if row < len(labels):
                choices.write_string(row, place, labels[row])


def _add_help(book: Workbook, fields: list[RowField]) -> None:
    sheet, bold = book.add_worksheet(_sheet_name(_("Help"))), book.add_format({"bold": True})
    sheet.set_column(0, 1, 28)
    sheet.set_column(2, 2, 90)
    for column, title in enumerate((_("Column"), _("Must be filled in"), _("What it holds"))):
        sheet.write_string(0, column, title, bold)
    for number, field in enumerate(fields, 1):
        sheet.write_string(number, 0, field.title)
        sheet.write_string(number, 1, _("yes") if field.required else _("no"))
        sheet.write_string(number, 2, field.help)


def write_refused(table: Table, fates: Iterable[RowFate]) -> IO[bytes]:
    """A workbook with the refused rows as they were uploaded, the cells at fault marked, and a column of reasons."""
    fates_by_row = {fate.number: fate for fate in fates if fate.faults}
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        text, fault = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "bg_color": "#FDE0E0"})
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet(_sheet_name(_("Refused rows")))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(table.columns), 24, text)
        titles = [column.title or column.letters for column in table.columns]
        for column, title in enumerate([str(REASONS), *titles]):
            sheet.write_string(0, column, title, bold)
        _write_refused_rows(sheet, table, fates_by_row, text, fault)
    out.seek(0)
    return out


def _write_refused_rows(
    sheet: Worksheet, table: Table, fates: Mapping[int, RowFate], text: Format, fault: Format
) -> None:
    for number, row in enumerate((row for row in table.rows if row.number in fates), 1):
        faults = fates[row.number].faults
        cells_at_fault = {each.cell for each in faults}
        sheet.write_string(number, 0, "\n".join(_fault_words(each.title, each.reason) for each in faults)[:CELL_LIMIT])
        for place, column in enumerate(table.columns, 1):
            style = fault if f"{column.letters}{row.number}" in cells_at_fault else text
            if row.cell(column.index) or style is fault:
                sheet.write_string(number, place, row.cell(column.index), style)


def _fault_words(title: str, reason: str) -> str:
    return label_and_value(title, reason) if title else reason


def _sheet_name(title: str) -> str:
    return "".join(character for character in title if character not in "[]:*?/\\'")[:31]
