"""Child processes of `maillage up`: started, restarted, and ended with it however it ends."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress

from maillage.errors import MaillageError
from maillage.language import gettext as _

# Linux's prctl option: the signal to send to a process when its parent ends.
PR_SET_PDEATHSIG = 1
PARENT_VARIABLE = "MAILLAGE_PARENT"
STOP_TIMEOUT = 15.0


def end_with_parent() -> None:
    """Called by a child: end when the parent ends, even if the parent was killed.

    With SIGKILL, since the database ends with the parent, and a child that waits for it would never end.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    parent = os.environ.get(PARENT_VARIABLE)
    if parent and os.getppid() != int(parent):
        # The parent ended before `prctl` was called.
        sys.exit(0)


class ChildProcess:
    """A child process that runs a module of the package with the same Python."""

    def __init__(self, title: str, module: str, *words: str) -> None:
        self.title = title
        self.command = [sys.executable, "-m", module, *words]
        self.process: subprocess.Popen[bytes] | None = None
        self.starts: deque[float] = deque(maxlen=4)

    def start(self) -> None:
        """Start in a session of its own: Ctrl-C reaches the parent alone, which then stops its children in order."""
        self.starts.append(time.monotonic())
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, PARENT_VARIABLE: str(os.getpid())},
        )

    def exit_code(self) -> int | None:
        """The exit code; `None` if the process runs or was not started."""
        return self.process.poll() if self.process else None

    def restart(self) -> None:
        """Start again after an unexpected end. Raises `MaillageError` at the fifth start within a minute."""
        code = self.exit_code()
        if len(self.starts) == self.starts.maxlen and time.monotonic() - self.starts[0] < 60:
            raise MaillageError(
                _("%(process)s: ended %(count)d times within a minute (exit code %(code)s).")
                % {"process": self.title, "count": len(self.starts), "code": code},
                _("What it wrote above says why."),
            )
        message = _("%(process)s: ended unexpectedly (exit code %(code)s); starting it again.")
        print(message % {"process": self.title, "code": code}, file=sys.stderr)
        self.start()

    def stop(self) -> None:
        """Send SIGTERM, wait at most `STOP_TIMEOUT` seconds, then kill its whole session."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_TIMEOUT)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
