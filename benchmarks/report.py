"""RESULTS.md: one section for each measure, replaced whenever it is run again."""

import os
import platform
import re
import time
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"
_TITLE = "# Measures\n\nEach section is written by `scripts/run python -m benchmarks NAME`.\n"


def write_section(name: str, heading: str, body: str) -> None:
    """Replace the section of a measure, or add it at the end; what it ran on is said below its heading."""
    section = f"<!-- {name} -->\n## {heading}\n\n{machine_description()}\n\n{body.strip()}\n<!-- end of {name} -->\n"
    before = RESULTS.read_text("utf-8") if RESULTS.exists() else _TITLE
    pattern = re.compile(rf"<!-- {re.escape(name)} -->\n.*?<!-- end of {re.escape(name)} -->\n", re.DOTALL)
    after, replaced = pattern.subn(lambda _match: section, before)
    RESULTS.write_text(after if replaced else f"{before.rstrip()}\n\n{section}", "utf-8")
    print(section)


def machine_description() -> str:
    """What the measure ran on: `2 CPUs, Python 3.11.9, PostgreSQL 18.1`."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0].split()[0]
    processors = len(os.sched_getaffinity(0))
    return f"{processors} CPUs, Python {platform.python_version()}, PostgreSQL {server}"


def yardstick() -> float:
    """Seconds of CPU of a piece of work that is always the same: ten million additions."""
    begun, total = time.process_time(), 0
    for number in range(10_000_000):
        total += number
    return time.process_time() - begun


def markdown_table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [header, tuple("---" for _column in header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
