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

from maillage.kernel.actors import Actor

if TYPE_CHECKING:
    from maillage.kernel.processes.models import Case


@dataclass(frozen=True, slots=True)
class Situation:
    """What a guard judges: a case, and who wants to take it on, when and why."""

    case: "Case"
    actor: Actor
    at: dt.datetime
    reason: str


Test = Callable[[Situation], bool]


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition in words (`a reason is given`), what to do where it does not hold, and its test.

    `elsewhere` says that it is brought about on the page of the record, from which the case then moves on.
    """

    name: str
    title: str | Promise
    remedy: str | Promise
    holds: Test
    elsewhere: bool = False


GUARDS: dict[str, Guard] = {}


def guard(name: str, *, title: str | Promise, remedy: str | Promise, elsewhere: bool = False) -> Callable[[Test], Test]:
    """Register a condition. Raises `ValueError` where another has the name."""

    def register(test: Test) -> Test:
        if name in GUARDS:
            raise ValueError(f"There is a guard “{name}” already.")
        GUARDS[name] = Guard(name, title, remedy, test, elsewhere)
        return test

    return register


@guard("with-reason", title=_("a reason is given"), remedy=_("Say why."))
def _with_reason(situation: Situation) -> bool:
    return bool(situation.reason.strip())


@guard(
    "by-another-person",
    title=_("another person than the one who opened it"),
    remedy=_("Ask another person: whoever opens a case does not decide on it."),
)
def _by_another_person(situation: Situation) -> bool:
    opener = situation.case.opened_by
    return opener is None or opener != situation.actor.user_id
