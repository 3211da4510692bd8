"""Send a message to a webhook, signed by the Standard Webhooks specification (standardwebhooks.com).

A webhook must not make the site call its own network (SSRF): the host must be public, and the connection goes to the IP
address that was checked, so that a second DNS answer cannot change it.
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
    mac = hmac.new(base64.b64decode(secret.removeprefix(SECRET_PREFIX)), signed, hashlib.sha256)
    return f"v1,{base64.b64encode(mac.digest()).decode()}"


def post_message(url: str, *, secret: str, key: str, moment: dt.datetime, body: str) -> int:
    """Post a message; returns the HTTP status. Redirects are not followed, and the content of the response is not read.

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
    # The timeout of a socket does not limit a host that answers byte by byte: this limits the whole call.
    time_limit = threading.Timer(_MAX_DURATION, connection.cut)
    time_limit.start()
    try:
        connection.request(
            "POST", f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", body.encode(), headers
        )
        return connection.getresponse().status
    finally:
        time_limit.cancel()
        connection.close()


def parse_address(url: str) -> SplitResult:
    """The parts of a URL. Raises `UnreachableAddressError` if it may not be called: no https, no host, a password."""
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
    """The URL in ASCII: host in IDNA (RFC 3490), path and query percent-encoded (RFC 3986), no fragment.

    Raises `UnreachableAddressError` if it may not be called.
    """
    parts = parse_address(url)
    try:
        host = (parts.hostname or "").encode("idna").decode()
    except UnicodeError as error:
        raise UnreachableAddressError(_("This address cannot be read.")) from error
    network_location = (f"[{host}]" if ":" in host else host) + (f":{parts.port}" if parts.port else "")
    return urlunsplit(
        (parts.scheme, network_location, quote(parts.path, _SAFE_CHARACTERS), quote(parts.query, _SAFE_CHARACTERS), "")
    )


def _public_ip_address(parts: SplitResult) -> tuple[str, int]:
    """The IP address and port to call. Raises `UnreachableAddressError` for a host that is unknown or not public.

    The message does not say which of the two, since that would reveal host names of the internal network.
    """
    host = parts.hostname or ""
    port = parts.port or _PORTS[parts.scheme]
    try:
        ip_addresses = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError:
        ip_addresses = []
    all_public = all(ipaddress.ip_address(ip_address).is_global for ip_address in ip_addresses)
    if not ip_addresses or not (all_public or host in settings.WEBHOOK_HOSTS):
        raise UnreachableAddressError(_("The public network has no host %s.") % host)
    return ip_addresses[0], port


class _PinnedConnection(http.client.HTTPConnection):
    """A connection to a checked IP address; the certificate is verified for the host of the URL."""

    def __init__(self, parts: SplitResult, address: tuple[str, int]) -> None:
        super().__init__(parts.hostname or "", parts.port or _PORTS[parts.scheme], timeout=_TIMEOUT)
        self._secure, self._address = parts.scheme == "https", address
        self.default_port = _PORTS[parts.scheme]

    def connect(self) -> None:
        plain_socket = socket.create_connection(self._address, _TIMEOUT)
        context = ssl.create_default_context() if self._secure else None
        self.sock = context.wrap_socket(plain_socket, server_hostname=self.host) if context else plain_socket

    def cut(self) -> None:
        """Close the socket from another thread, to end the call."""
        with contextlib.suppress(OSError):
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)
