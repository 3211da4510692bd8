"""Telling those who act for bodies."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.utils import timezone

from maillage.kernel.actors import Actor
from maillage.kernel.notices.kinds import Kind
from maillage.kernel.notices.writing import Words, notify
from maillage.people.queries import holders


def tell_holders(
    *,
    at: dt.datetime,
    kind: Kind,
    roles: Iterable[str],
    bodies: Iterable[int],
    words: Callable[[], Words],
    by: Actor | None = None,
) -> None:
    """Tell those who hold one of the roles for the bodies (ids) on the day of `at`, but not who did it themselves."""
    persons = holders(roles, bodies, timezone.localdate(at))
    notify(at=at, kind=kind, persons=persons - {by.user_id or 0} if by else persons, words=words)
