"""Which account of the system runs the server: PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maillage.database.location import cluster_folder
from maillage.language import gettext as _
from maillage.problems import Problem

SERVICE = "maillage"


@dataclass(frozen=True)
class Account:
    """An account, and whether a change of account is needed to act as it."""

    name: str
    uid: int
    gid: int
    other: bool

    def options(self) -> dict[str, Any]:
        """What `subprocess` needs to act as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.other else {}

    def own(self, path: Path) -> None:
        if self.other:
            os.chown(path, self.uid, self.gid)

    def reaches(self, path: Path, may: str = "-x") -> bool:
        """Whether this account may use a path: asked of the system itself, which knows every rule."""
        if not self.other:
            return os.access(path, os.X_OK if may == "-x" else os.R_OK)
        test = shutil.which("test") or "/usr/bin/test"
        return subprocess.run([test, may, str(path)], cwd="/", check=False, **self.options()).returncode == 0


def server_account(data: Path) -> Account:
    """The account of an existing cluster; else oneself; else, for root, a service account."""
    owner = _owner(cluster_folder(data))
    me = os.geteuid()
    if me != 0:
        if owner not in (None, me):
            raise _belongs_to_another(data, owner or 0)
        return _account(_entry(me), other=False)
    if owner:
        return _account(_entry(owner), other=True)
    return _account(_service_entry(), other=True)


def _owner(folder: Path) -> int | None:
    try:
        return folder.stat().st_uid
    except OSError:
        return None


def _account(entry: pwd.struct_passwd, *, other: bool) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, other)


def _entry(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise Problem(
            _("The account number %(uid)d has no name on this machine, and PostgreSQL needs one.") % {"uid": uid},
            _("Add it to /etc/passwd, or start Maillage from an account that has a name."),
        ) from None


def _belongs_to_another(data: Path, owner: int) -> Problem:
    return Problem(
        _("The database in %(data)s belongs to the account %(owner)s.")
        % {"data": data, "owner": _entry(owner).pw_name},
        _("Start Maillage from that account or as root, or choose another folder with --data DIR."),
    )


def _service_entry() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SERVICE)
    except KeyError:
        _make_service()
    return pwd.getpwnam(SERVICE)


def _make_service() -> None:
    for command in (
        ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVICE],
        ["adduser", "-S", "-D", "-H", "-s", "/sbin/nologin", SERVICE],
    ):
        program = shutil.which(command[0], path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
        if program and _succeeds([program, *command[1:]]):
            return
    raise Problem(
        _("PostgreSQL refuses to run as root, and the account “%(name)s” could not be made to run it.")
        % {"name": SERVICE},
        _("Make a system account named %(name)s (useradd --system %(name)s), or start from an ordinary account.")
        % {"name": SERVICE},
    )


def _succeeds(command: list[str]) -> bool:
    done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return done.returncode == 0 or _exists()


def _exists() -> bool:
    """Another start may have made the account at the same moment."""
    return any(entry.pw_name == SERVICE for entry in pwd.getpwall())
