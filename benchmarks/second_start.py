"""The second start, from the command to the first page, beside the bare server with the database already running."""

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks.report import markdown_table, write_section

_ROUNDS = 5
_BIN = Path(sys.executable).parent


def run() -> None:
    """Start both in turn, several times."""
    with tempfile.TemporaryDirectory(prefix="maillage-start-") as folder:
        Path(folder).chmod(0o755)
        data = str(Path(folder) / "data")
        _timed([_BIN / "maillage", "up", "--data", data], data)
        ours = [_timed([_BIN / "maillage", "up", "--data", data], data) for _round in range(_ROUNDS)]
        subprocess.run([_BIN / "maillage", "db", "start", "--data", data], check=True, capture_output=True)
        bare = [_timed([_BIN / "granian", "--interface", "wsgi", "maillage.wsgi:application"], data) for _round in ours]
        subprocess.run([_BIN / "maillage", "db", "stop", "--data", data], check=True, capture_output=True)
    mine, theirs = statistics.median(ours), statistics.median(bare)
    rows = [("median", f"{mine:.2f} s", f"{theirs:.2f} s", f"{mine / theirs:.2f}"),
            ("slowest", f"{max(ours):.2f} s", f"{max(bare):.2f} s", f"{max(ours) / max(bare):.2f}")]  # fmt: skip
    body = f"""`maillage up` on a folder that was set up before, from the command to the first page, {_ROUNDS} times: it starts the
database, looks whether anything is to be done, and starts server and worker. The bare server is granian alone with the
same application, the database already running: the least that any start can take. The limit is 3 s.

{markdown_table(("", "`maillage up`", "bare server", "ratio"), rows)}
"""
    write_section("second_start", "Second start", body)


def _timed(command: list[object], data: str) -> float:
    """Seconds from the command to the first page; the command is ended then."""
    port = free_port()
    environment = os.environ | {"MAILLAGE_DATA": data, "DJANGO_SETTINGS_MODULE": "maillage.settings"}
    for name in ("DATABASE_URL", "PYTHONDONTWRITEBYTECODE"):
        environment.pop(name, None)
    begun = time.perf_counter()
    process = subprocess.Popen(
        [*map(str, command), "--port", str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        await_first_page(f"http://127.0.0.1:{port}/fr/", process)
        return time.perf_counter() - begun
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def await_first_page(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Ask for a page until it comes."""
    while process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=60):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.01)
    raise SystemExit("The server ended before its first page.")


def free_port() -> int:
    """A port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
