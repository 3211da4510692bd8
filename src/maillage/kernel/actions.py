"""Actions: the only writers.

An action is a function with keyword-only, annotated arguments. It takes `actor` and `at` (never a request, never its
own clock), runs in one transaction with its history entry, and returns a value:

    @action(OFFICER, title=_("Settle a contradiction"))
    def settle_contradiction(*, actor: Actor, at: datetime, contradiction_id: int, side: str, reason: str) -> …:
"""

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pghistory
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from maillage.kernel.actors import SYSTEM_ROLE, Actor

Function = TypeVar("Function", bound=Callable[..., Any])


class Forbidden(PermissionError):
    """The actor holds no mandate for this action."""


class Impossible(ValueError):
    """The action cannot be done on this state; the message says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Action:
    name: str
    title: str | Promise
    roles: frozenset[str]
    run: Callable[..., Any]


REGISTRY: dict[str, Action] = {}


def action(*roles: str, title: str | Promise) -> Callable[[Function], Function]:
    """Register a function as an action that the given roles (and the system itself) may run.

    Raises `Forbidden` at the call when the actor holds none of them.
    """

    def register(function: Function) -> Function:
        name = f"{function.__module__.split('.')[1]}.{function.__name__}"
        allowed = frozenset(roles) | {SYSTEM_ROLE}

        @functools.wraps(function)
        def run(*, actor: Actor, at: dt.datetime, **arguments: Any) -> Any:
            if not allowed & actor.roles:
                raise Forbidden(_("%(actor)s may not do this; ask an officer of the site.") % {"actor": actor.name})
            entry = {"action": name, "actor": actor.name, "user": actor.user_id, "at": at.isoformat()}
            if reason := arguments.get("reason"):
                entry["reason"] = reason
            with transaction.atomic(), pghistory.context(**entry):
                return function(actor=actor, at=at, **arguments)

        REGISTRY[name] = Action(name, title, allowed, run)
        return run  # type: ignore[return-value]

    return register
