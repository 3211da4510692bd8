"""The real command, run as a person runs it."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

MAILLAGE = Path(sys.executable).with_name("maillage")
READY = re.compile(r"(http://127\.0\.0\.1:\d+)")
SIGN_IN = re.compile(r"(\S+@\S+)\s+\S*\s*password in\s+(\S+)")


@dataclass
class Site:
    """A running `maillage up`."""

    url: str
    process: "subprocess.Popen[str]"
    email: str = ""
    password: str = ""
    printed: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "".join(self.printed)


def free_port() -> int:
    """A port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def user_environment() -> dict[str, str]:
    """The variables of a person, not of a test: the site runs with its own settings."""
    ours = ("DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE", "MAILLAGE_DATA")
    return {name: value for name, value in os.environ.items() if name not in ours}


def start_site_process(data: Path, *options: str, port: int | None = None, **variables: str) -> "subprocess.Popen[str]":
    """Run `maillage up` on a data folder, without waiting for it."""
    words = [str(MAILLAGE), "up", "--data", str(data), "--port", str(port or free_port()), *options]
    return subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=user_environment() | variables,
        start_new_session=True,
    )


def wait_until_ready(process: "subprocess.Popen[str]", seconds: float = 300) -> Site:
    """Follow what the command prints until it says where to look and as whom to sign in."""
    site = Site("", process)
    told = threading.Event()
    threading.Thread(target=_follow, args=(site, told), daemon=True).start()
    if told.wait(seconds) and "Ctrl-C" in site.text:
        return _read(site)
    stop_site_process(process, signal.SIGKILL)
    raise AssertionError(f"maillage up did not become ready:\n{site.text}")


def _follow(site: Site, told: threading.Event) -> None:
    """Read to the end, so that the command is never held up by what nobody reads."""
    assert site.process.stdout is not None
    with site.process.stdout as lines:
        for line in lines:
            site.printed.append(line)
            if "Ctrl-C" in line:
                told.set()
    told.set()


def _read(site: Site) -> Site:
    site.url = READY.findall(site.text)[-1]
    if found := SIGN_IN.search(site.text):
        site.email, site.password = found[1], Path(found[2]).read_text("utf-8").strip()
    return site


def stop_site_process(process: "subprocess.Popen[str]", by: signal.Signals = signal.SIGINT) -> int:
    """End the command as Ctrl-C does, and say with which code."""
    if process.poll() is None:
        process.send_signal(by)
    return process.wait(timeout=30)


@contextmanager
def running_site(data: Path, *options: str, **variables: str) -> Iterator[Site]:
    """The site, served for the length of the block."""
    process = start_site_process(data, *options, **variables)
    try:
        site = wait_until_ready(process)
        site.variables = {"MAILLAGE_DATA": str(data), **variables}
        yield site
    finally:
        stop_site_process(process)


@contextmanager
def fresh_database(url: str) -> Iterator[str]:
    """A new database on the PostgreSQL that an address names, dropped afterwards."""
    name = f"maillage_site_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        place = {**conninfo_to_dict(url), "dbname": name}
        # The words of an address follow its question mark as well as they come before it.
        yield "postgresql://?" + urlencode({key: value for key, value in place.items() if value is not None})
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
