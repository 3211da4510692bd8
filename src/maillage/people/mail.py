"""Mail settings: the server of MAILLAGE_SMTP_URL, else the folder `mail` of the data.

Imported by the settings, so this module must not read them when it is imported.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.mail.backends.filebased import EmailBackend

from maillage.errors import MaillageError

_PORTS = {"smtp": 587, "smtps": 465}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Values of Django's EMAIL_… settings."""

    backend: str
    folder: str
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    ssl: bool = False
    starttls: bool = False


def mail_settings(url: str, data: Path) -> MailSettings:
    """The settings of `smtp://user:password@host:port` or `smtps://…`; of an empty address, those of the folder.

    A password is never sent in the clear: `smtp://` to another machine uses STARTTLS. Raises `MaillageError` for an
    invalid address.
    """
    folder = str(data / "mail")
    if not url:
        return MailSettings("maillage.people.mail.FolderBackend", folder)
    host, port, user, password, scheme = _parts(url)
    return MailSettings(
        "django.core.mail.backends.smtp.EmailBackend",
        folder,
        host=host,
        port=port,
        user=user,
        password=password,
        ssl=scheme == "smtps",
        starttls=scheme == "smtp" and bool(password) and host not in _LOOPBACK,
    )


def _parts(url: str) -> tuple[str, int, str, str, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _invalid_address() from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise _invalid_address()
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return parts.hostname, port or _PORTS[parts.scheme], user, password, parts.scheme


def _invalid_address() -> MaillageError:
    # The address is not repeated: it may hold a password.
    return MaillageError(
        "MAILLAGE_SMTP_URL is not the address of a mail server.",
        "Write it as smtp://user:password@host:587 or smtps://user:password@host:465, odd characters as %40.",
    )


def default_sender(site_url: str) -> str:
    """The default sender of mails: `maillage@` and the host of the site."""
    host = urlsplit(site_url).hostname or "localhost"
    return f"Maillage <maillage@{host if any(letter.isalpha() for letter in host) else 'maillage.localhost'}>"


class FolderBackend(EmailBackend):
    """Writes each mail to a folder that other accounts cannot read, since a mail may hold a sign-in link."""

    # Any: the options of the backend of Django, given on as they came.
    def __init__(self, *, file_path: str | None = None, **more: Any) -> None:
        from django.conf import settings

        folder = Path(file_path or settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(file_path=str(folder), **more)
