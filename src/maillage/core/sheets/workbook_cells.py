"""The program that reads the cells of a workbook, in a process of its own with a limit of memory.

A workbook of two cells can ask for more memory than there is, and the library then ends the process. So
`workbook_reader` starts this module, which imports nothing of the site, and reads what it writes: one line of JSON with
the names of the sheets, then one for each row. Programs of a workbook (macros) are not run, nor formulas computed.
"""

import contextlib
import datetime as dt
import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

MAX_MEMORY_BYTES = 1024 * 1024 * 1024
MAX_OUTPUT_BYTES = 500 * 1024 * 1024
MAX_SECONDS = 60
# The exit statuses by which the caller tells why nothing was read.
NOT_A_WORKBOOK, PASSWORD_NEEDED, TOO_LARGE = 3, 4, 5


def main(path: str, wanted: str) -> int:
    """Write the rows of a sheet of a workbook, by default of the first that is not empty; returns the exit status."""
    _limit_resources()
    from python_calamine import CalamineError, PasswordError, load_workbook

    try:
        with load_workbook(path) as book:
            _write_sheet(book, wanted)
    except PasswordError:
        return PASSWORD_NEEDED
    except MemoryError:
        return TOO_LARGE
    except CalamineError as error:
        return PASSWORD_NEEDED if "password" in str(error).lower() else NOT_A_WORKBOOK
    return 0


def _limit_resources() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # Not every system has such limits.
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_OUTPUT_BYTES, MAX_OUTPUT_BYTES))
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))


def _write_sheet(book: "CalamineWorkbook", wanted: str) -> None:
    names = [
        str(sheet.name) for sheet in sorted(book.sheets_metadata, key=lambda sheet: "Visible" not in str(sheet.visible))
    ]
    chosen = [wanted] if wanted in names else names
    for name in chosen:
        sheet = book.get_sheet_by_name(name)
        if sheet.height or name == chosen[-1]:
            _write_line({"sheet": name, "sheets": book.sheet_names})
            _write_rows(sheet)
            return


def _write_rows(sheet: "CalamineSheet") -> None:
    for row in sheet.iter_rows():
        cells = [_cell(value) for value in row]
        while cells and cells[-1] == "":
            cells.pop()
        _write_line(cells)


def _cell(value: object) -> object:
    """A cell as JSON: texts and numbers as they are, a day without a time as 2020-02-07, yes or no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time.min else value.isoformat(" ", "minutes")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return value if isinstance(value, int | float | str) else str(value)


def _write_line(content: object) -> None:
    sys.stdout.write(json.dumps(content, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
