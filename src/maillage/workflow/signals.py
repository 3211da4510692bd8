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

from maillage.core.registers import Register, qualified_name
from maillage.workflow.guards import TransitionContext


@dataclass(frozen=True, slots=True)
class CaseNotice:
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


Preparation = Callable[[TransitionContext], None]
# By "process.transition > function".
TRANSITION_PREPARATIONS: Register[tuple[str, Preparation]] = Register("transition preparations")


def before_transition(process: str, *transitions: str) -> Callable[[Preparation], Preparation]:
    """Run a function each time one of these transitions of a process is fired."""

    def register(function: Preparation) -> Preparation:
        for transition in transitions:
            place = f"{process}.{transition}"
            TRANSITION_PREPARATIONS[f"{place} > {qualified_name(function)}"] = (place, function)
        return function

    return register


def run_preparations(situation: TransitionContext, transition: str) -> None:
    """Run what rooms do at a transition of a case."""
    wanted = f"{situation.case.definition.name}.{transition}"
    for place, function in TRANSITION_PREPARATIONS.values():
        if place == wanted:
            function(situation)


NoticeListener = Callable[[CaseNotice], None]
NOTICE_LISTENERS: Register[NoticeListener] = Register("case notice listeners")


def add_notice_listener(listener: NoticeListener) -> NoticeListener:
    """Have `listener` told of every notice from now on; once, however often this is called."""
    NOTICE_LISTENERS[qualified_name(listener)] = listener
    return listener


def send_case_notice(notice: CaseNotice) -> None:
    """Tell every listener."""
    for listener in NOTICE_LISTENERS.values():
        listener(notice)
