"""Stop the server once nobody uses it, even if its users were killed. Run as a script: standard library only.

Each command that uses the embedded server holds a shared lock on a file, which the system releases when the command
ends. The keeper waits for an exclusive lock on that file, which it gets when no user is left.
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
    # The files are not created here: the folder may have been removed meanwhile.
    with open(data / "keeper.lock", "r+") as keeper, open(data / "users.lock", "r+") as users:
        try:
            fcntl.flock(keeper, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        fcntl.flock(users, fcntl.LOCK_EX)
        if not is_kept_running(data):
            stop_server(data)
        # The keeper's lock is released first, so that the next user of the server starts a new keeper.
        fcntl.flock(keeper, fcntl.LOCK_UN)


def read_pid_file(data: Path) -> list[str]:
    """The lines of the server's pid file: pid, folder, start, port, socket folder, address, memory, status."""
    try:
        return (data / "postgres" / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def is_kept_running(data: Path) -> bool:
    """Whether `maillage db start` keeps this run of the server."""
    try:
        return (data / "kept").read_text().split() == server_identity(data)
    except OSError:
        return False


def server_identity(data: Path) -> list[str]:
    """Pid and start time, which identify one run of the server."""
    lines = read_pid_file(data)
    return [lines[0].strip(), lines[2].strip()] if len(lines) > 2 else ["-"]


def stop_server(data: Path) -> None:
    """Stop the server: fast shutdown, then immediate shutdown after a timeout, from which the next start recovers."""
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
    """The pid in the pid file, 0 if there is none. After a crash it may belong to another process."""
    first = next(iter(read_pid_file(data)), "").strip()
    return int(first) if first.isdigit() else 0


def is_server_process(data: Path, pid: int) -> bool:
    """Whether this process is a running server of this folder, where it has its working directory."""
    if not sys.platform.startswith("linux"):
        listing = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return "postgres" in listing.stdout
    process = Path(f"/proc/{pid}")
    try:
        return (process / "comm").read_text().startswith("postgres") and _runs_in(process, data / "postgres")
    except OSError:
        return False


def _runs_in(process: Path, folder: Path) -> bool:
    try:
        return os.path.samefile(process / "cwd", folder)
    except PermissionError:
        # The working directory may not be read: assume our server rather than start a second one.
        return True


def _wait_until_gone(data: Path, pid: int) -> bool:
    end = time.monotonic() + STOP_TIMEOUT_SECONDS
    while time.monotonic() < end:
        if collect_child(pid) or not is_server_process(data, pid):
            return True
        time.sleep(0.01)
    return False


def collect_child(pid: int) -> bool:
    """Whether the process was a child of this process and has ended; collects its exit status."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return False


if __name__ == "__main__":
    with suppress(FileNotFoundError):
        stop_when_unused(Path(sys.argv[1]))
