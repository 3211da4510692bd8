"""The import of CORDIS, against reading its files and a bare COPY of the rows that it writes into plain tables."""

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
    """Import, import again, copy."""
    from maillage.projects.models import EvidenceLoad

    if EvidenceLoad.objects.exists():
        sys.exit("This database has imported CORDIS before; give a new one to measure the first import.")
    folder = shared_data("cordis")
    ensure_example()
    first, seconds = _imported(folder)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _second, again = _imported(folder)
    rows, copied = measure_bare_copy(_TABLES)
    read = _bare_reading(folder)
    counts = {name: f"{count.read:,}" for name, count in first.counts.items()}
    bare = copied + read
    lines: list[tuple[str, ...]] = [
        ("first import", f"{seconds:.1f} s", f"{bare:.1f} s", f"{seconds / bare:.1f}"),
        ("second import, which changes nothing", f"{again:.1f} s", f"{bare:.1f} s", f"{again / bare:.1f}"),
        ("memory of the importing process, at most", f"{memory:.0f} MB", "", ""),
    ]
    body = f"""{counts["projects"]} projects of CORDIS, {counts["organisations"]} organisations and {counts["participations"]} participations; {rows:,} rows in the tables that
are filled, besides their history. The limits are 60 s and 1 GB. The peer is what any import must do: reading the files as
CSV ({read:.1f} s) and a bare `COPY` of the same rows into plain tables ({copied:.1f} s).

{markdown_table(("", "Maillage", "reading and bare COPY", "ratio"), lines)}
"""
    write_section("cordis_import", "Import of CORDIS", body)


def _imported(folder: Path) -> tuple[Any, float]:
    from django.utils import timezone

    from maillage.core.actors import SYSTEM
    from maillage.projects.actions.cordis_projects import load_cordis

    began = time.perf_counter()
    return load_cordis(actor=SYSTEM, at=timezone.now(), folder=folder), time.perf_counter() - began


def _bare_reading(folder: Path) -> float:
    began = time.perf_counter()
    for path in folder.glob("*.csv.gz"):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            for _row in csv.reader(file):
                pass
    return time.perf_counter() - began
