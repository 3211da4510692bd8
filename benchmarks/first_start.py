"""The first start: the CPU of every process of `maillage up`, from an empty folder to the first page."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks.report import markdown_table, write_section, yardstick
from benchmarks.second_start import await_first_page, free_port

_BIN = Path(sys.executable).parent
_LIMIT = 25.0


def run() -> None:
    """Start once with the example and once empty, each on a folder of its own."""
    rows, yardsticks = [], [yardstick()]
    for name, options in (("with the example", ()), ("empty", ("--empty",))):
        cpu, seconds = first_start(*options)
        yardsticks.append(yardstick())
        rows.append((name, f"{cpu:.1f} s", f"{seconds:.1f} s"))
    body = f"""`maillage up` on an empty folder, dependencies installed and compiled, from the command to the first page: it makes
the database, the tables with their triggers and policies, gathers the static files, loads the example, and serves. CPU
is that of all processes, PostgreSQL included. The limit is {_LIMIT:.0f} s of CPU with the example, on a machine that
does nothing else: where others work, each second of CPU does less. The load was {os.getloadavg()[1]:.1f} for
{len(os.sched_getaffinity(0))} CPUs, and ten million additions in Python took {min(yardsticks):.2f} to {max(yardsticks):.2f} s of CPU.

{markdown_table(("", "CPU", "elapsed"), rows)}
"""
    write_section("first_start", "First start", body)


def first_start(*options: str) -> tuple[float, float]:
    """Seconds of CPU, and seconds elapsed, of a start on an empty folder."""
    with tempfile.TemporaryDirectory(prefix="maillage-first-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        data, port = str(Path(folder) / "data"), free_port()
        environment = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "MAILLAGE_DATA")
        }
        begun = time.perf_counter()
        process = subprocess.Popen(
            [str(_BIN / "maillage"), "up", "--data", data, "--port", str(port), *options],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            await_first_page(f"http://127.0.0.1:{port}/fr/", process)
            return sum(_cpu_seconds(process.pid, data)), time.perf_counter() - begun
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def _cpu_seconds(pid: int, data: str) -> Iterator[float]:
    """The CPU of each process of a start, with that of its own children that have ended."""
    roots = [psutil.Process(pid), *(each for each in psutil.process_iter() if _names(each, data))]
    tree = {each for root in roots for each in (root, *root.children(recursive=True))}
    for each in tree:
        times = each.cpu_times()
        yield times.user + times.system + times.children_user + times.children_system


def _names(process: psutil.Process, folder: str) -> bool:
    """PostgreSQL is no child of the command: its command line names the folder."""
    try:
        return any(folder in word for word in process.cmdline())
    except psutil.Error:
        return False
