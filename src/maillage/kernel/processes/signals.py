"""Notices that processes send. Whoever delivers them listens:

    listen(keep_notice)          # def keep_notice(notice: Notice) -> None

A listener runs in the transaction of what it tells: what it writes stays or falls with it.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell to the holders of `roles` (for one of `organisations`, where a mandate gives the role).

    `name` is that of the definition, or `reminder`; `offset` are then the working days from the end of the delay,
    negative before it. `actor_id` is the person who acted, if one did.
    """

    name: str
    process: str
    case_id: int
    title: str
    state: str
    roles: tuple[str, ...]
    organisations: tuple[int, ...]
    at: dt.datetime
    due_at: dt.datetime | None = None
    offset: int | None = None
    reason: str = ""
    actor_id: int | None = None


Listener = Callable[[Notice], None]
_LISTENERS: list[Listener] = []


def listen(listener: Listener) -> Listener:
    """Have `listener` told of every notice from now on; once, however often this is called."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)
    return listener


def forget(listener: Listener) -> None:
    """Tell `listener` no more."""
    _LISTENERS.remove(listener)


def emit(notice: Notice) -> None:
    """Tell every listener."""
    for listener in _LISTENERS:
        listener(notice)
