"""How rooms take part in processes. Whoever delivers the notices that processes send listens:

    listen(keep_notice)          # def keep_notice(notice: Notice) -> None

A room does what belongs to a transition of its process, however that is fired, after its guards and before the case is
in its new state and anybody is told:

    @prepares("need", "escalate")
    def draw_in_the_network(situation: Situation) -> None: …

Both run in the transaction of the transition: what they write stays or falls with it.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from maillage.kernel.processes.guards import Situation


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


Preparation = Callable[[Situation], None]
_PREPARATIONS: dict[tuple[str, str], list[Preparation]] = {}


def prepares(process: str, *transitions: str) -> Callable[[Preparation], Preparation]:
    """Run a function each time one of these transitions of a process is fired."""

    def register(function: Preparation) -> Preparation:
        for transition in transitions:
            _PREPARATIONS.setdefault((process, transition), []).append(function)
        return function

    return register


def prepare(situation: Situation, transition: str) -> None:
    """Run what rooms do at a transition of a case."""
    for function in _PREPARATIONS.get((situation.case.definition.name, transition), []):
        function(situation)


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
