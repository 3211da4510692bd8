"""Guards: named conditions of a transition. A room registers its own; a definition names them.

@guard("with-reason", title=_("a reason is given"), remedy=_("Say why."))
def with_reason(situation: Situation) -> bool:
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
    """What a guard judges: a case, and who wants to take it on, when and why."""

    case: "Case"
    actor: Actor
    at: dt.datetime
    reason: str


GuardTest = Callable[[TransitionContext], bool]


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition in words (`a reason is given`), what to do where it does not hold, and its test.

    `on_record_page` says that it is brought about on the page of the record, from which the case then moves on.
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
    """Register a condition. Raises `ValueError` where another has the name."""

    def register(test: GuardTest) -> GuardTest:
        if name in GUARDS:
            raise ValueError(f"There is a guard “{name}” already.")
        GUARDS[name] = Guard(name, title, remedy, test, on_record_page)
        return test

    return register


@guard("with-reason", title=_("a reason is given"), remedy=_("Say why."))
def _with_reason(situation: TransitionContext) -> bool:
    return bool(situation.reason.strip())


@guard(
    "by-another-person",
    title=_("another person than the one who opened it"),
    remedy=_("Ask another person: whoever opens a case does not decide on it."),
)
def _by_another_person(situation: TransitionContext) -> bool:
    opener = situation.case.opened_by
    return opener is None or opener != situation.actor.user_id
