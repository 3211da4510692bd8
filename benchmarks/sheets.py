"""A sheet of 50,000 organisations: read, previewed, loaded, loaded again, downloaded; beside django-import-export."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import xlsxwriter

from benchmarks.report import markdown_table, write_section, yardstick

_ROWS = int(os.environ.get("MAILLAGE_SHEET_ROWS", "50000"))
_TITLES = ("Clé", "Nom en français", "Nom en anglais", "Sigle", "Type", "Ville", "Pays", "Site web", "Début", "Source")
_KINDS = ("other", "university", "company", "hospital")


def run() -> None:
    """Take the steps of both sides, each in a process of its own."""
    yardsticks, tables = [yardstick()], {}
    for side in ("ours", "peer"):
        tables[side] = _measure(side)
        yardsticks.append(yardstick())
    body = f"""A workbook of {_ROWS:,} organisations with {len(_TITLES)} columns, in titles of French: key, three names, kind, town,
country, website, start, source. A preview is the same write as a load, rolled back; a downloaded list is compared cell
by cell. CPU is that of Python; the rest of the time is that of PostgreSQL, which also keeps the history. The load of
the machine was {os.getloadavg()[1]:.1f} for {len(os.sched_getaffinity(0))} CPUs, and ten million additions in Python took {min(yardsticks):.2f} to {max(yardsticks):.2f} s of CPU.

Each new row writes an organisation, three dated names, a citation and, if it is new, its source:

{tables["ours"]}

django-import-export 4 in the same run writes the organisation alone, without names, citations and sources, and checks
neither the start nor the source:

{tables["peer"]}
"""
    write_section("sheets", "Sheets", body)


def _measure(side: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "organisations.xlsx"
        _write_workbook(path, side)
        command = [sys.executable, "-m", "benchmarks.sheet_steps", side, str(path)]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    steps: list[dict[str, Any]] = [json.loads(line) for line in printed.splitlines()]
    memory = steps.pop()["memory"]
    rows = [_row(step) for step in steps]
    return f"{markdown_table(('step', 'time', 'CPU', 'rows per second', 'rows'), rows)}\n\nMemory at its most: {memory:.0f} MB."


def _row(step: dict[str, Any]) -> tuple[str, ...]:
    seconds = step["seconds"]
    return (step["title"], f"{seconds:.1f} s", f"{step['cpu']:.1f} s", f"{_ROWS / seconds:,.0f}", step["words"])


def _write_workbook(path: Path, side: str) -> None:
    """The workbook of one side; each has organisations of its own, which must be new."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Organisations")
        sheet.write_row(0, 0, _TITLES)
        for number in range(1, _ROWS + 1):
            kind, source = _KINDS[number % len(_KINDS)], f"https://example.org/pages/{number // 500}"
            names = (f"Organisation {number}", f"Organisation number {number}", f"O{number}")
            place = (f"Ville {number % 900}", "FR", f"https://o{number}.example.org")
            sheet.write_row(number, 0, (f"{side}-{number}", *names, kind, *place, f"02/{1950 + number % 70}", source))
