"""The life of the embedded server: start, recovery, use by several commands, stop."""

import fcntl
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from maillage.database import keeper
from maillage.database.account import Account
from maillage.database.binaries import environment, programs
from maillage.database.cluster import ensure_cluster, explained
from maillage.database.location import (
    PORT,
    cluster_folder,
    ensure_folder,
    socket_folder,
    unusable,
)
from maillage.language import gettext as _
from maillage.problems import Problem

LOG_LIMIT = 10_000_000
Tell = Callable[[str], None]
# Tests give up safety for speed: their cluster is thrown away.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def silent(_: str) -> None:
    """For those who need no news."""


@contextmanager
def held(data: Path, *, tell: Tell = silent, test: bool = False) -> Iterator[None]:
    """Have the server running for as long as the block lasts; the last user to leave stops it, even if killed."""
    ensure_folder(data)
    with _opened(data / "users.lock") as users:
        # Waits if the server is just being stopped.
        fcntl.flock(users, fcntl.LOCK_SH)
        start(data, tell=tell, test=test)
        _ensure_keeper(data)
        try:
            yield
        finally:
            _leave(data, users)


def start(data: Path, *, tell: Tell = silent, test: bool = False) -> bool:
    """Start the server if it does not run; true if it had to be started."""
    ensure_folder(data)
    with _opened(data / "start.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if running(data):
            return False
        if not (cluster_folder(data) / "PG_VERSION").exists():
            tell(_("Preparing the database (a few seconds, the first time only)"))
        account = ensure_cluster(data, may_create_databases=test)
        _clear_stale(data)
        _launch(data, account, tell, CARELESS if test else ())
    return True


def stop(data: Path) -> bool:
    """Stop the server if nobody uses it; true if it ran."""
    if not running(data):
        return False
    with _opened(data / "users.lock") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(
                _("The database in %(data)s is in use by another maillage command.") % {"data": data},
                _("End that command first (Ctrl-C where `maillage up` runs)."),
            ) from None
        (data / "kept").unlink(missing_ok=True)
        keeper.stop(data)
    return True


def stay(data: Path) -> None:
    """Let the running server stay when its users leave, until `stop`."""
    (data / "kept").write_text(" ".join(keeper.identity(data)))


def running(data: Path) -> bool:
    """Whether the server of this folder answers: a pid file alone proves nothing."""
    lines = keeper.postmaster(data)
    if len(lines) < 8 or not lines[7].startswith("ready"):
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(socket_folder(data) / f".s.PGSQL.{PORT}"))
        except OSError:
            return False
    return True


def _opened(file: Path) -> IO[str]:
    """Open a lock file; closed to others, who could otherwise hold the lock."""
    try:
        return open(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "w")
    except OSError as error:
        raise unusable(file, error) from error


def _ensure_keeper(data: Path) -> None:
    if keeper.kept(data):
        return
    with _opened(data / "keeper.lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
    subprocess.Popen(
        [sys.executable, "-I", "-S", keeper.__file__, str(data)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )


def _leave(data: Path, users: IO[str]) -> None:
    """Stop the server if we are the last; if the keeper is quicker, wait until it has done so."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(users, fcntl.LOCK_SH)
        return
    if not keeper.kept(data):
        keeper.stop(data)


def _clear_stale(data: Path) -> None:
    """Remove what names a server that is no more: its pid file, its socket and the socket's own lock.

    PostgreSQL does it too, unless the pid still is, or again is, one of the system's: it then refuses to start.
    """
    pid = keeper.server_pid(data)
    # One that we started ourselves and that was killed stays in the list of processes until its end is collected.
    if pid and not keeper.reaped(pid) and keeper.serves(data, pid):
        _await_other(data, pid)
        return
    (cluster_folder(data) / "postmaster.pid").unlink(missing_ok=True)
    for left in socket_folder(data).glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def _await_other(data: Path, pid: int) -> None:
    """A server runs on this folder but does not answer: it is starting, recovering or stopping."""
    end = time.monotonic() + keeper.PATIENCE
    while time.monotonic() < end:
        if running(data) or not keeper.postmaster(data):
            return
        time.sleep(0.05)
    raise Problem(
        _("A PostgreSQL (process %(pid)d) uses %(folder)s but does not answer.")
        % {"pid": pid, "folder": cluster_folder(data)},
        _("Its log is %(log)s. End it with: kill -INT %(pid)d") % {"log": data / "postgres.log", "pid": pid},
    )


def _launch(data: Path, account: Account, tell: Tell, extra: tuple[str, ...]) -> None:
    """Start the server; after a kill its orphans may still hold the memory for a moment, so try again a few times."""
    if running(data):
        return
    for attempt in range(8):
        text = _attempt(data, account, tell, extra)
        if text is None:
            return
        if "still in use" not in text:
            break
        time.sleep(0.1 * 2**attempt)
    raise explained(text or "", data, _("PostgreSQL did not start (log: %(log)s)") % {"log": data / "postgres.log"})


def _attempt(data: Path, account: Account, tell: Tell, extra: tuple[str, ...]) -> str | None:
    """Nothing if the server is ready, else what it wrote before it gave up."""
    log = data / "postgres.log"
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(data / "postgres.log.1")
    with _appended(log) as out:
        begin = out.tell()
        process = subprocess.Popen(
            _command(data, account, extra),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=data,
            env=environment(),
            start_new_session=True,
            **account.options(),
        )
    if _ready(data, process, tell):
        return None
    return log.read_bytes()[begin:].decode(errors="replace")


def _appended(log: Path) -> IO[bytes]:
    try:
        return open(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")
    except OSError as error:
        raise unusable(log, error) from error


def _command(data: Path, account: Account, extra: tuple[str, ...]) -> list[str]:
    """Without any TCP port: the server is reached by its socket alone, in a folder closed to others."""
    options = [
        "listen_addresses=",
        f"port={PORT}",
        f"unix_socket_directories={socket_folder(data)}",
        "unix_socket_permissions=0700",
        f"hba_file={data / 'access.conf'}",
        f"ident_file={data / 'accounts.conf'}",
        *extra,
    ]
    command = [str(programs(data, account) / "postgres"), "-D", str(cluster_folder(data))]
    return command + [word for option in options for word in ("-c", option)]


def _ready(data: Path, process: "subprocess.Popen[bytes]", tell: Tell) -> bool:
    """Wait for the server: for as long as it lives, since recovery after a crash takes the time it takes."""
    began = time.monotonic()
    told = False
    while process.poll() is None:
        lines = keeper.postmaster(data)
        if len(lines) > 7 and keeper.server_pid(data) == process.pid and lines[7].startswith("ready"):
            # It outlives this process on purpose; its end is collected by the system.
            with suppress(AttributeError):
                process.returncode = 0
            return True
        if not told and time.monotonic() - began > 2:
            tell(_("The database is recovering after an unclean stop"))
            told = True
        time.sleep(0.01)
    return False
