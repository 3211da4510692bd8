"""Reader of exports of RNSR, row by row: CSV, plain or gzipped, columns in any order.

The names of the heads of structures are among the columns of the ministry's export; they are left out here, before
anything else reads a row.
"""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from django.utils.translation import gettext as _

from maillage.core.rows.errors import InvalidFileError
from maillage.core.text import fold
from maillage.csv_fields import fields_up_to
from maillage.register.ror.file_reader import ReadPosition

if TYPE_CHECKING:
    import _csv

Row = dict[str, str]
# The line where a row begins, and the row or the reason why it cannot be read.
RowItem = tuple[int, Row | str]

_DAMAGED_FILE_ERRORS = (EOFError, zlib.error, gzip.BadGzipFile)
_MAX_FIELD = 1_000_000
_DAY_IN_NAME = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)")
# The columns of the compact form, by those of the ministry's export.
_COLUMNS_OF_MINISTRY = {
    "numero_national_de_structure": "rnsr_id",
    "libelle": "label",
    "sigle": "acronym",
    "annee_de_creation": "created",
    "annee_de_fermeture": "closed",
    "type_de_structure": "type",
    "code_de_type_de_structure": "type_code",
    "code_de_niveau_de_structure": "level",
    "site_web": "website",
    "adresse": "address",
    "code_postal": "postal_code",
    "commune": "town",
    "label_numero": "unit_labels",
    "tutelles": "tutelles",
    "sigles_des_tutelles": "tutelle_acronyms",
    "code_de_nature_de_tutelle": "tutelle_nature_codes",
    "uai_des_tutelles": "tutelle_uai",
    "siret_des_tutelles": "tutelle_siret",
    "code_de_type_de_tutelle": "tutelle_roles",
    "numero_de_structure_enfant": "children",
    "numero_de_structure_parent": "parents",
    "numero_de_structure_historique": "predecessors",
    "code_de_type_de_succession": "succession_codes",
    "annee_d_effet_historique": "succession_years",
    "code_domaine_scientifique": "domain_codes",
    "code_panel_erc": "erc_codes",
}
_COLUMNS = {**{name: name for name in _COLUMNS_OF_MINISTRY.values()}, "grid": "grid", **_COLUMNS_OF_MINISTRY}
EXPORT_COLUMNS = ("rnsr_id", "label")


def day_in_file_name(path: Path) -> str:
    """The day that the name of a file says (`rnsr-2022-02-08.csv`), as an ISO date; empty if it says none."""
    found = _DAY_IN_NAME.search(path.name)
    return "-".join(found.groups()) if found else ""


def read_rows(
    path: Path,
    required: Sequence[str] = EXPORT_COLUMNS,
    position: ReadPosition | None = None,
    *,
    optional: Sequence[str] = (),
) -> Iterator[RowItem]:
    """Each row of an export with its line, or the reason why it cannot be read; never the whole file in memory.

    A row has the columns of the compact form that the file has, whatever its form, and the `optional` ones. Raises
    `InvalidFileError` where the file is damaged or cut, or lacks one of the `required` columns.
    """
    line = 1
    try:
        with _open_text(path, position or ReadPosition()) as stream:
            for item in _rows(path, stream, required, optional):
                line = item[0]
                yield item
    except (*_DAMAGED_FILE_ERRORS, UnicodeDecodeError) as error:
        raise InvalidFileError(
            _("%(file)s: damaged or cut after line %(line)d (%(reason)s); fetch the file again, then import it again")
            % {"file": path, "line": line, "reason": _reason(error)}
        ) from error


def _reason(error: Exception) -> str:
    """What is wrong with a file; never what it holds, since that may be a person's name."""
    if isinstance(error, UnicodeDecodeError):
        return _("it is not UTF-8")
    return str(error) or type(error).__name__


@contextmanager
def _open_text(path: Path, position: ReadPosition) -> Iterator[IO[str]]:
    with path.open("rb") as file:
        position.file, position.size = file, path.stat().st_size or 1
        is_gzip = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        stream: IO[bytes] = gzip.GzipFile(fileobj=file) if is_gzip else file  # type: ignore[assignment]
        with fields_up_to(_MAX_FIELD), io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
            yield text


def _rows(path: Path, stream: IO[str], required: Sequence[str], optional: Sequence[str]) -> Iterator[RowItem]:
    head = stream.readline(_MAX_FIELD)
    delimiter = max(";,\t", key=head.count)
    columns = [
        _COLUMNS.get(name, name) for name in map(_column_name, next(csv.reader([head], delimiter=delimiter), []))
    ]
    _check_columns(path, columns, required)
    kept = [(place, name) for place, name in enumerate(columns) if name in (*required, *optional, *_COLUMNS.values())]
    short = 0
    for line, cells in _cells(csv.reader(stream, delimiter=delimiter, strict=True)):
        if short:
            yield short, _("the row has another number of columns than the first line; correct or remove it")
        short = 0
        if isinstance(cells, str):
            yield line, cells
        elif len(cells) == len(columns):
            yield line, {name: cells[place] for place, name in kept}
        elif cells:
            short = line
    if short:
        # Only the last row may be short because the file was cut there.
        raise EOFError(_("its last row is not whole"))


def _cells(reader: "_csv.Reader") -> Iterator[tuple[int, list[str] | str]]:
    """The cells of each row with its line, or why it cannot be read. Raises `EOFError` where the file ends in a row."""
    line = 2
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            if "end of data" in str(error):
                raise EOFError(_("its last row is not whole")) from error
            yield line, _("not readable as CSV (%s); correct or remove the row") % error
        else:
            if cells is None:
                return
            yield line, cells
        line = reader.line_num + 2


def _column_name(text: str) -> str:
    return fold(text).replace(" ", "_")


def _check_columns(path: Path, columns: list[str], required: Sequence[str]) -> None:
    missing = [name for name in required if name not in columns]
    if missing:
        raise InvalidFileError(
            _("%(file)s:1: has no column “%(column)s”; give an export of RNSR with a first line that names its columns")
            % {"file": path, "column": missing[0]}
        )
