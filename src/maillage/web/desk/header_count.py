"""The number of rows that the header of every page says, kept for a minute for each reader.

The desk is read over all mandates and rooms, which takes longer than most pages. What the reader sends changes it at
once, and the desk itself is always read anew. It is not kept in the session: a page that takes long would save the
session as it was before the reader chose another mandate.
"""

import datetime as dt
from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from maillage.desk.queries import WaitingCount, count_waiting, desk_rows
from maillage.people.models import User

_KEPT_SECONDS = 60

GetResponse = Callable[[HttpRequest], HttpResponse]


class DeskCountMiddleware:
    """Forget the number once the reader has sent something."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "GET" and isinstance(request.user, User):
            cache.delete(_key(request.user))
        return response


def waiting_count(request: HttpRequest) -> WaitingCount:
    """What waits for the reader; nothing for the public and when a past state is read."""
    reading, user = getattr(request, "as_of", None), request.user
    if not isinstance(user, User) or reading is None or reading.known:
        return WaitingCount()
    kept: WaitingCount | None = cache.get(_key(user))
    return kept or keep_count(user, _count(user, timezone.now()))


def keep_count(user: User, count: WaitingCount) -> WaitingCount:
    """Keep the number of a desk that was just read; returns it."""
    cache.set(_key(user), count, _KEPT_SECONDS)
    return count


def _key(user: User) -> str:
    return f"desk-count-{user.pk}"


def _count(user: User, at: dt.datetime) -> WaitingCount:
    return count_waiting(desk_rows(user, at), user.pk, timezone.localdate(at))
