"""Reading an uploaded file of rows: a workbook (XLSX, XLSM, XLSB, XLS, ODS) or CSV."""

import json
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from maillage.core.json_types import Json
from maillage.core.sheets import workbook_cells
from maillage.core.sheets.csv_reader import not_a_sheet_error, read_csv
from maillage.core.sheets.errors import InvalidSheetError
from maillage.core.sheets.sheet import Sheet, sheet_rows
from maillage.core.sheets.workbook_cells import MAX_SECONDS, NOT_A_WORKBOOK, PASSWORD_NEEDED, TOO_LARGE

MAX_BYTES = 50 * 1024 * 1024
_MANIFEST_BYTES = 1024 * 1024
_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Kinds of files that are not text, by what they begin with.
_OTHER_KINDS = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"{\\rtf")


def read_sheet(path: Path, name: str, wanted: str = "") -> Sheet:
    """The rows of a file: of the sheet `wanted`, else of the first sheet that is not empty.

    `name` is the name under which the file was uploaded. Raises `InvalidSheetError`.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        message = _("The file has more than %(most)d MB. Split it into several, or remove its pictures.")
        raise InvalidSheetError(message % {"most": MAX_BYTES // 1024 // 1024})
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(_OTHER_KINDS):
        raise not_a_sheet_error()
    if head.startswith((_ZIP, _COMPOUND)):
        return _read_workbook(path, name, wanted)
    return read_csv(path.read_bytes(), Path(name).stem)


def _read_workbook(path: Path, name: str, wanted: str) -> Sheet:
    with tempfile.TemporaryFile("w+", encoding="ascii") as cells:
        status = _read_cells(path, wanted, cells)
        if status:
            raise _reading_error(status, is_encrypted=_is_encrypted(path))
        cells.seek(0)
        lines: Iterator[Json] = (json.loads(line) for line in cells)
        head = next(lines)
        sheet = Sheet(head["sheet"], sheet_rows(lines), [other for other in head["sheets"] if other != head["sheet"]])
    if name.lower().endswith((".xlsm", ".xlsb")):
        sheet.notices.append(_("This workbook may hold macros. Its cells are read; its macros are not run."))
    return sheet


def _read_cells(path: Path, wanted: str, out: IO[str]) -> int:
    """Write the cells of a workbook by a process of its own; returns its exit status, 0 if all went well."""
    command = [sys.executable, "-m", workbook_cells.__name__, str(path), wanted]
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.DEVNULL,
            timeout=2 * MAX_SECONDS,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return TOO_LARGE


def _is_encrypted(path: Path) -> bool:
    """Whether a file holds an encrypted workbook: a compound file (MS-OFFCRYPTO), or a package with a manifest."""
    if not zipfile.is_zipfile(path):
        return "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
    try:
        with zipfile.ZipFile(path) as package, package.open("META-INF/manifest.xml") as manifest:
            return b"encryption-data" in manifest.read(_MANIFEST_BYTES)
    except (KeyError, OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        return False


def _reading_error(status: int, *, is_encrypted: bool) -> InvalidSheetError:
    if is_encrypted or status == PASSWORD_NEEDED:
        return InvalidSheetError(
            _(
                "This workbook is protected by a password. Save it without one (File, Save as, Tools), then choose it "
                "again."
            )
        )
    if status == NOT_A_WORKBOOK:
        return not_a_sheet_error()
    return InvalidSheetError(
        _(
            "This workbook is too large to be read: it may reach to the last row or column of the sheet. Copy the "
            "cells that matter to a new sheet, or save it as CSV."
        )
    )
