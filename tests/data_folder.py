"""Where the tests keep their data: a folder of its own for each process of them, never that of whoever runs them."""

import os
import re
import shutil
import tempfile
from pathlib import Path

_SHARED = "MAILLAGE_TESTS_FOLDER"
_PREFIX = "maillage-tests-"
# Databases are copied, emptied and dropped all the time: files in memory make the whole suite several times as fast.
_MEMORY, _MEMORY_NEEDED = Path("/dev/shm"), 6_000_000_000


def create_data_folder() -> Path:
    """The folder of this process, which the settings read; said to them before they are read, however often asked.

    Temporary files of this process and of those it starts stand beside it, so that they end with the tests.
    """
    if _SHARED not in os.environ:
        os.environ[_SHARED] = str(_create_shared_folder())
    shared = Path(os.environ[_SHARED])
    folder = shared / os.environ.get("PYTEST_XDIST_WORKER", "main")
    folder.mkdir(exist_ok=True)
    os.environ |= {"MAILLAGE_DATA": str(folder), "TMPDIR": str(shared)}
    tempfile.tempdir = str(shared)
    return folder


def remove_data_folder() -> None:
    """Remove the folder of this process; with the first process, whose name it has, all of them."""
    shared = Path(os.environ[_SHARED])
    first = "PYTEST_XDIST_WORKER" not in os.environ
    shutil.rmtree(shared if first else os.environ["MAILLAGE_DATA"], ignore_errors=True)


def _create_shared_folder() -> Path:
    place = _MEMORY if _memory_free() > _MEMORY_NEEDED else Path(tempfile.gettempdir())
    for folder in place.glob(f"{_PREFIX}*-*"):
        # Left by a run that was killed.
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and not _is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place))
    # The account that runs the databases passes through it.
    folder.chmod(0o755)
    return folder


def _memory_free() -> int:
    """How many bytes files in memory may take here; 0 where the system keeps none."""
    if not os.access(_MEMORY, os.W_OK):
        return 0
    room = os.statvfs(_MEMORY)
    available = re.search(r"MemAvailable: *(\d+) kB", Path("/proc/meminfo").read_text("ascii"))
    return min(room.f_bavail * room.f_frsize, int(available[1]) * 1024 if available else 0)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
