"""How rooms take part in processes.

A listener gets every notice that a process sends:

    add_notice_listener(save_notice)          # def save_notice(notice: CaseNotice) -> None

A preparation runs at a transition of a process, after its guards, before the case is in its new state and before
notices are sent:

    @before_transition("need", "escalate")
    def add_network(context: TransitionContext) -> None: …

Both run in the transaction of the transition, and are rolled back with it.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from maillage.core.registers import Register, qualified_name
from maillage.workflow.guards import TransitionContext


@dataclass(frozen=True, slots=True)
class CaseNotice:
    """A notice to the holders of `roles` (for one of `organisations`, where a mandate gives the role).

    `name` is that of the definition, or `reminder`; then `offset` is the number of working days from the end of the
    delay, negative before it. `actor_id` is the user who acted, if any.
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
# Keys are "process.transition > function".
TRANSITION_PREPARATIONS: Register[tuple[str, Preparation]] = Register("transition preparations")


def before_transition(process: str, *transitions: str) -> Callable[[Preparation], Preparation]:
    """Run a function each time one of these transitions of a process is applied, before the state changes."""

    def register(function: Preparation) -> Preparation:
        for transition in transitions:
            place = f"{process}.{transition}"
            TRANSITION_PREPARATIONS[f"{place} > {qualified_name(function)}"] = (place, function)
        return function

    return register


def run_preparations(situation: TransitionContext, transition: str) -> None:
    """Run the preparations that rooms registered for a transition of a case."""
    current = f"{situation.case.definition.name}.{transition}"
    for place, function in TRANSITION_PREPARATIONS.values():
        if place == current:
            function(situation)


NoticeListener = Callable[[CaseNotice], None]
NOTICE_LISTENERS: Register[NoticeListener] = Register("case notice listeners")


def add_notice_listener(listener: NoticeListener) -> NoticeListener:
    """Call `listener` with every notice from now on; registering it again has no effect."""
    NOTICE_LISTENERS[qualified_name(listener)] = listener
    return listener


# The subject of a notice by its name in the definition, with `%s` for the title of the case.
NOTICE_SUBJECTS: Register[str | Promise] = Register("subjects of case notices")


def register_notice_subjects(subjects: Mapping[str, str | Promise]) -> None:
    """Say what happened in the subject of notices: `{"need-received": _("New need: %s")}`."""
    for name, subject in subjects.items():
        NOTICE_SUBJECTS[name] = subject


def send_case_notice(notice: CaseNotice) -> None:
    """Call every listener with the notice."""
    for listener in NOTICE_LISTENERS.values():
        listener(notice)
