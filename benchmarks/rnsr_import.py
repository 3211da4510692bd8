"""The import of RNSR, beside that of ROR in the same run."""

import resource
import sys
import time
from typing import Any

from benchmarks.datasets import ensure_example, measure_bare_copy, shared_data
from benchmarks.report import markdown_table, write_section

_TABLES = (
    "register_organisation", "register_name", "register_identifier", "register_tie", "register_pendingtie",
    "register_researchstructure", "core_source", "core_citation",
)  # fmt: skip
_DAY = "2022-02-08"


def run() -> None:
    """Import RNSR twice into a register with the example, then ROR in the same run."""
    from django.utils import timezone

    from maillage.core.actors import SYSTEM
    from maillage.register.models import ImportRun
    from maillage.register.rnsr.importer import import_rnsr
    from maillage.register.ror.importer import import_ror

    if ImportRun.objects.exists():
        sys.exit("This database has imported a register before; give a new one to measure the first import.")
    path = shared_data("rnsr", "rnsr_active_2022.csv.gz")
    ensure_example()
    imports: list[tuple[str, Any, float]] = []

    def measure(title: str, do: Any) -> Any:
        began = time.process_time()
        report = do()
        imports.append((title, report, time.process_time() - began))
        return report

    measure("RNSR, first", lambda: import_rnsr(path, actor=SYSTEM, at=timezone.now(), day=_DAY))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows, copied = measure_bare_copy(_TABLES)
    measure("RNSR, again", lambda: import_rnsr(path, actor=SYSTEM, at=timezone.now(), day=_DAY))
    ror = shared_data("ror", "ror_records.jsonl.gz")
    measure("ROR", lambda: import_ror(ror, actor=SYSTEM, at=timezone.now()))
    _tell(imports, memory, rows, copied)


def _tell(imports: list[tuple[str, Any, float]], memory: float, rows: int, copied: float) -> None:
    lines = [
        (
            title,
            f"{report.read:,}",
            f"{report.ties:,}",
            f"{report.seconds:.1f} s",
            f"{cpu:.1f} s",
            f"{(report.read + report.ties) / report.seconds:,.0f}",
        )
        for title, report, cpu in imports
    ]
    heads = ("import", "organisations read", "ties made", "time", "CPU of the process", "both per second")
    body = f"""An export of RNSR with its bodies and ties, {rows:,} rows besides their history, into a register that has the
example; then the same again, which changes nothing; then ROR in the same run. A bare `COPY` of the rows after the first import into
plain tables takes {copied:.1f} s. The process had {memory:.0f} MB after the first import.

{markdown_table(heads, lines)}
"""
    write_section("rnsr_import", "Import of RNSR", body)
