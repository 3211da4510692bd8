"""The system account that runs the server, since PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maillage.database.location import cluster_folder
from maillage.errors import MaillageError
from maillage.language import gettext as _

SERVICE_ACCOUNT = "maillage"


@dataclass(frozen=True)
class ServerAccount:
    """A system account; `is_other_user` if it is not the current one."""

    name: str
    uid: int
    gid: int
    is_other_user: bool

    def options(self) -> dict[str, Any]:  # Any: each argument has its type
        """Arguments of `subprocess.run` to run as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other_user else {}

    def take_ownership(self, path: Path) -> None:
        if self.is_other_user:
            os.chown(path, self.uid, self.gid)

    def can_access(self, path: Path, may: str = "-x") -> bool:
        """Whether this account may use a path: `may` is an option of `test`, `-x` or `-r`."""
        if not self.is_other_user:
            return os.access(path, os.X_OK if may == "-x" else os.R_OK)
        test = shutil.which("test") or "/usr/bin/test"
        return subprocess.run([test, may, str(path)], cwd="/", check=False, **self.options()).returncode == 0


def server_account(data: Path) -> ServerAccount:
    """The owner of an existing cluster; else the current account; for root, a service account.

    Raises `MaillageError` if the cluster belongs to another account, or no account is usable.
    """
    owner = _owner(cluster_folder(data))
    uid = os.geteuid()
    if uid != 0:
        if owner not in (None, uid):
            raise _foreign_owner_problem(data, owner or 0)
        return _account_of_entry(_passwd_entry(uid), is_other_user=False)
    if owner:
        return _account_of_entry(_passwd_entry(owner), is_other_user=True)
    return _account_of_entry(_service_passwd_entry(), is_other_user=True)


def _owner(folder: Path) -> int | None:
    try:
        return folder.stat().st_uid
    except OSError:
        return None


def _account_of_entry(entry: pwd.struct_passwd, *, is_other_user: bool) -> ServerAccount:
    return ServerAccount(entry.pw_name, entry.pw_uid, entry.pw_gid, is_other_user)


def _passwd_entry(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise MaillageError(
            _("The account number %(uid)d has no name on this machine, and PostgreSQL needs one.") % {"uid": uid},
            _("Add it to /etc/passwd, or start Maillage from an account that has a name."),
        ) from None


def _foreign_owner_problem(data: Path, owner: int) -> MaillageError:
    return MaillageError(
        _("The database in %(data)s belongs to the account %(owner)s.")
        % {"data": data, "owner": _passwd_entry(owner).pw_name},
        _("Start Maillage from that account or as root, or choose another folder with --data DIR."),
    )


def _service_passwd_entry() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SERVICE_ACCOUNT)
    except KeyError:
        _create_service_account()
    return pwd.getpwnam(SERVICE_ACCOUNT)


def _create_service_account() -> None:
    for command in (
        ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVICE_ACCOUNT],
        ["adduser", "-S", "-D", "-H", "-s", "/sbin/nologin", SERVICE_ACCOUNT],
    ):
        program = shutil.which(command[0], path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
        if program and _succeeds([program, *command[1:]]):
            return
    raise MaillageError(
        _("PostgreSQL refuses to run as root, and the account “%(name)s” could not be made to run it.")
        % {"name": SERVICE_ACCOUNT},
        _("Make a system account named %(name)s (useradd --system %(name)s), or start from an ordinary account.")
        % {"name": SERVICE_ACCOUNT},
    )


def _succeeds(command: list[str]) -> bool:
    process = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return process.returncode == 0 or _exists()


def _exists() -> bool:
    """Whether the account exists: another start may have created it at the same moment."""
    return any(entry.pw_name == SERVICE_ACCOUNT for entry in pwd.getpwall())
