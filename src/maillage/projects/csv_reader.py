"""Reader of the files of a funder: each is a CSV, plain or gzipped, whose first row names the columns and is row 1."""

import csv
import datetime as dt
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from maillage.core import days
from maillage.core.json_types import JsonObject
from maillage.core.rows.errors import InvalidFileError, RowError
from maillage.csv_fields import fields_up_to
from maillage.language import os_error_reason
from maillage.projects.records import FunderRecord

# Far longer than any text of a funder (8,000 characters): a longer field is a quote that was never closed.
MAX_FIELD_LENGTH = 1_000_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")

Parser = Callable[[str], object]


def text_parser(limit: int = MAX_FIELD_LENGTH, *, needed: bool = False) -> Parser:
    """A parser of texts of at most `limit` characters; control characters become spaces."""

    def parse(value: str) -> str:
        clean = _CONTROL.sub(" ", value).strip()
        if needed and not clean:
            raise ValueError(_("it is empty; fill it in"))
        if len(clean) > limit:
            message = _("it has %(count)d characters; shorten it to %(limit)d")
            raise ValueError(message % {"count": len(clean), "limit": limit})
        return clean

    return parse


def choice_parser(words: list[str]) -> Parser:
    """A parser of one of these codes."""

    def parse(value: str) -> str:
        if value not in words:
            raise ValueError(_("“%(value)s” is none of %(words)s") % {"value": value, "words": ", ".join(words)})
        return value

    return parse


def parse_day(value: str) -> dt.date | None:
    """A day, `2022-09-01`; `None` if empty."""
    return days.parse_day(value) if value else None


def parse_amount(value: str) -> Decimal | None:
    """An amount in euros; `None` if empty."""
    if not value:
        return None
    try:
        amount = Decimal(value.replace(",", "."))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) >= Decimal("1e16"):
        raise ValueError(_("“%(value)s” is no amount; write it as 299250.50") % {"value": value})
    return round(amount, 2)


def parse_count(value: str) -> int:
    """A whole number of at most nine digits."""
    if not value.isdecimal() or len(value) > 9:
        raise ValueError(_("“%(value)s” is no number; write digits alone") % {"value": value})
    return int(value)


def parse_flag(value: str) -> bool | None:
    """`true` or `false`; `None` if empty."""
    if value.lower() not in ("true", "false", ""):
        raise ValueError(_("“%(value)s” is neither true nor false") % {"value": value})
    return value.lower() == "true" if value else None


def parse_place(value: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, `48.85,2.35`; `None` if empty."""
    if not value:
        return None
    try:
        latitude, longitude = (float(part) for part in value.split(","))
    except ValueError:
        latitude = longitude = float("nan")
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError(_("“%(value)s” is no place; write latitude,longitude in degrees") % {"value": value})
    return latitude, longitude


def parse_words(value: str) -> list[str]:
    """Keywords, separated by commas or semicolons."""
    return [word for part in re.split("[,;]", value) if (word := " ".join(_CONTROL.sub(" ", part).split()))]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file: its name without suffix, the columns that identify a row, and the parser of each column.

    Its rows are `makes` records, and are counted under `list_name`. The name of a `dated` file goes on with what it
    covers (`anr_projects_2010_2022.csv.gz`).
    """

    name: str
    list_name: str
    makes: type[FunderRecord]
    identity: tuple[str, ...]
    columns: Mapping[str, Parser]
    optional: bool = False
    dated: bool = False


@dataclass(slots=True)
class ReadPosition:
    """The progress through the files of a folder, in bytes."""

    size: int = 1
    before: int = 0
    file: IO[bytes] | None = None

    @property
    def done(self) -> int:
        return self.before + (self.file.tell() if self.file and not self.file.closed else 0)


@dataclass(slots=True)
class SheetRow:
    """A row with its number: its values by column, or why it was refused and in which column.

    `remarks` are about values that were left out of a row that is taken otherwise.
    """

    number: int
    values: JsonObject = field(default_factory=dict)
    refusal: RowError | None = None
    remarks: list[RowError] = field(default_factory=list)


def find_files(folder: Path, sheets: Sequence[Sheet]) -> dict[str, Path]:
    """The path of each sheet by name. Raises `InvalidFileError` where the folder or a required file is missing."""
    if not folder.is_dir():
        message = _("%(folder)s: no such folder; give the one that holds %(file)s.csv.gz")
        raise InvalidFileError(message % {"folder": folder, "file": sheets[0].name})
    paths = {}
    for sheet in sheets:
        if path := _file_of(folder, sheet):
            paths[sheet.name] = path
        elif not sheet.optional:
            message = _("%(folder)s: holds neither %(plain)s nor %(zipped)s; put it there")
            names = {"plain": f"{sheet.name}.csv", "zipped": f"{sheet.name}.csv.gz"}
            raise InvalidFileError(message % {"folder": folder, **names})
    return paths


def _file_of(folder: Path, sheet: Sheet) -> Path | None:
    """The file of a sheet, plain before gzipped. Raises `InvalidFileError` where two cover different years."""
    found = [path for ending in (".csv", ".csv.gz") if (path := folder / f"{sheet.name}{ending}").is_file()]
    if sheet.dated:
        shape = re.compile(rf"{re.escape(sheet.name)}(_[0-9_]+)?\.csv(\.gz)?")
        found = sorted(path for path in folder.iterdir() if shape.fullmatch(path.name))
    if len({path.name.removesuffix(".gz") for path in found}) > 1:
        message = _("%(folder)s: holds %(first)s and %(second)s; keep the one to be imported")
        raise InvalidFileError(message % {"folder": folder, "first": found[0].name, "second": found[1].name})
    return found[0] if found else None


def read_rows(path: Path, sheet: Sheet, position: ReadPosition) -> Iterator[SheetRow]:
    """The rows of a file, as a stream. Raises `InvalidFileError` where it cannot be read, or lacks a column."""
    number = 1
    try:
        with path.open("rb") as raw:
            position.file = raw
            is_gzip = path.suffix == ".gz"
            binary: IO[bytes] | gzip.GzipFile = gzip.GzipFile(fileobj=raw) if is_gzip else raw
            for item in _stream_rows(path, sheet, io.TextIOWrapper(binary, "utf-8-sig", newline="")):
                number = item.number
                yield item
        position.before += path.stat().st_size
    except OSError as error:
        reason = _(os_error_reason(error)) if error.errno else str(error)
        raise InvalidFileError(_damaged_text(path, number, reason)) from error
    except (EOFError, zlib.error, csv.Error, UnicodeDecodeError) as error:
        raise InvalidFileError(_damaged_text(path, number, str(error))) from error


def _damaged_text(path: Path, number: int, reason: str) -> str:
    message = _("%(file)s: cannot be read after row %(row)d (%(reason)s); fetch the file again")
    return message % {"file": path, "row": number, "reason": reason}


def _stream_rows(path: Path, sheet: Sheet, stream: IO[str]) -> Iterator[SheetRow]:
    with fields_up_to(MAX_FIELD_LENGTH):
        rows = csv.reader(stream, strict=True)
        names = next(rows, [])
        places = _column_places(path, sheet, names)
        for number, row in enumerate(rows, 2):
            if row:
                yield _parse_row(number, row, len(names), places)


def _column_places(path: Path, sheet: Sheet, names: list[str]) -> list[tuple[str, int, Parser]]:
    """The name, index and parser of each column of the sheet. Raises `InvalidFileError` for a missing column."""
    if missing := [name for name in sheet.columns if name not in names]:
        message = _("%(file)s: its first row names no column “%(missing)s”; it must have %(columns)s")
        raise InvalidFileError(message % {"file": path, "missing": missing[0], "columns": ", ".join(sheet.columns)})
    return [(name, names.index(name), parse) for name, parse in sheet.columns.items()]


def _parse_row(number: int, row: list[str], width: int, places: list[tuple[str, int, Parser]]) -> SheetRow:
    if len(row) != width:
        message = _("the row has %(count)d columns instead of %(width)d; look for a comma or a quote too many")
        return SheetRow(number, refusal=RowError(message % {"count": len(row), "width": width}))
    values: dict[str, object] = {}
    for name, index, parse in places:
        try:
            values[name] = parse(row[index])
        except ValueError as error:
            return SheetRow(number, refusal=RowError(str(error), name))
    return SheetRow(number, values)
