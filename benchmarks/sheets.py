"""A sheet of 50,000 organisations: read, previewed, loaded, loaded again, downloaded and checked."""

import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter

from benchmarks.report import markdown_table, write_section

_ROWS = int(os.environ.get("MAILLAGE_SHEET_ROWS", "50000"))
_TITLES = ("Clé", "Nom en français", "Nom en anglais", "Sigle", "Type", "Ville", "Pays", "Site web", "Début", "Source")
_KINDS = ("université", "other", "university", "company")


def run() -> None:
    """Time each step of the way of a sheet."""
    from django.utils import timezone

    from maillage.core.actions.sheets import load_sheet
    from maillage.core.actors import OFFICER, Actor
    from maillage.core.rows.export import export_rows
    from maillage.core.rows.list_register import FACT_LISTS
    from maillage.core.sheets.columns import read_table
    from maillage.core.sheets.load import preview_sheet
    from maillage.core.sheets.sheet_writer import write_list
    from maillage.core.sheets.workbook_reader import read_sheet

    organisations, officer = FACT_LISTS["organisations"], Actor("officer", frozenset({OFFICER}))
    now = {"actor": officer, "at": timezone.now()}
    steps: list[tuple[str, float, str]] = []

    def step(title: str, work: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        value = work()
        counts = getattr(value, "counts", {})
        words = ", ".join(f"{count:,} {fate}" for fate, count in counts.items() if count)
        steps.append((title, time.perf_counter() - began, words))
        print(*steps[-1], flush=True)
        return value

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "organisations.xlsx"
        _write_workbook(path)

        def read() -> Any:
            return read_table(read_sheet(path, path.name), organisations, {})

        table = step("read the workbook", read)
        step("preview of new rows, rolled back", lambda: preview_sheet(organisations, table, **now))
        step("load", lambda: load_sheet(list_name="organisations", table=table, reason="Measure.", **now))
        step("preview of the same file again", lambda: preview_sheet(organisations, table, **now))
        downloaded = step(
            "download the list", lambda: write_list(organisations, export_rows(organisations, actor=officer))
        )
        path.write_bytes(downloaded.read())
        table = step("read the downloaded list", read)
        step("preview of the downloaded list", lambda: preview_sheet(organisations, table, **now))
    _tell(steps)


def _write_workbook(path: Path) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Organisations")
        sheet.write_row(0, 0, _TITLES)
        for number in range(1, _ROWS + 1):
            kind, source = _KINDS[number % len(_KINDS)], f"https://example.org/pages/{number // 500}"
            names = (f"Organisation {number}", f"Organisation number {number}", f"O{number}")
            place = (f"Ville {number % 900}", "FR", f"https://o{number}.example.org")
            sheet.write_row(number, 0, (f"o-{number}", *names, kind, *place, f"02/{1950 + number % 70}", source))


def _tell(steps: list[tuple[str, float, str]]) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows: list[tuple[str, ...]] = [
        (title, f"{seconds:.1f} s", f"{_ROWS / seconds:,.0f}", words) for title, seconds, words in steps
    ]
    body = f"""A workbook of {_ROWS:,} organisations with {len(_TITLES)} columns, in titles of French: key, three names, kind, town,
country, website, start, source. A preview is the same write as a load, rolled back; a downloaded list is compared cell
by cell, and only rows with a changed cell are written. Memory of the process at its most: {memory:.0f} MB.

{markdown_table(("step", "time", "rows per second", "rows"), rows)}
"""
    write_section("sheets", "Sheets", body)
