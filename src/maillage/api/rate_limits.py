"""Rate limit by client: a token bucket, refilled at an even rate, with the requests of one minute.

The buckets are in the memory of each process: the limit protects against runaway programs, and a counter in the
database, written by every request, would itself be the load it is to prevent.
"""

import hashlib
import threading
import time
from collections import OrderedDict

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse

_MAX_KEYS = 20_000


class RateLimiter:
    """A token bucket for each key: `per_minute` requests a minute, and at most as many at once."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str, now: float | None = None) -> int:
        """Count one request of a key. Returns 0, or the seconds to wait if the limit is reached.

        `now` is in seconds of `time.monotonic()`.
        """
        now = time.monotonic() if now is None else now
        with self._lock:
            left, since = self._left.pop(key, (float(self.per_minute), now))
            left = min(self.per_minute, left + (now - since) * self.per_minute / 60)
            allowed = left >= 1
            self._left[key] = (left - allowed, now)
            if len(self._left) > _MAX_KEYS:
                self._left.popitem(last=False)
        return 0 if allowed else max(1, round((1 - left) * 60 / self.per_minute))


class ClientKeys:
    """Keys for the rate limit: the IP address of a request, or its token once that has been valid.

    Programs behind one IP address do not share a limit, and sending a new invalid token each time does not avoid it.
    """

    def __init__(self) -> None:
        self._valid_tokens: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, request: HttpRequest) -> str:
        """The key of a request; empty if it has no IP address, and is then not limited."""
        token = _token_key(request)
        with self._lock:
            if token in self._valid_tokens:
                self._valid_tokens.move_to_end(token)
                return token
        # A request made in a shell or a test has no IP address.
        return str(get_adapter().get_client_ip(request)) if request.META.get("REMOTE_ADDR") else ""

    def learn(self, request: HttpRequest, response: HttpResponse) -> None:
        """Record whether the token of a request was valid; an address that reads no token changes nothing."""
        token = _token_key(request)
        with self._lock:
            if token and hasattr(request, "token_id"):
                self._valid_tokens[token] = None
            elif response.status_code == 401:
                self._valid_tokens.pop(token, None)
            if len(self._valid_tokens) > _MAX_KEYS:
                self._valid_tokens.popitem(last=False)


def _token_key(request: HttpRequest) -> str:
    header = request.headers.get("Authorization", "")
    return hashlib.sha256(header.encode()).hexdigest() if header else ""
