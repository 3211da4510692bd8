"""Exports of lists as CSV or XLSX, with the filters, the day and the moment of the page.

The file is complete before the response is sent: a page as known at a moment is read in a transaction that ends with
the view, after which nothing may be read from the database.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import IO, Any, TypeAlias

import xlsxwriter
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from maillage.core import formats
from maillage.core.models import Fact
from maillage.core.request import Request
from maillage.listing import listing as listings
from maillage.listing import paging
from maillage.listing.columns import ListedRecord
from maillage.listing.listing import Listing
from maillage.listing.values import Records
from maillage.presentation import cells, marks

# A spreadsheet evaluates what begins with one of these as a formula: at the beginning of a cell, or after a separator,
# since a file written with commas may be read with semicolons, and the reverse. Some accept the full-width forms too.
_FORMULA_START = re.compile(r"(^|[,;] *)(?=[=+\-@\t\r\n＝＋－＠])")
_CELL_LIMIT = 32_767
_BATCH = 2_000

# Any: texts, numbers and days, as `cells.export_value` gives them.
ExportValue: TypeAlias = Any
Row: TypeAlias = list[ExportValue]
Writer = Callable[[Listing, Iterable[Row], Request], IO[bytes]]


def list_export_response(
    request: Request, listing: Listing, records: Records, wanted: str, *, localised: bool = False
) -> HttpResponse:
    """The export as a download; for an unknown format, an error page (400) that lists the formats.

    A `localised` CSV is written as spreadsheets of the active language expect it: in French, with semicolons and
    decimal commas. Programs get commas and decimal points.
    """
    if wanted not in FORMATS:
        reason = _("“%(format)s” is no format of this list; ask for csv or xlsx.") % {"format": wanted[:20]}
        return render(request, "web/refused.html", {"reason": reason, "back": request.path}, status=400)
    ordered = paging.sort_records(records, listing.sort(request.GET.get("sort", "")))
    return records_export_response(
        request,
        listing,
        ordered[: listings.EXPORT_LIMIT + 1].iterator(chunk_size=_BATCH),
        FRENCH_CSV if localised and wanted == "csv" and formats.language() == "fr" else wanted,
    )


def records_export_response(request: Request, listing: Listing, records: Iterable[object], wanted: str) -> HttpResponse:
    """Records of a list, in their order, as a download in one of `FORMATS`, or in `FRENCH_CSV`."""
    content_type, write = FORMATS["csv" if wanted == FRENCH_CSV else wanted]
    write = _french_csv if wanted == FRENCH_CSV else write
    file = write(listing, _rows(listing, _prepared(listing, records, request), request.as_of.on), request)
    file.seek(0)
    name = f"maillage-{listing.name}-{request.as_of.on:%Y-%m-%d}.{'csv' if wanted == FRENCH_CSV else wanted}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)  # type: ignore[return-value]


def _prepared(listing: Listing, records: Iterable[object], request: Request) -> Iterator[ListedRecord]:
    """The records with what they say on the day read, a batch at a time."""
    unread = iter(records)
    while batch := list(islice(unread, _BATCH)):
        listing.prepare(batch, request.actor, request.as_of.on)
        yield from batch


def _rows(listing: Listing, records: Iterable[object], day: dt.date) -> Iterator[Row]:
    """The heading, the rows, and a last row with a message if the list is longer than `EXPORT_LIMIT`."""
    heading: Row = [str(column.title) for column in listing.columns]
    yield heading + ([_("On that day"), "in_force"] if listing.is_fact else [])
    for number, record in enumerate(records):
        if number == listings.EXPORT_LIMIT:
            yield [_limit_message()]
            return
        row = [cells.export_value(column.value(record)) for column in listing.columns]
        yield row + (_state_cells(record, day) if isinstance(record, Fact) else [])


def _state_cells(record: Fact, day: dt.date) -> Row:
    state = marks.fact_state_on(record, day)
    return [str(state.word), state.name]


def _limit_message() -> str:
    message = _("The list goes on: this file stops at %(number)s rows. Filter the list to get the others.")
    return message % {"number": formats.number(listings.EXPORT_LIMIT)}


def _csv(_listing: Listing, rows: Iterable[Row], _request: Request) -> IO[bytes]:
    return _csv_file(([_without_formula(value) for value in row] for row in rows), ",")


def _french_csv(_listing: Listing, rows: Iterable[Row], _request: Request) -> IO[bytes]:
    return _csv_file(([_with_decimal_comma(_without_formula(value)) for value in row] for row in rows), ";")


def csv_table(rows: Iterable[Row], *, french: bool) -> IO[bytes]:
    """A table as a CSV file, as spreadsheets of the language read it."""
    file = _csv_file(([_without_formula(value) for value in row] for row in rows), ";" if french else ",")
    file.seek(0)
    return file


def _csv_file(rows: Iterable[Row], separator: str) -> IO[bytes]:
    """CSV in UTF-8 with a byte order mark, which spreadsheets need to recognise the encoding."""
    file = io.BytesIO()
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    csv.writer(text, delimiter=separator).writerows(rows)
    text.detach()
    return file


def _without_formula(value: object) -> object:
    """The value, with an apostrophe before what a spreadsheet would evaluate as a formula in a text."""
    return _FORMULA_START.sub(r"\1'", value) if isinstance(value, str) else value


def _with_decimal_comma(value: object) -> object:
    return str(value).replace(".", ",") if isinstance(value, float | Decimal) else value


def _xlsx(listing: Listing, rows: Iterable[Row], request: Request) -> IO[bytes]:
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": str(listing.title), "created": timezone.now().replace(tzinfo=None)})
        _write_rows(book, listing, rows)
        _add_about_sheet(book, listing, request)
    return file


def _write_rows(book: xlsxwriter.Workbook, listing: Listing, rows: Iterable[Row]) -> None:
    sheet = book.add_worksheet(_sheet_name(str(listing.title)))
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, len(listing.columns) + 1, 18)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            _write_cell(sheet, number, column, value, bold if number == 0 else day)


def _write_cell(sheet: Worksheet, row: int, column: int, value: ExportValue, style: Format) -> None:
    """Write a text as text, whatever it begins with; numbers and days get their own type."""
    if isinstance(value, dt.datetime):
        sheet.write_string(row, column, value.isoformat())
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time.min), style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value[:_CELL_LIMIT], style)
    elif value is not None:
        sheet.write_number(row, column, float(value))


def _add_about_sheet(book: xlsxwriter.Workbook, listing: Listing, request: Request) -> None:
    """Add a second sheet with the list, the day, the moment and the address of the export."""
    known_at = request.as_of.known or timezone.now()
    lines = [
        (_("List"), str(listing.title)),
        (_("Day read"), formats.day(request.as_of.on)),
        (_("As known on"), formats.moment(known_at)),
        (_("Address"), request.build_absolute_uri()),
    ]
    sheet = book.add_worksheet(_sheet_name(_("About this file")))
    sheet.set_column(0, 1, 30)
    for row, (name, value) in enumerate(lines):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, value)


def _sheet_name(title: str) -> str:
    return "".join(character for character in title if character not in "[]:*?/\\'")[:31]


FRENCH_CSV = "csv-fr"
FORMATS: dict[str, tuple[str, Writer]] = {
    "csv": ("text/csv; charset=utf-8", _csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
}
