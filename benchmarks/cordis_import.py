"""The imports of CORDIS and of the ANR, against reading the files and a bare COPY of what they write into plain tables."""

import csv
import gzip
import resource
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.datasets import ensure_example, measure_bare_copy, shared_data
from benchmarks.report import markdown_table, write_section

_TABLES = ("projects_project", "projects_party", "projects_participation", "core_source", "core_citation")


def run() -> None:
    """Import each folder, import it again, copy what both wrote."""
    from maillage.projects.models import EvidenceLoad

    if EvidenceLoad.objects.exists():
        sys.exit("This database has imported projects before; give a new one to measure the first import.")
    ensure_example()
    lines: list[tuple[str, ...]] = []
    told, read = [], 0.0
    for funder in ("cordis", "anr"):
        folder = shared_data(funder)
        report, first = _imported(funder, folder)
        _second, again = _imported(funder, folder)
        seconds = _bare_reading(folder)
        name, read = funder.upper(), read + seconds
        counts = {name: f"{count.read:,}" for name, count in report.counts.items()}
        told.append(
            f"{counts['projects']} projects of {name}, {counts['organisations']} organisations and"
            f" {counts['participations']} participations"
        )
        lines.append((f"{name}, first import", f"{first:.1f} s", f"{seconds:.1f} s"))
        lines.append((f"{name}, second import, which changes nothing", f"{again:.1f} s", f"{seconds:.1f} s"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows, copied = measure_bare_copy(_TABLES)
    lines.append(("memory of the importing process, at most", f"{memory:.0f} MB", ""))
    body = f"""{"; ".join(told)}. {rows:,} rows in the tables that
are filled, besides their history. The limits are 60 s for CORDIS and 1 GB. The peer is what any import must do: reading the
files as CSV, beside each import ({read:.1f} s for both), and a bare `COPY` of all rows into plain tables ({copied:.1f} s).

{markdown_table(("", "Maillage", "reading the files"), lines)}
"""
    write_section("cordis_import", "Import of projects", body)


def _imported(funder: str, folder: Path) -> tuple[Any, float]:
    from django.utils import timezone

    from maillage.core.actors import SYSTEM
    from maillage.projects.actions.project_folders import load_projects
    from maillage.projects.models import Funder

    began = time.perf_counter()
    report = load_projects(funder=Funder(funder), actor=SYSTEM, at=timezone.now(), folder=folder)
    return report, time.perf_counter() - began


def _bare_reading(folder: Path) -> float:
    began = time.perf_counter()
    for path in folder.glob("*.csv.gz"):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            for _row in csv.reader(file):
                pass
    return time.perf_counter() - began
