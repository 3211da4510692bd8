"""Where the tests keep their data: a folder of its own for each process of them, never that of whoever runs them."""

import os
import tempfile
from pathlib import Path

_SHARED = "MAILLAGE_TESTS_FOLDER"


def create_data_folder() -> Path:
    """The folder of this process, which the settings read; said to them before they are read, however often asked."""
    if _SHARED not in os.environ:
        os.environ[_SHARED] = tempfile.mkdtemp(prefix="maillage-tests-")
    # Beside the first one, not within: that is closed to the account which runs the database.
    folder = Path("-".join(filter(None, (os.environ[_SHARED], os.environ.get("PYTEST_XDIST_WORKER")))))
    folder.mkdir(exist_ok=True)
    os.environ["MAILLAGE_DATA"] = str(folder)
    return folder
