"""The data folder, the settings of the database and the secret key. Imported at every start: no heavy imports."""

import errno
import hashlib
import os
import secrets
import stat
from pathlib import Path
from typing import Any

from maillage.errors import MaillageError
from maillage.language import N_, os_error_reason
from maillage.language import gettext as _

DATABASE = "maillage"
ROLE = "maillage"
PORT = 5432
# The longest path of a Unix socket, in bytes: the smallest limit of the supported systems.
SOCKET_LIMIT = 104
ANOTHER_FOLDER_REMEDY = N_("Choose another folder with --data DIR, or with the variable MAILLAGE_DATA.")


def data_folder() -> Path:
    """The folder of MAILLAGE_DATA (which --data sets), or the default for the current account."""
    chosen = os.environ.get("MAILLAGE_DATA")
    if chosen:
        return Path(os.path.abspath(os.path.expanduser(chosen)))
    return _default_folder()


def _default_folder() -> Path:
    if os.geteuid() == 0:
        return Path("/var/lib/maillage")
    import platformdirs

    return Path(platformdirs.user_data_path("maillage", appauthor=False))


def ensure_folder(folder: Path) -> Path:
    """Create the data folder if it is missing. Raises `MaillageError` if it cannot be written."""
    try:
        if not folder.is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o755 if os.geteuid() == 0 else 0o700, exist_ok=True)
    except OSError as error:
        raise unusable_path_problem(folder, error) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise MaillageError(
            _("The data folder %(folder)s cannot be written by this account.") % {"folder": folder},
            _(ANOTHER_FOLDER_REMEDY),
        )
    if os.geteuid() == 0:
        _refuse_foreign_owner(folder)
    return folder


def _refuse_foreign_owner(folder: Path) -> None:
    """Raise `MaillageError` if root would write into the folder of another account, which could not use the files."""
    owner = folder.stat().st_uid
    if owner != 0:
        raise MaillageError(
            _("The data folder %(folder)s belongs to the account number %(owner)d, and you are root.")
            % {"folder": folder, "owner": owner},
            _("Start Maillage from that account (runuser, sudo -u), or take the folder over: chown root %(folder)s")
            % {"folder": folder},
        )


def unusable_path_problem(place: Path, error: OSError) -> MaillageError:
    """The error for a path in the data folder that cannot be used, with its reason and remedy."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return MaillageError(
            _("The disk that holds %(place)s is full.") % {"place": place},
            " ".join([_("Free some space, then start again."), _(ANOTHER_FOLDER_REMEDY)]),
        )
    what = _("The data folder cannot be used: %(place)s: %(reason)s.") % {
        "place": place,
        "reason": _(os_error_reason(error)),
    }
    return MaillageError(what, _(ANOTHER_FOLDER_REMEDY))


def cluster_folder(data: Path) -> Path:
    """The files of PostgreSQL itself."""
    return data / "postgres"


def socket_folder(data: Path) -> Path:
    """The folder of the server's socket; in /tmp if the path in the data folder would be too long."""
    folder = data / "run"
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) < SOCKET_LIMIT:
        return folder
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    # Every command must find the same folder, whatever its TMPDIR; `ensure_cluster` refuses a foreign one.
    return Path("/tmp") / f"maillage-{digest}"  # noqa: S108


def external_database_url() -> str | None:
    """The URL of an external PostgreSQL (DATABASE_URL), if set."""
    return os.environ.get("DATABASE_URL") or None


def database_settings(data: Path) -> dict[str, Any]:  # Any: each setting has its type
    """The settings of Django for the database, embedded or external."""
    url = external_database_url()
    server_settings = _external_settings(url) if url else _embedded_settings(data)
    return {
        "ENGINE": "django.db.backends.postgresql",
        # A connection outlives its request; the check lets the site survive a restart of the database.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        **server_settings,
    }


def _embedded_settings(data: Path) -> dict[str, object]:
    return {"NAME": DATABASE, "USER": ROLE, "HOST": str(socket_folder(data)), "PORT": str(PORT)}


def _external_settings(url: str) -> dict[str, object]:
    parts = _parse_url(url)
    name = parts.pop("dbname", None)
    if not name:
        raise MaillageError(
            _("DATABASE_URL names no database."), _("Write it as postgresql://role:password@host:5432/maillage")
        )
    settings: dict[str, object] = {"NAME": name}
    for parameter, key in (("user", "USER"), ("password", "PASSWORD"), ("host", "HOST"), ("port", "PORT")):
        settings[key] = str(parts.pop(parameter, "") or "")
    return {**settings, "OPTIONS": parts} if parts else settings


def _parse_url(url: str) -> dict[str, object]:
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    if not url.startswith(("postgresql://", "postgres://")):
        raise MaillageError(
            _("DATABASE_URL is not the address of a PostgreSQL."),
            _("It begins with postgresql:// , for example postgresql://role:password@host:5432/maillage"),
        )
    try:
        return dict(conninfo_to_dict(url))
    except (ProgrammingError, UnicodeError) as error:
        # The URL may hold a password, and the library may quote it: its message is not shown.
        raise MaillageError(
            _("DATABASE_URL cannot be read."),
            _("Characters with a meaning of their own, such as @ : / ? in a password, are written in percent form."),
        ) from error


def secret_key(data: Path) -> str:
    """The key that signs sessions and links: from MAILLAGE_SECRET_KEY, or created at first use in the data folder."""
    key = os.environ.get("MAILLAGE_SECRET_KEY")
    if key:
        return key
    file = ensure_folder(data) / "secret_key"
    try:
        return _read_key(file) or _make_key(file)
    except OSError as error:
        raise unusable_path_problem(file, error) from error


def _read_key(file: Path) -> str:
    try:
        key = file.read_text("ascii").strip()
    except FileNotFoundError:
        return ""
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        file.chmod(0o600)
    return key


def _make_key(file: Path) -> str:
    """Create the key atomically: two first starts at the same moment end with one key."""
    draft = file.with_name(f".secret_key.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
        out.write(secrets.token_urlsafe(64))
    try:
        if file.exists() and not file.read_text().strip():
            os.replace(draft, file)
        else:
            os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
    return file.read_text("ascii").strip()
