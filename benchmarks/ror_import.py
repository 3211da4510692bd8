"""The import of ROR, against a bare COPY of the same rows into plain tables.

The bare COPY has no index, no constraint, no history and no comparison with what is there: it is the limit.
"""

import gzip
import json
import resource
import sys
import time
from typing import Any

from benchmarks.datasets import ensure_example, measure_bare_copy, shared_data
from benchmarks.report import markdown_table, write_section

_TABLES = (
    "register_organisation", "register_name", "register_identifier", "register_tie", "register_pendingtie",
    "core_source", "core_citation",
)  # fmt: skip


def run() -> None:
    """Import, import again, copy."""
    from django.utils import timezone

    from maillage.core.actors import SYSTEM
    from maillage.register.models import ImportRun
    from maillage.register.ror.importer import import_ror

    if ImportRun.objects.exists():
        sys.exit("This database has imported ROR before; give a new one to measure the first import.")
    path = shared_data("ror", "ror_records.jsonl.gz")
    ensure_example()
    first = import_ror(path, actor=SYSTEM, at=timezone.now())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    second = import_ror(path, actor=SYSTEM, at=timezone.now())
    rows, copied = measure_bare_copy(_TABLES)
    _tell(first, second, memory, rows, copied, _bare_reading(path))


def _tell(first: Any, second: Any, memory: float, rows: int, copied: float, read: float) -> None:
    bare = copied + read
    lines: list[tuple[str, ...]] = [
        ("first import", f"{first.seconds:.1f} s", f"{bare:.1f} s", f"{first.seconds / bare:.1f}"),
        ("organisations per second", f"{first.read / first.seconds:,.0f}", f"{first.read / bare:,.0f}", ""),
        (
            "second import, which changes nothing",
            f"{second.seconds:.1f} s",
            f"{bare:.1f} s",
            f"{second.seconds / bare:.1f}",
        ),
        ("memory of the importing process", f"{memory:.0f} MB", "", ""),
    ]
    body = f"""{first.read:,} organisations of ROR, {rows:,} rows besides their history, which is as long again. The peer is
the limit of what can be done: reading the file as JSON ({read:.1f} s) and a bare `COPY` of the same rows into plain
tables ({copied:.1f} s), without index, constraint, history or comparison with what is there.

{markdown_table(("", "Maillage", "reading and bare COPY", "ratio"), lines)}
"""
    write_section("ror_import", "Import of ROR", body)


def _bare_reading(path: Any) -> float:
    began = time.perf_counter()
    with gzip.open(path, "rb") as file:
        for line in file:
            json.loads(line)
    return time.perf_counter() - began
