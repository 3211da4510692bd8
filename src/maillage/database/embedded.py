"""Start and stop the embedded server, shared by several commands."""

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

from maillage.database import idle_shutdown
from maillage.database.account import ServerAccount
from maillage.database.cluster import ensure_cluster, problem_from_output
from maillage.database.location import PORT, cluster_folder, ensure_folder, socket_folder, unusable_path_problem
from maillage.database.postgres_programs import postgres_environment, server_programs
from maillage.errors import MaillageError
from maillage.language import gettext as _

LOG_LIMIT = 10_000_000
StatusCallback = Callable[[str], None]
# Tests give up safety for speed: their cluster is thrown away.
TEST_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def ignore_status(_: str) -> None:
    """A `StatusCallback` that does nothing."""


@contextmanager
def server_session(data: Path, *, tell: StatusCallback = ignore_status, test: bool = False) -> Iterator[None]:
    """Keep the server running for the block; it stops after its last user has ended, even if killed.

    `tell` is called with messages of status; `test` gives up durability for speed.
    """
    ensure_folder(data)
    with _open_lock_file(data / "users.lock") as users:
        # Waits while another process stops the server.
        fcntl.flock(users, fcntl.LOCK_SH)
        start(data, tell=tell, test=test)
        _ensure_keeper(data)
        try:
            yield
        finally:
            _leave_session(data, users)


def start(data: Path, *, tell: StatusCallback = ignore_status, test: bool = False) -> bool:
    """Start the server if it is not running; returns whether it was started."""
    ensure_folder(data)
    with _open_lock_file(data / "start.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_running(data):
            return False
        if not (cluster_folder(data) / "PG_VERSION").exists():
            tell(_("Preparing the database (a few seconds, the first time only)"))
        account = ensure_cluster(data, may_create_databases=test)
        _remove_stale_files(data)
        _launch(data, account, tell, TEST_SETTINGS if test else ())
    return True


def stop(data: Path) -> bool:
    """Stop the server; returns whether it was running. Raises `MaillageError` if a command uses it."""
    if not is_running(data):
        return False
    with _open_lock_file(data / "users.lock") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise MaillageError(
                _("The database in %(data)s is in use by another maillage command.") % {"data": data},
                _("End that command first (Ctrl-C where `maillage up` runs)."),
            ) from None
        (data / "kept").unlink(missing_ok=True)
        idle_shutdown.stop_server(data)
    return True


def keep_running(data: Path) -> None:
    """Keep the running server after its users have ended, until `stop`."""
    (data / "kept").write_text(" ".join(idle_shutdown.server_identity(data)))


def is_running(data: Path) -> bool:
    """Whether the server of this folder answers on its socket."""
    lines = idle_shutdown.read_pid_file(data)
    if len(lines) < 8 or not lines[7].startswith("ready"):
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(socket_folder(data) / f".s.PGSQL.{PORT}"))
        except OSError:
            return False
    return True


def _open_lock_file(file: Path) -> IO[str]:
    """Open a lock file, closed to other accounts, which could otherwise hold the lock."""
    try:
        return open(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "w")
    except OSError as error:
        raise unusable_path_problem(file, error) from error


def _ensure_keeper(data: Path) -> None:
    if idle_shutdown.is_kept_running(data):
        return
    with _open_lock_file(data / "keeper.lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
    subprocess.Popen(
        [sys.executable, "-I", "-S", idle_shutdown.__file__, str(data)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )


def _leave_session(data: Path, users: IO[str]) -> None:
    """Stop the server if this was its last user; if the keeper is already stopping it, wait for that."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(users, fcntl.LOCK_SH)
        return
    if not idle_shutdown.is_kept_running(data):
        idle_shutdown.stop_server(data)


def _remove_stale_files(data: Path) -> None:
    """Remove the files of a server that has ended: its pid file, its socket and the lock of the socket.

    PostgreSQL does it too, unless the pid belongs to another process now: it then refuses to start.
    """
    pid = idle_shutdown.server_pid(data)
    # A killed server that is our child stays in the list of processes until its exit status is collected.
    if pid and not idle_shutdown.collect_child(pid) and idle_shutdown.is_server_process(data, pid):
        _wait_for_other_server(data, pid)
        return
    (cluster_folder(data) / "postmaster.pid").unlink(missing_ok=True)
    for file in socket_folder(data).glob(".s.PGSQL.*"):
        file.unlink(missing_ok=True)


def _wait_for_other_server(data: Path, pid: int) -> None:
    """Wait for a server that runs on this folder but does not answer: it is starting, recovering or stopping."""
    end = time.monotonic() + idle_shutdown.STOP_TIMEOUT_SECONDS
    while time.monotonic() < end:
        if is_running(data) or not idle_shutdown.read_pid_file(data):
            return
        time.sleep(0.05)
    raise MaillageError(
        _("A PostgreSQL (process %(pid)d) uses %(folder)s but does not answer.")
        % {"pid": pid, "folder": cluster_folder(data)},
        _("Its log is %(log)s. End it with: kill -INT %(pid)d") % {"log": data / "postgres.log", "pid": pid},
    )


def _launch(data: Path, account: ServerAccount, tell: StatusCallback, extra: tuple[str, ...]) -> None:
    """Start the server; retried, since orphans of a killed server may hold its shared memory for a moment."""
    if is_running(data):
        return
    for attempt in range(8):
        text = _try_start(data, account, tell, extra)
        if text is None:
            return
        if "still in use" not in text:
            break
        time.sleep(0.1 * 2**attempt)
    raise problem_from_output(
        text or "", data, _("PostgreSQL did not start (log: %(log)s)") % {"log": data / "postgres.log"}
    )


def _try_start(data: Path, account: ServerAccount, tell: StatusCallback, extra: tuple[str, ...]) -> str | None:
    """Start the server once; returns `None` if it is ready, else its output."""
    log = data / "postgres.log"
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(data / "postgres.log.1")
    with _open_log(log) as out:
        log_start = out.tell()
        process = subprocess.Popen(
            _command(data, account, extra),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=data,
            env=postgres_environment(),
            start_new_session=True,
            **account.options(),
        )
    if _wait_until_ready(data, process, tell):
        return None
    return log.read_bytes()[log_start:].decode(errors="replace")


def _open_log(log: Path) -> IO[bytes]:
    try:
        return open(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")
    except OSError as error:
        raise unusable_path_problem(log, error) from error


def _command(data: Path, account: ServerAccount, extra: tuple[str, ...]) -> list[str]:
    """The command of the server: no TCP port, only a socket in a folder closed to other accounts."""
    options = [
        "listen_addresses=",
        f"port={PORT}",
        f"unix_socket_directories={socket_folder(data)}",
        "unix_socket_permissions=0700",
        f"hba_file={data / 'access.conf'}",
        f"ident_file={data / 'accounts.conf'}",
        *extra,
    ]
    command = [str(server_programs(data, account) / "postgres"), "-D", str(cluster_folder(data))]
    return command + [word for option in options for word in ("-c", option)]


def _wait_until_ready(data: Path, process: "subprocess.Popen[bytes]", tell: StatusCallback) -> bool:
    """Wait until the server is ready or has ended; without a limit, since recovery after a crash may take long."""
    began = time.monotonic()
    notified = False
    while process.poll() is None:
        lines = idle_shutdown.read_pid_file(data)
        if len(lines) > 7 and idle_shutdown.server_pid(data) == process.pid and lines[7].startswith("ready"):
            # The server outlives this process on purpose: avoid the warning of `subprocess` about it.
            with suppress(AttributeError):
                process.returncode = 0
            return True
        if not notified and time.monotonic() - began > 2:
            tell(_("The database is recovering after an unclean stop"))
            notified = True
        time.sleep(0.01)
    return False
