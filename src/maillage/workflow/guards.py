"""Guards: named conditions of a transition. A room registers its own; a definition names them.

@guard("with-reason", title=_("a reason is given"), remedy=_("Say why."))
def with_reason(context: TransitionContext) -> bool:
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from maillage.core.actors import Actor
from maillage.core.registers import Register

if TYPE_CHECKING:
    from maillage.workflow.models import Case


@dataclass(frozen=True, slots=True)
class TransitionContext:
    """What a guard reads: the case, and who applies the transition, when and why."""

    case: "Case"
    actor: Actor
    at: dt.datetime
    reason: str


GuardTest = Callable[[TransitionContext], bool]


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition: its title (`a reason is given`), what to do where it does not hold, and its test.

    With `on_record_page`, the transition is not offered on the page of the case but done on that of its record.
    """

    name: str
    title: str | Promise
    remedy: str | Promise
    holds: GuardTest
    on_record_page: bool = False


GUARDS: Register[Guard] = Register("guards")


def guard(
    name: str, *, title: str | Promise, remedy: str | Promise, on_record_page: bool = False
) -> Callable[[GuardTest], GuardTest]:
    """Register a function as the guard of that name. Raises `ValueError` where the name is taken."""

    def register(test: GuardTest) -> GuardTest:
        if name in GUARDS:
            raise ValueError(f"There is a guard “{name}” already.")
        GUARDS[name] = Guard(name, title, remedy, test, on_record_page)
        return test

    return register


@guard("with-reason", title=_("a reason is given"), remedy=_("Say why."))
def _with_reason(context: TransitionContext) -> bool:
    return bool(context.reason.strip())


@guard(
    "by-another-person",
    title=_("another person than the one who opened it"),
    remedy=_("Ask another person: whoever opens a case does not decide on it."),
)
def _by_another_person(context: TransitionContext) -> bool:
    opener = context.case.opened_by
    return opener is None or opener != context.actor.user_id
