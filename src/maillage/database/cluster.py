"""Create the cluster: the files of PostgreSQL, the role of the site, and its database."""

import os
import shutil
import subprocess
from pathlib import Path

from maillage.database.account import ServerAccount, server_account
from maillage.database.location import (
    DATABASE,
    ROLE,
    cluster_folder,
    ensure_folder,
    socket_folder,
    unusable_path_problem,
)
from maillage.database.postgres_programs import POSTGRES_MAJOR_VERSION, postgres_environment, server_programs
from maillage.errors import MaillageError
from maillage.language import N_
from maillage.language import gettext as _

SUPERUSER = "postgres"
SERVER_SETTINGS = {
    "shared_buffers": "256MB",
    "max_connections": "60",
    "jit": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    # Checkpoints every five minutes would fill the log.
    "log_checkpoints": "off",
}


_FREE_SPACE = N_("Free some space, then start again.")
# Text in the output of PostgreSQL, its meaning, and the remedy.
_KNOWN_ERRORS = (
    ("No space left on device", N_("The disk that holds %(place)s is full."), _FREE_SPACE),
    ("Disk quota exceeded", N_("The quota of the disk that holds %(place)s is reached."), _FREE_SPACE),
    ("Permission denied", N_("PostgreSQL was refused a file in %(place)s."), N_("Give the folder to its account.")),
    ("shared memory", N_("PostgreSQL found too little shared memory."), N_("Close programs, or enlarge /dev/shm.")),
)


def ensure_cluster(data: Path, *, may_create_databases: bool = False) -> ServerAccount:
    """Create the cluster at the first start; check at each start that it can be used.

    Raises `MaillageError` if it cannot. Returns the account that runs the server.
    """
    ensure_folder(data)
    account = server_account(data)
    _open_data_folder(data, account)
    _private_folder(socket_folder(data), account)
    if (cluster_folder(data) / "PG_VERSION").exists():
        _check_version(data)
    else:
        _create_cluster(data, account, may_create_databases=may_create_databases)
    _write_access_files(data, account)
    return account


def _open_data_folder(data: Path, account: ServerAccount) -> None:
    """Open the data folder to the server's account; the folders above it are not changed."""
    if not account.is_other_user:
        return
    mode = data.stat().st_mode
    if data.stat().st_uid == 0 and not mode & 0o001:
        data.chmod(mode & 0o7777 | 0o001)
    if not account.can_access(data):
        raise MaillageError(
            _("The account %(account)s, which runs PostgreSQL, cannot reach %(data)s: a folder above it is closed.")
            % {"account": account.name, "data": data},
            _("Choose a folder in an open place with --data DIR (the usual one is /var/lib/maillage)."),
        )


def _private_folder(folder: Path, account: ServerAccount) -> None:
    """Create the folder of the socket, closed to other accounts; refuse a folder that another account created."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
        if folder.is_symlink() or status.st_uid not in (account.uid, os.geteuid()):
            raise MaillageError(
                _("The folder %(folder)s belongs to another account.") % {"folder": folder},
                _("Remove it: rm -r %(folder)s") % {"folder": folder},
            )
        folder.chmod(0o700)
        account.take_ownership(folder)
    except OSError as error:
        raise unusable_path_problem(folder, error) from error


def _check_version(data: Path) -> None:
    version = (cluster_folder(data) / "PG_VERSION").read_text().strip()
    if version != str(POSTGRES_MAJOR_VERSION):
        raise MaillageError(
            _("The database in %(data)s was written by PostgreSQL %(found)s; this Maillage brings PostgreSQL %(own)d.")
            % {"data": data, "found": version, "own": POSTGRES_MAJOR_VERSION},
            _(
                "Save it with the Maillage that wrote it (pg_dump of version %(found)s) and restore it into a new"
                " folder, given with --data DIR."
            )
            % {"found": version},
        )


def _create_cluster(data: Path, account: ServerAccount, *, may_create_databases: bool) -> None:
    """Create the cluster in a draft folder and rename it at the end, so that an interruption leaves nothing partial."""
    draft = data / "postgres.new"
    target = cluster_folder(data)
    if target.exists() and any(target.iterdir()):
        raise MaillageError(
            _("%(folder)s is not empty, yet holds no database.") % {"folder": target},
            _("Move it away, or use another --data DIR."),
        )
    shutil.rmtree(draft, ignore_errors=True)
    try:
        draft.mkdir(mode=0o700)
        account.take_ownership(draft)
        programs = server_programs(data, account)
        _initialise(programs, draft, account, synced=not may_create_databases)
        _make_role(programs, draft, account, may_create_databases=may_create_databases)
        draft.replace(target)
    except OSError as error:
        raise unusable_path_problem(draft, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _initialise(programs: Path, draft: Path, account: ServerAccount, *, synced: bool) -> None:
    command = [str(programs / "initdb"), "-D", str(draft), "-U", SUPERUSER, "--encoding=UTF8", "--auth=peer"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    command += [f"--set={name}={value}" for name, value in SERVER_SETTINGS.items()]
    _run(command if synced else [*command, "--no-sync"], draft, account)


def _make_role(programs: Path, draft: Path, account: ServerAccount, *, may_create_databases: bool) -> None:
    """Create the role and the database in single-user mode, so that no superuser ever connects to a running server."""
    right = "CREATEDB" if may_create_databases else "NOCREATEDB"
    script = (
        f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {right}\n"
        f"CREATE DATABASE {DATABASE} OWNER {ROLE}\n"
        f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC\n"
    )
    command = [str(programs / "postgres"), "--single", "-D", str(draft), "-c", "exit_on_error=on"]
    _run([*command, SUPERUSER], draft, account, script)


def _run(command: list[str], draft: Path, account: ServerAccount, script: str = "") -> None:
    process = subprocess.run(
        command,
        check=False,
        input=script,
        capture_output=True,
        text=True,
        errors="replace",
        cwd=draft,
        env=postgres_environment(),
        **account.options(),
    )
    if process.returncode:
        what = _("%(program)s failed") % {"program": Path(command[0]).name}
        raise problem_from_output(process.stdout + process.stderr, draft.parent, what)


def problem_from_output(text: str, data: Path, what: str) -> MaillageError:
    """The error for the output `text` of PostgreSQL; `what` is used if its meaning is unknown."""
    for pattern, meaning, remedy in _KNOWN_ERRORS:
        if pattern in text:
            return MaillageError(_(meaning) % {"place": data}, _(remedy))
    lines = [line for line in text.splitlines() if line.strip()]
    error_lines = [line for line in lines if "FATAL" in line or "PANIC" in line or "error:" in line] or lines
    return MaillageError(
        _("%(what)s: %(reason)s") % {"what": what, "reason": " | ".join(error_lines[-2:]) or _("no reason given")},
        _("The data folder is %(data)s.") % {"data": data},
    )


def _write_access_files(data: Path, account: ServerAccount) -> None:
    """Let only the server's account, root and the account that starts it connect (peer authentication)."""
    import pwd

    names = {account.name, "root", pwd.getpwuid(os.geteuid()).pw_name}
    pairs = [f'maillage "{name}" {role}\n' for name in sorted(names) for role in (ROLE, SUPERUSER)]
    _write(data / "access.conf", "local all all peer map=maillage\n")
    _write(data / "accounts.conf", "".join(pairs))


def _write(file: Path, text: str) -> None:
    try:
        if file.exists() and file.read_text() == text:
            return
        draft = file.with_suffix(f".{os.getpid()}")
        draft.write_text(text)
        draft.chmod(0o644)
        draft.replace(file)
    except OSError as error:
        raise unusable_path_problem(file, error) from error
