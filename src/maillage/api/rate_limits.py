"""How often one client may ask: a bucket for each, which fills at an even rate and holds the requests of a minute.

Kept in the memory of each process of the site: it is there to keep a runaway program from taking what all share, and a
count that every request would have to write to the database would itself be the load it is to prevent.
"""

import hashlib
import threading
import time
from collections import OrderedDict

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse

_MAX_KEYS = 20_000


class RateLimiter:
    """At most `per_minute` requests a minute for each key; more at once only from what was not used before."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str, now: float | None = None) -> int:
        """Take one request of a key; the seconds to wait where none is left, else 0."""
        now = time.monotonic() if now is None else now
        with self._lock:
            left, since = self._left.pop(key, (float(self.per_minute), now))
            left = min(self.per_minute, left + (now - since) * self.per_minute / 60)
            taken = left >= 1
            self._left[key] = (left - taken, now)
            if len(self._left) > _MAX_KEYS:
                self._left.popitem(last=False)
        return 0 if taken else max(1, round((1 - left) * 60 / self.per_minute))


class ClientKeys:
    """Whom to count: the address a request comes from, or its token once that has proved good.

    So programs behind one address do not share, and who sends another token each time gains nothing by it.
    """

    def __init__(self) -> None:
        self._proved: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, request: HttpRequest) -> str:
        """The key to count a request by."""
        token = _token_key(request)
        with self._lock:
            if token in self._proved:
                self._proved.move_to_end(token)
                return token
        # A request that came by no network, as in a shell, is nobody's.
        return str(get_adapter().get_client_ip(request)) if request.META.get("REMOTE_ADDR") else ""

    def learn(self, request: HttpRequest, response: HttpResponse) -> None:
        """Note whether the token of a request proved good; some addresses ask for none, and tell nothing of it."""
        token = _token_key(request)
        with self._lock:
            if token and hasattr(request, "token_id"):
                self._proved[token] = None
            elif response.status_code == 401:
                self._proved.pop(token, None)
            if len(self._proved) > _MAX_KEYS:
                self._proved.popitem(last=False)


def _token_key(request: HttpRequest) -> str:
    header = request.headers.get("Authorization", "")
    return hashlib.sha256(header.encode()).hexdigest() if header else ""
