"""The number of rows that the header of every page says, kept for a minute in the session of its reader.

The desk is read over all mandates and rooms, which takes longer than most pages. What the reader sends changes it at
once, and the desk itself is always read anew.
"""

import datetime as dt
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from maillage.desk.queries import WaitingCount, count_waiting, desk_rows
from maillage.people.models import User

_SESSION_KEY = "desk_count"
_KEPT_SECONDS = 60

GetResponse = Callable[[HttpRequest], HttpResponse]


class DeskCountMiddleware:
    """Forget the number once the reader has sent something."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "GET" and _SESSION_KEY in request.session:
            del request.session[_SESSION_KEY]
        return response


def waiting_count(request: HttpRequest) -> WaitingCount:
    """What waits for the reader; nothing for the public and when a past state is read."""
    reading = getattr(request, "as_of", None)
    if not isinstance(request.user, User) or reading is None or reading.known:
        return WaitingCount()
    now = timezone.now()
    return _kept_count(request, now) or keep_count(request, _count(request.user, now), now)


def keep_count(request: HttpRequest, count: WaitingCount, at: dt.datetime) -> WaitingCount:
    """Keep the number of a desk that was read at a moment; returns it."""
    request.session[_SESSION_KEY] = [count.count, count.overdue, at.timestamp(), request.user.pk]
    return count


def _kept_count(request: HttpRequest, at: dt.datetime) -> WaitingCount | None:
    kept = request.session.get(_SESSION_KEY)
    if not kept or kept[3] != request.user.pk or not 0 <= at.timestamp() - kept[2] < _KEPT_SECONDS:
        return None
    return WaitingCount(kept[0], kept[1])


def _count(user: User, at: dt.datetime) -> WaitingCount:
    return count_waiting(desk_rows(user, at), user.pk, timezone.localdate(at))
