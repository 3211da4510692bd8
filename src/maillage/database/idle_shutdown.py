"""Stops the server once nobody uses it, however its users ended. Run as a script of its own: standard library only.

Each command that uses the embedded server holds a shared lock on a file, which the system releases when the command
ends, be it killed. The keeper waits for the lock for itself alone; having it means that nobody is left.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

STOP_TIMEOUT_SECONDS = 60.0


def stop_when_unused(data: Path) -> None:
    """Wait until nobody uses the server of this folder, then stop it."""
    # Never made here: in a folder that was removed meanwhile there is nothing to keep.
    with open(data / "keeper.lock", "r+") as mine, open(data / "users.lock", "r+") as users:
        try:
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        fcntl.flock(users, fcntl.LOCK_EX)
        if not is_kept_running(data):
            stop_server(data)
        # The keeper's own lock goes first: who then gets the users' lock sees that a new keeper is needed.
        fcntl.flock(mine, fcntl.LOCK_UN)


def read_pid_file(data: Path) -> list[str]:
    """The lines of the server's pid file: pid, folder, start, port, socket folder, address, memory, status."""
    try:
        return (data / "postgres" / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def is_kept_running(data: Path) -> bool:
    """Whether `maillage db start` asked that this very server stay."""
    try:
        return (data / "kept").read_text().split() == server_identity(data)
    except OSError:
        return False


def server_identity(data: Path) -> list[str]:
    """Pid and moment of start: together they name one run of the server."""
    lines = read_pid_file(data)
    return [lines[0].strip(), lines[2].strip()] if len(lines) > 2 else ["-"]


def stop_server(data: Path) -> None:
    """Ask for a clean stop; if it does not come, for an immediate one, from which the next start recovers."""
    pid = server_pid(data)
    if not pid or not is_server_process(data, pid):
        return
    for request in (signal.SIGINT, signal.SIGQUIT):
        try:
            os.kill(pid, request)
        except OSError:
            return
        if _wait_until_gone(data, pid):
            return


def server_pid(data: Path) -> int:
    """What the pid file says; 0 if there is none. A file that a crash left behind may name anybody."""
    first = next(iter(read_pid_file(data)), "").strip()
    return int(first) if first.isdigit() else 0


def is_server_process(data: Path, pid: int) -> bool:
    """Whether this process is a running server of this folder, where it has its working directory."""
    if not sys.platform.startswith("linux"):
        listed = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return "postgres" in listed.stdout
    process = Path(f"/proc/{pid}")
    try:
        return (process / "comm").read_text().startswith("postgres") and _runs_in(process, data / "postgres")
    except OSError:
        return False


def _runs_in(process: Path, folder: Path) -> bool:
    try:
        return os.path.samefile(process / "cwd", folder)
    except PermissionError:
        # A server whose folder we may not see: better to take it for ours than to start a second one.
        return True


def _wait_until_gone(data: Path, pid: int) -> bool:
    end = time.monotonic() + STOP_TIMEOUT_SECONDS
    while time.monotonic() < end:
        if collect_child(pid) or not is_server_process(data, pid):
            return True
        time.sleep(0.01)
    return False


def collect_child(pid: int) -> bool:
    """If the server is our own child, its end is to be collected."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return False


if __name__ == "__main__":
    with suppress(FileNotFoundError):
        stop_when_unused(Path(sys.argv[1]))
