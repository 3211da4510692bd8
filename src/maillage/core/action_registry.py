"""Actions: the only writers.

An action is a function with keyword-only, annotated arguments. It takes `actor` and `at` (never a request, never its
own clock), runs in one transaction with its history entry, and returns a value. The database accepts writes only within
an action. While it runs it reads every record, since it may meet one that the actor does not see (a name in use):

    @action(OFFICER, title=_("Settle a contradiction"))
    def settle_contradiction(*, actor: Actor, at: datetime, contradiction_id: int, side: str, reason: str) -> …:

An action open to a mandated role declares which organisation it concerns, so that a mandate for another organisation
does not allow it:

    @action(MANAGER, LEAD, OFFICER, title=_("Revise an offer"), concerns=provider_of_offer)
    def revise_offer(*, actor: Actor, at: datetime, offer_id: int, …) -> Offer:

where `provider_of_offer(offer_id=…, **_)` returns the ids of the organisations concerned, one of which must be within
the mandate's reach. `concerns` gets all the arguments of the action by name, without `actor` and `at`.

An action changes only the fields whose arguments are passed: `partial_updates` holds the types of arguments that may be
left out of a revision.

Every action is also an address of the API, its arguments being JSON, unless it is registered with `over_api=False`: for
an action whose arguments are files, or that is a step of a larger one. An action that changes an existing record
declares which, so that a change based on a stale version can be refused:
`changes=("core.contradiction", "contradiction_id")`, the kind of the record (or the argument that holds it) and the
argument that holds its id.
"""

import datetime as dt
import functools
import inspect
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias, TypeVar

import pghistory
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from pydantic import Field

from maillage.core.actors import MANDATED_ROLES, SYSTEM_ROLE, Actor
from maillage.core.partial_updates import UNSET
from maillage.core.registers import Register, qualified_name
from maillage.core.security.session_scope import ACTION_SCOPE, read_everything, use_scope

OrganisationsConcerned = Callable[..., Iterable[int]]
# Any: each action has arguments and a result of its own.
ActionValue: TypeAlias = Any
Arguments: TypeAlias = dict[str, ActionValue]
Function = TypeVar("Function", bound=Callable[..., ActionValue])
Reason = Annotated[str, Field(json_schema_extra={"minLength": 1, "pattern": r"\S"})]
"""The reason of an action. `action` refuses a blank reason and strips it; the API describes it as non-blank."""


class ActionForbiddenError(PermissionError):
    """The actor holds no mandate for this action."""


class ActionError(ValueError):
    """The action cannot be done on this state; the message says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Action:
    """A registered action and the roles that may run it.

    `concerns` returns the ids of the organisations of which a mandate must reach one. `changes` is the kind of the
    record that the action changes, or the argument that holds it, and the argument that holds its id.
    """

    name: str
    title: str | Promise
    roles: frozenset[str]
    run: Callable[..., ActionValue]
    concerns: OrganisationsConcerned | None = None
    over_api: bool = True
    changes: tuple[str, str] | None = None

    def check_allowed(self, actor: Actor, at: dt.datetime, arguments: Mapping[str, object]) -> None:
        """Raise `ActionForbiddenError` if the actor may not run the action at that moment with these arguments."""
        matching_roles = actor.roles_on(timezone.localdate(at)) & self.roles
        if not matching_roles:
            raise ActionForbiddenError(_missing_role_message(actor, at))
        if (
            matching_roles <= _MANDATED_ROLES
            and self.concerns
            and not actor.reach & _organisations_concerned(self.concerns, arguments)
        ):
            raise ActionForbiddenError(
                _("Your mandate for “%s” does not reach this record.") % _organisation_name(actor)
            )

    def changed_record(self, arguments: Mapping[str, ActionValue]) -> tuple[str, int] | None:
        """The kind and the id of the record that a run with these arguments changes; `None` without `changes`."""
        if self.changes is None:
            return None
        kind, name = self.changes
        return arguments.get(kind, kind), arguments[name]

    def allows(self, actor: Actor, at: dt.datetime, arguments: Mapping[str, object]) -> bool:
        """Whether `check_allowed` passes, for pages that offer only allowed actions."""
        try:
            self.check_allowed(actor, at, arguments)
        except ActionForbiddenError:
            return False
        return True


Follower = Callable[..., None]
REGISTRY: Register[Action] = Register("actions")
# Followers of one action by "action > function"; followers of every action by function.
FOLLOWERS: Register[tuple[str, Follower]] = Register("action followers")
EVERY_ACTION_FOLLOWERS: Register[Follower] = Register("followers of every action")
_MANDATED_ROLES = frozenset(MANDATED_ROLES)
_INSIDE_ACTION: ContextVar[bool] = ContextVar("within an action", default=False)
# Arguments written to the history beside the ids of records; texts and mail addresses stay on their records.
_LOGGED_ARGUMENTS = frozenset({"role", "record_kind", "visibility", "transition", "process", "managed_by", "decision"})
_MAX_LENGTHS = {"reason": 5_000, "title": 400, "name": 400, "email": 254}
_MAX_TEXT_LENGTH = 1_000_000


def _organisations_concerned(concerns: OrganisationsConcerned, arguments: Mapping[str, object]) -> set[int]:
    with read_everything():
        return set(concerns(**arguments))


def _organisation_name(actor: Actor) -> str:
    return actor.acting.organisation if actor.acting else ""


def _missing_role_message(actor: Actor, at: dt.datetime) -> str:
    day = timezone.localdate(at)
    if actor.acting and not actor.acting.holds_on(day):
        return _("Your mandate for “%s” is not in force on this day; ask whoever gave it.") % _organisation_name(actor)
    return _("%(actor)s may not do this; ask an officer of the site.") % {"actor": actor.name}


def action(
    *roles: str,
    title: str | Promise,
    concerns: OrganisationsConcerned | None = None,
    over_api: bool = True,
    changes: tuple[str, str] | None = None,
) -> Callable[[Function], Function]:
    """Register a function as an action that the given roles (and the system itself) may run.

    Running it raises `ActionForbiddenError` if the actor holds none of the roles, or only by a mandate that reaches
    none of the organisations `concerns` returns, and `ActionError` for a blank `Reason`.
    Raises `TypeError` for an action that is open to a mandated role and has no `concerns`.
    """
    if concerns is None and _MANDATED_ROLES & set(roles):
        raise TypeError("An action that a mandate opens must say which organisations it concerns.")

    def register(function: Function) -> Function:
        name = f"{function.__module__.split('.')[1]}.{function.__name__}"
        reasons = _reason_parameters(function)

        @functools.wraps(function)
        def run(*, actor: Actor, at: dt.datetime, **arguments: ActionValue) -> ActionValue:
            registered.check_allowed(actor, at, arguments)
            _check_texts(arguments)
            arguments |= {key: _required_reason(arguments[key]) for key in reasons & arguments.keys()}
            with transaction.atomic(), use_scope(ACTION_SCOPE, local=True), _history_entry(name, actor, at, arguments):
                value = function(actor=actor, at=at, **arguments)
                for follow_up in followers_of(name):
                    follow_up(actor=actor, at=at, value=value, arguments=arguments)
                for observer in EVERY_ACTION_FOLLOWERS.values():
                    observer(action=registered, at=at, value=value)
                return value

        registered = REGISTRY[name] = Action(
            name, title, frozenset(roles) | {SYSTEM_ROLE}, run, concerns, over_api, changes
        )
        return run  # type: ignore[return-value]

    return register


def followers_of(name: str) -> list[Follower]:
    """The functions that run after an action, in the order in which they were registered."""
    return [follower for action_name, follower in FOLLOWERS.values() if action_name == name]


def follows(*names: str) -> Callable[[Function], Function]:
    """Run a function after each run of the named actions, in the same transaction.

    The function gets `actor`, `at`, the `value` that the action returned and its `arguments`; an exception it raises
    undoes the action. Raises `TypeError` for a function that does not take further arguments (`**_others`).
    """

    def register(function: Function) -> Function:
        parameters = inspect.signature(function).parameters.values()
        if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
            raise TypeError(f"{qualified_name(function)} follows an action and must take **_others.")
        for name in names:
            FOLLOWERS[f"{name} > {qualified_name(function)}"] = (name, function)
        return function

    return register


def follows_every_action(function: Function) -> Function:
    """Run a function after each run of any action, in the same transaction, with `action`, `at` and `value`."""
    EVERY_ACTION_FOLLOWERS[qualified_name(function)] = function
    return function


@contextmanager
def _history_entry(name: str, actor: Actor, at: dt.datetime, arguments: Mapping[str, object]) -> Iterator[None]:
    """Write one history entry for the outermost action; the actions it calls are part of that entry."""
    if _INSIDE_ACTION.get():
        yield
        return
    reset_token = _INSIDE_ACTION.set(True)
    try:
        with pghistory.context(**_history_metadata(name, actor, at, arguments)) as entry:
            yield
            # A job that changed nothing leaves no entry; a person's action leaves one whatever tables it touched.
            if SYSTEM_ROLE not in actor.roles:
                _save_history_entry(entry.id, entry.metadata)
    finally:
        _INSIDE_ACTION.reset(reset_token)


def _save_history_entry(pk: uuid.UUID, metadata: Mapping[str, object]) -> None:
    from pghistory.models import Context  # needs the models to be loaded

    Context.objects.bulk_create([Context(id=pk, metadata=metadata)], ignore_conflicts=True)


def _reason_parameters(function: Callable[..., object]) -> frozenset[str]:
    parameters = inspect.signature(function).parameters.values()
    return frozenset(parameter.name for parameter in parameters if parameter.annotation == Reason)


def _required_reason(reason: str) -> str:
    if not reason.strip():
        raise ActionError(_("Give a reason: it stays in the history."))
    return reason.strip()


def _check_texts(arguments: Mapping[str, object]) -> None:
    """Raise `ActionError` for a text that is too long, or that PostgreSQL cannot store."""
    for name, value in arguments.items():
        max_length = _MAX_LENGTHS.get(name, _MAX_TEXT_LENGTH)
        if isinstance(value, str) and "\0" in value:
            raise ActionError(_("“%s” holds a character that is no text (NUL); retype it.") % name)
        if isinstance(value, str) and len(value) > max_length:
            message = _("“%(name)s” has %(length)d characters; shorten it to %(most)d, or attach it as a file.")
            raise ActionError(message % {"name": name, "length": len(value), "most": max_length})


def _history_metadata(name: str, actor: Actor, at: dt.datetime, arguments: Mapping[str, object]) -> dict[str, object]:
    """The metadata of a history entry: action, actor, mandate, moment, reason and logged arguments."""
    entry: dict[str, object] = {"action": name, "actor": actor.name, "user": actor.user_id, "at": at.isoformat()}
    if actor.acting:
        entry |= {"mandate": actor.acting.mandate_id, "for": actor.acting.organisation}
    if reason := arguments.get("reason"):
        entry["reason"] = reason
    if logged := {key: _json_value(value) for key, value in arguments.items() if _is_logged(key, value)}:
        entry["given"] = logged
    return entry


def _is_logged(name: str, value: object) -> bool:
    """Whether the history keeps an argument: ids, days, booleans and `_LOGGED_ARGUMENTS`."""
    return (
        value is not None
        and value is not UNSET
        and (name.endswith("_id") or name in _LOGGED_ARGUMENTS or isinstance(value, bool | dt.date))
    )


def _json_value(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value
