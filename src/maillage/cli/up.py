"""`maillage up`: set up what is missing, then serve the site until Ctrl-C."""

import errno
import fcntl
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from maillage.cli.child_processes import ChildProcess
from maillage.cli.site_session import explain_database_errors, print_status, running_database, set_up_django
from maillage.database.location import data_folder, ensure_folder, external_database_url, unusable_path_problem
from maillage.errors import MaillageError
from maillage.language import gettext as _
from maillage.language import os_error_reason

HOST = "127.0.0.1"
WATCH_INTERVAL = 0.5


def run(
    port: Annotated[int, typer.Option(help="The port to serve on.", min=1, max=65535)] = 8000,
    empty: Annotated[bool, typer.Option("--empty", help="Do not load the example into an empty database.")] = False,
) -> None:
    """Set everything up and serve the site on this machine, until Ctrl-C."""
    _handle_stop_signals()
    data = ensure_folder(data_folder())
    try:
        with _single_instance(data, port):
            check_port_is_free(port)
            _serve(data, port, empty=empty)
    except KeyboardInterrupt:
        print_status(_("Stopped."))


def _handle_stop_signals() -> None:
    """Stop in the same order on Ctrl-C, on SIGTERM and when the terminal is closed."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # Further signals are ignored: the processes are stopped in order, and within bounded time.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def _single_instance(data: Path, port: int) -> Iterator[None]:
    """Raise `MaillageError` if another `maillage up` runs on this folder, since queued jobs would run twice."""
    try:
        handle = os.open(data / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise unusable_path_problem(data / "up.lock", error) from error
    with os.fdopen(handle, "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise MaillageError(
                _("Maillage already runs on %(data)s: see %(address)s")
                % {"data": data, "address": lock.read() or _("the other terminal")},
                _("Use that one, end it with Ctrl-C, or choose another folder with --data DIR."),
            ) from None
        lock.truncate(0)
        lock.write(_address(port))
        lock.flush()
        yield


def check_port_is_free(port: int) -> None:
    """Raise `MaillageError` if the port cannot be used, before any long work."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise _port_problem(port, error) from error


def _port_problem(port: int, error: OSError) -> MaillageError:
    free_port = port + 1 if 1024 <= port < 65535 else 8001
    remedy = _("Choose another: maillage up --port %(port)d") % {"port": free_port}
    if error.errno == errno.EADDRINUSE:
        return MaillageError(_("Port %(port)d is taken by another program.") % {"port": port}, remedy)
    if error.errno == errno.EACCES:
        what = _("This account may not use port %(port)d (ports under 1024 are kept for root).")
        return MaillageError(what % {"port": port}, remedy)
    return MaillageError(
        _("Port %(port)d cannot be used: %(reason)s.") % {"port": port, "reason": _(os_error_reason(error))}, remedy
    )


def _address(port: int) -> str:
    return f"http://{HOST}:{port}"


def _serve(data: Path, port: int, *, empty: bool) -> None:
    from maillage.cli.preparation import is_prepared

    os.environ.setdefault("MAILLAGE_URL", _address(port))
    server = ChildProcess(_("Web server"), "maillage.cli.web_server", str(port))
    worker = ChildProcess(_("Worker"), "maillage.cli.worker")
    with ExitStack() as exit_stack:
        exit_stack.callback(server.stop)
        prepared = is_prepared(data, empty=empty)
        if prepared:
            # Nothing is left to prepare: the server imports its modules while the database starts.
            server.start()
        exit_stack.enter_context(running_database(data))
        # Registered again: callbacks run in reverse order, and the server must stop before the database it uses.
        exit_stack.callback(server.stop)
        exit_stack.callback(worker.stop)
        password = "" if prepared else _prepare(data, empty=empty)
        if not prepared:
            server.start()
        _await_first_page(server, port)
        worker.start()
        _print_summary(data, port, password)
        _watch(data, [server, worker])


def _prepare(data: Path, *, empty: bool) -> str:
    from maillage.cli.preparation import compile_translations, prepare
    from maillage.cli.progress_bar import progress_bar

    # Before Django reads the translations.
    compile_translations()
    set_up_django()
    from django.db import connections

    try:
        with explain_database_errors(), progress_bar() as progress:
            return prepare(data, progress, empty=empty)
    finally:
        connections.close_all()


def _await_first_page(server: ChildProcess, port: int) -> None:
    """Wait until the site answers, so that the printed address works."""
    while not _answers(port):
        if server.exit_code() is not None:
            raise MaillageError(
                _("The web server did not start (exit code %(code)s).") % {"code": server.exit_code()},
                _("What it wrote above says why."),
            )
        time.sleep(0.02)


def _answers(port: int) -> bool:
    request = f"GET / HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((HOST, port), timeout=30) as client:
            client.sendall(request.encode())
            return client.recv(16).startswith(b"HTTP/")
    except OSError:
        return False


def _write_password_file(data: Path, password: str) -> Path:
    """Write the password to a file that only the owner may read; the output of a service ends in a shared log."""
    path = data / "first-password"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(password + "\n")
    return path


def _print_summary(data: Path, port: int, password: str) -> None:
    from maillage.cli.preparation import read_stamp

    officer = read_stamp(data).officer
    place = _("the PostgreSQL of DATABASE_URL") if external_database_url() else str(data)
    lines = {_("Maillage is here:"): _address(port)}
    if password and sys.stdout.isatty():
        text = _("%(officer)s  password %(password)s  (shown this once: change it or note it)")
        lines[_("Sign in as:")] = text % {"officer": officer, "password": password}
    elif password:
        text = _("%(officer)s  password in %(file)s  (read it, then remove the file)")
        lines[_("Sign in as:")] = text % {"officer": officer, "file": _write_password_file(data, password)}
    elif officer and officer != "-":
        text = _("%(officer)s  (new password: maillage manage changepassword %(officer)s)")
        lines[_("Sign in as:")] = text % {"officer": officer}
    if not os.environ.get("MAILLAGE_SMTP_URL"):
        text = _("written to %s  (to send it, set MAILLAGE_SMTP_URL)")
        lines[_("Mail:")] = text % (data / "mail")
    lines |= {_("Data:"): place, _("Stop:"): "Ctrl-C"}
    width = max(map(len, lines)) + 2
    print("\n".join(f"{name:{width}}{value}" for name, value in lines.items()), flush=True)


def _watch(data: Path, children: list[ChildProcess]) -> None:
    """Until interrupted, restart what has ended: first the database, since the other processes need it."""
    while True:
        time.sleep(WATCH_INTERVAL)
        if not external_database_url():
            _revive_database(data)
        for child in children:
            if child.exit_code() is not None:
                child.restart()


def _revive_database(data: Path) -> None:
    from maillage.database import embedded

    if not embedded.is_running(data):
        print(_("The database ended unexpectedly; starting it again."), file=sys.stderr)
        embedded.start(data, tell=print_status)
