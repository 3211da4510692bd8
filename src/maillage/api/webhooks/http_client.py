"""One message sent to one address, signed as the Standard Webhooks specification (standardwebhooks.com) has it.

Whoever registers an address must not make the site call its own network: the host must be public, and it is the address
looked up for that check that is called, so that a name that answers differently the second time gains nothing.
"""

import base64
import contextlib
import datetime as dt
import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import threading
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from django.conf import settings
from django.utils.translation import gettext as _

SECRET_PREFIX = "whsec_"  # noqa: S105 - what secrets of this kind begin with
_TIMEOUT = 10.0
_MAX_DURATION = 30.0
_PORTS = {"http": 80, "https": 443}
# What stays as it is in a path and a query (RFC 3986), with what is percent-encoded already.
_SAFE_CHARACTERS = "%/?:@!$&'()*+,;="


class UnreachableAddressError(OSError):
    """The address cannot be called, or may not be; the message says why."""


def signature(secret: str, key: str, moment: dt.datetime, body: str) -> str:
    """`v1,…`: HMAC-SHA256, in base64, over the identifier, the moment (seconds since 1970) and the body."""
    signed = f"{key}.{int(moment.timestamp())}.{body}".encode()
    made = hmac.new(base64.b64decode(secret.removeprefix(SECRET_PREFIX)), signed, hashlib.sha256)
    return f"v1,{base64.b64encode(made.digest()).decode()}"


def post_message(url: str, *, secret: str, key: str, moment: dt.datetime, body: str) -> int:
    """Post a message; the status answered. Redirects are not followed, and the answer's body is not read.

    Raises `UnreachableAddressError` for a host that may not be called, `OSError` or `HTTPException` for a failed call.
    """
    parts = parse_address(url)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Maillage",
        "webhook-id": key,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature(secret, key, moment, body),
    }
    connection = _PinnedConnection(parts, _public_ip_address(parts))
    # A host that answers drop by drop would otherwise hold the worker for as long as it likes.
    watch = threading.Timer(_MAX_DURATION, connection.cut)
    watch.start()
    try:
        connection.request(
            "POST", f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", body.encode(), headers
        )
        return connection.getresponse().status
    finally:
        watch.cancel()
        connection.close()


def parse_address(url: str) -> SplitResult:
    """The parts of an address that may be called. Raises `UnreachableAddressError` for any other, whoever asks."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise UnreachableAddressError(_("This address cannot be read.")) from error
    if not host or parts.username or parts.password:
        raise UnreachableAddressError(_("Give an address with a host, and without a name or a password."))
    if parts.scheme != "https" and not (parts.scheme == "http" and host in settings.WEBHOOK_HOSTS):
        raise UnreachableAddressError(_("Give an address that begins with https://."))
    return parts


def normalised_address(url: str) -> str:
    """An address as it is sent: letters beyond ASCII as IDNA (RFC 3490) and percent-encoded (RFC 3986), no fragment.

    Raises `UnreachableAddressError` for one that may not be called.
    """
    parts = parse_address(url)
    try:
        host = (parts.hostname or "").encode("idna").decode()
    except UnicodeError as error:
        raise UnreachableAddressError(_("This address cannot be read.")) from error
    place = (f"[{host}]" if ":" in host else host) + (f":{parts.port}" if parts.port else "")
    return urlunsplit(
        (parts.scheme, place, quote(parts.path, _SAFE_CHARACTERS), quote(parts.query, _SAFE_CHARACTERS), "")
    )


def _public_ip_address(parts: SplitResult) -> tuple[str, int]:
    """The address and port to call. Raises `UnreachableAddressError` for an unknown host or a network not public.

    The message does not say which of the two, since it would reveal the names of the inner network.
    """
    host = parts.hostname or ""
    port = parts.port or _PORTS[parts.scheme]
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError:
        found = []
    public = all(ipaddress.ip_address(one).is_global for one in found)
    if not found or not (public or host in settings.WEBHOOK_HOSTS):
        raise UnreachableAddressError(_("The public network has no host %s.") % host)
    return found[0], port


class _PinnedConnection(http.client.HTTPConnection):
    """A connection to an address already looked up, which answers to the host of the URL."""

    def __init__(self, parts: SplitResult, address: tuple[str, int]) -> None:
        super().__init__(parts.hostname or "", parts.port or _PORTS[parts.scheme], timeout=_TIMEOUT)
        self._secure, self._found = parts.scheme == "https", address
        self.default_port = _PORTS[parts.scheme]

    def connect(self) -> None:
        plain = socket.create_connection(self._found, _TIMEOUT)
        context = ssl.create_default_context() if self._secure else None
        self.sock = context.wrap_socket(plain, server_hostname=self.host) if context else plain

    def cut(self) -> None:
        """End the call, whatever it waits for."""
        with contextlib.suppress(OSError):
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)
