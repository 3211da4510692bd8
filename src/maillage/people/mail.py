"""Where the site's mails go: to an SMTP server, or into a folder of the data until one is named."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from maillage.database.problems import Problem

_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
_TIMEOUT = 15


def mail_settings(environment: Mapping[str, str], data: Path, site: str) -> dict[str, Any]:
    """Django's settings of mail, from MAILLAGE_SMTP_URL and MAILLAGE_MAIL_FROM.

    The address is `smtp://user:password@host:port`; `smtp+tls://` asks for STARTTLS, `smtps://` speaks TLS from the
    first byte. Without it each mail is written to a file in `mail/` of the data folder. Raises `Problem` on any other.
    """
    host = urlsplit(site).hostname or "localhost"
    sender = {"DEFAULT_FROM_EMAIL": environment.get("MAILLAGE_MAIL_FROM", f"Maillage <maillage@{host}>")}
    url = environment.get("MAILLAGE_SMTP_URL", "")
    return sender | (_server(url) if url else _folder(data / "mail"))


def _folder(folder: Path) -> dict[str, Any]:
    return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": folder}


def _server(url: str) -> dict[str, Any]:
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise _unreadable() from None
    if not parts.hostname:
        raise _unreadable()
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": _TIMEOUT,
    }


def _unreadable() -> Problem:
    # The address is not repeated: it may hold a password.
    return Problem(
        "MAILLAGE_SMTP_URL is not the address of a mail server.",
        "Write it as smtp://user:password@host:port, with smtp+tls:// for STARTTLS or smtps:// for TLS.",
    )
