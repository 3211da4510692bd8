"""Reading CSV as offices make it: `;`, `,` or tab; UTF-8 with or without its mark, UTF-16, Windows-1252."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from maillage.core.sheets.errors import InvalidSheetError
from maillage.core.sheets.sheet import Sheet, sheet_rows

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = (";", "\t", ",", "|")
# Our own exports put an apostrophe before a text that a spreadsheet would evaluate.
_PROTECTED = re.compile(r"'[=+\-@＝＋－＠\t]")
_SAMPLE_LINES = 20


def read_csv(content: bytes, name: str) -> Sheet:
    """The sheet of a CSV file. Raises `InvalidSheetError` for a file that is no text, or has no row."""
    text, notices = _decode(content)
    try:
        return Sheet(name, sheet_rows(_raw_rows(text)), notices=notices)
    except csv.Error as error:
        message = _("This file cannot be read as CSV (%(reason)s). Save it as XLSX, then choose it again.")
        raise InvalidSheetError(message % {"reason": error}) from error


def _raw_rows(text: str) -> Iterator[list[str]]:
    first_line, _end, rest = text.partition("\n")
    if stated := re.fullmatch(r"\"?sep=(.)\"?\r?", first_line):
        yield []  # A spreadsheet counts the line that states the delimiter.
        yield from _records(rest, stated[1])
    else:
        yield from _records(text, find_delimiter(text))


def _decode(content: bytes) -> tuple[str, list[str]]:
    """The text, and what is to be said of its encoding."""
    encoding = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), "")
    try:
        text, notices = content.decode(encoding or "utf-8"), []
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
        notices = [_("The file is in the encoding Windows-1252; check that accents are read well.")]
    if "\0" in text or _looks_binary(text):
        raise not_a_sheet_error()
    return text, notices


def _looks_binary(text: str) -> bool:
    sample = text[:4096]
    strange = sum(character < " " and character not in "\t\r\n" for character in sample)
    return strange * 20 > len(sample) or sample.lstrip().lower().startswith(
        ("<html", "<!doctype", "<?xml", "<table", "%pdf", "{\\rtf")
    )


def not_a_sheet_error() -> InvalidSheetError:
    """The error for a file that is neither a workbook nor CSV."""
    return InvalidSheetError(
        _(
            "This file is no sheet, whatever its name says. Open it in a spreadsheet program and save it as XLSX, ODS "
            "or CSV."
        )
    )


def find_delimiter(text: str) -> str:
    """The delimiter that splits the first lines best: into several columns, as many in each line."""
    sample = "\n".join(text.splitlines()[:_SAMPLE_LINES])
    return max(_DELIMITERS, key=lambda delimiter: _score(sample, delimiter))


def _score(sample: str, delimiter: str) -> tuple[float, int]:
    widths = [len(record) for record in csv.reader(io.StringIO(sample), delimiter=delimiter) if record]
    split = [width for width in widths if width > 1]
    if not split:
        return 0.0, 0
    usual = max(set(split), key=split.count)
    return split.count(usual) / len(widths), usual


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        yield [cell[1:] if _PROTECTED.match(cell) else cell for cell in record]
