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

from maillage.cli.children import Child
from maillage.cli.session import database, explained_connection, say, set_up_django
from maillage.database.location import data_folder, ensure_folder, own_database, unusable
from maillage.language import cause
from maillage.language import gettext as _
from maillage.problems import Problem

HOST = "127.0.0.1"
WATCH_EVERY = 0.5


def run(
    port: Annotated[int, typer.Option(help="The port to serve on.", min=1, max=65535)] = 8000,
    empty: Annotated[bool, typer.Option("--empty", help="Do not load the example into an empty database.")] = False,
) -> None:
    """Set everything up and serve the site on this machine, until Ctrl-C.

    --data DIR (or MAILLAGE_DATA) names the folder of the data; DATABASE_URL a PostgreSQL of your own.
    """
    _interruptible()
    data = ensure_folder(data_folder())
    try:
        with _only_one(data, port):
            refuse_taken(port)
            _serve(data, port, empty=empty)
    except KeyboardInterrupt:
        say(_("Stopped."))


def _interruptible() -> None:
    """Ctrl-C, a polite kill and a closed terminal all stop in the same order."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # Further requests change nothing: what is being stopped is stopped in order, and within bounded time.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def _only_one(data: Path, port: int) -> Iterator[None]:
    """Two servers on one folder would do the queued work twice: the second start says where the first is."""
    try:
        handle = os.open(data / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise unusable(data / "up.lock", error) from error
    with os.fdopen(handle, "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(
                _("Maillage already runs on %(data)s: see %(address)s")
                % {"data": data, "address": lock.read() or _("the other terminal")},
                _("Use that one, end it with Ctrl-C, or choose another folder with --data DIR."),
            ) from None
        lock.truncate(0)
        lock.write(_address(port))
        lock.flush()
        yield


def refuse_taken(port: int) -> None:
    """Say at once, before any long work, that the port cannot be had."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise _refused(port, error) from error


def _refused(port: int, error: OSError) -> Problem:
    free = port + 1 if 1024 <= port < 65535 else 8001
    other = _("Choose another: maillage up --port %(port)d") % {"port": free}
    if error.errno == errno.EADDRINUSE:
        return Problem(_("Port %(port)d is taken by another program.") % {"port": port}, other)
    if error.errno == errno.EACCES:
        kept = _("This account may not use port %(port)d (ports under 1024 are kept for root).")
        return Problem(kept % {"port": port}, other)
    return Problem(_("Port %(port)d cannot be used: %(reason)s.") % {"port": port, "reason": _(cause(error))}, other)


def _address(port: int) -> str:
    return f"http://{HOST}:{port}"


def _serve(data: Path, port: int, *, empty: bool) -> None:
    from maillage.cli.prepare import is_prepared

    os.environ.setdefault("MAILLAGE_URL", _address(port))
    server = Child(_("Web server"), "maillage.cli.serve", str(port))
    worker = Child(_("Worker"), "maillage.cli.worker")
    with ExitStack() as ending:
        ending.callback(server.stop)
        ready = is_prepared(data, empty=empty)
        if ready:
            # Nothing is left to do: the server reads its modules while the database starts.
            server.start()
        ending.enter_context(database(data))
        # Once more: what comes last ends first, and the server is to end before the database it uses.
        ending.callback(server.stop)
        ending.callback(worker.stop)
        password = "" if ready else _prepare(data, empty=empty)
        if not ready:
            server.start()
        _await_first_page(server, port)
        worker.start()
        _greet(data, port, password)
        _watch(data, [server, worker])


def _prepare(data: Path, *, empty: bool) -> str:
    from maillage.cli.prepare import compile_translations, prepare
    from maillage.cli.progress import bar

    # Before Django reads them.
    compile_translations()
    set_up_django()
    from django.db import connections

    try:
        with explained_connection(), bar() as tell:
            return prepare(data, tell, empty=empty)
    finally:
        connections.close_all()


def _await_first_page(server: Child, port: int) -> None:
    """Wait until the site answers: the person is sent to a page that is there."""
    while not _answers(port):
        if server.ended() is not None:
            raise Problem(
                _("The web server did not start (exit code %(code)s).") % {"code": server.ended()},
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


def _set_down(data: Path, password: str) -> Path:
    """What a service prints ends in a log that others read: there the password goes to a file of the owner's alone."""
    path = data / "first-password"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(password + "\n")
    return path


def _greet(data: Path, port: int, password: str) -> None:
    from maillage.cli.prepare import read_stamp

    officer = read_stamp(data).officer
    where = _("the PostgreSQL of DATABASE_URL") if own_database() else str(data)
    lines = {_("Maillage is here:"): _address(port)}
    if password and sys.stdout.isatty():
        told = _("%(officer)s  password %(password)s  (shown this once: change it or note it)")
        lines[_("Sign in as:")] = told % {"officer": officer, "password": password}
    elif password:
        told = _("%(officer)s  password in %(file)s  (read it, then remove the file)")
        lines[_("Sign in as:")] = told % {"officer": officer, "file": _set_down(data, password)}
    elif officer and officer != "-":
        told = _("%(officer)s  (new password: maillage manage changepassword %(officer)s)")
        lines[_("Sign in as:")] = told % {"officer": officer}
    if not os.environ.get("MAILLAGE_SMTP_URL"):
        told = _("written to %s  (to send it, set MAILLAGE_SMTP_URL)")
        lines[_("Mail:")] = told % (data / "mail")
    lines |= {_("Data:"): where, _("Stop:"): "Ctrl-C"}
    width = max(map(len, lines)) + 2
    print("\n".join(f"{name:{width}}{value}" for name, value in lines.items()), flush=True)


def _watch(data: Path, children: list[Child]) -> None:
    """Until interrupted, bring back what ends by itself: first the database, since the others need it."""
    while True:
        time.sleep(WATCH_EVERY)
        if not own_database():
            _revive_database(data)
        for child in children:
            if child.ended() is not None:
                child.revive()


def _revive_database(data: Path) -> None:
    from maillage.database import embedded

    if not embedded.running(data):
        print(_("The database ended unexpectedly; starting it again."), file=sys.stderr)
        embedded.start(data, tell=say)
