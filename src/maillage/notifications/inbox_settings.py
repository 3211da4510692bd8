"""Settings of the mailbox whose mails the worker reads: MAILLAGE_INBOX.

Imported by the settings, so this module must not read them when it is imported.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from maillage.errors import MaillageError

_PORTS = {"imap": 143, "imaps": 993}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class InboxSettings:
    """A mailbox, and the address at which it gets answers, with `*` in the place of the token of a conversation."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    address: str
    encrypted: bool = True

    def address_with(self, token: str) -> str:
        """The address that brings a mail back to the conversation of a token."""
        return self.address.replace("*", token)


def inbox_settings(url: str) -> InboxSettings | None:
    """The mailbox of `imaps://user:password@host/folder`; `None` for an empty address.

    `?address=needs%2B*@example.org` gives the address of the mailbox where it is not that of the user; `*` is where a
    token is put, by default after a `+`. Without encryption only a mailbox of the same machine is read. Raises
    `MaillageError` for an invalid address.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _invalid_address() from None
    user, host = unquote(parts.username or ""), parts.hostname or ""
    address = parse_qs(parts.query).get("address", [user if "@" in user else f"{user}@{host}"])[0].lower()
    if "*" not in address:
        address = address.replace("@", "+*@")
    if parts.scheme not in _PORTS or not host or not user or not re.fullmatch(r"[^@\s]*\*[^@\s]*@[^@\s]+", address):
        raise _invalid_address()
    if parts.scheme == "imap" and host not in _LOOPBACK:
        raise _invalid_address()
    return InboxSettings(
        host=host,
        port=port or _PORTS[parts.scheme],
        user=user,
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        address=address,
        encrypted=parts.scheme == "imaps",
    )


def _invalid_address() -> MaillageError:
    # The address is not repeated: it may hold a password.
    return MaillageError(
        "MAILLAGE_INBOX is not the address of a mailbox.",
        "Write it as imaps://user:password@host/folder, odd characters as %40; imap:// is for this machine alone.",
    )
