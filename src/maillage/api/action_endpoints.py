"""Run actions over the API: one address each, with the arguments of the action as the request body."""

import dataclasses
import datetime as dt
import functools
import hashlib
import inspect
import json
import operator
import typing
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import AliasChoices, BaseModel, Field, create_model
from pydantic.errors import PydanticInvalidForJsonSchema, PydanticSchemaGenerationError

from maillage.api import idempotency
from maillage.api.addresses import API_ROOT, record_pointer
from maillage.api.authentication import TokenRequest
from maillage.api.deprecated_names import ARGUMENTS, current_kind
from maillage.api.json_values import json_value
from maillage.api.problems import ProblemError
from maillage.api.responses import json_response
from maillage.api.schemas import STRICT
from maillage.core.action_registry import REGISTRY, Action, ActionError, ActionForbiddenError
from maillage.core.actors import Actor
from maillage.core.json_types import JsonObject
from maillage.core.partial_updates import UNSET, Unset
from maillage.core.periods import InvalidPeriodError
from maillage.core.record_versions import StaleRecordError, check_record_version, record_version_by_kind
from maillage.core.security.session_scope import ACTION_SCOPE, use_scope

_IMPLICIT_ARGUMENTS = ("actor", "at")


def exposed_actions() -> list[Action]:
    """The actions that have an address, by name."""
    return sorted((action for action in REGISTRY.values() if action.over_api), key=lambda action: action.name)


def arguments_model(action: Action, old_name: str = "") -> type[BaseModel]:
    """The request body of an action, as a model of its arguments; under an old name of the action, its old arguments.

    Raises `TypeError` for an action with arguments that are not JSON, unless it is declared with `over_api=False`.
    """
    types = typing.get_type_hints(action.run, include_extras=True)
    parameters = inspect.signature(action.run).parameters.values()
    fields: JsonObject = {
        parameter.name: (
            _without_unset(types[parameter.name]),
            _argument_field(action, parameter, under_old_name=bool(old_name)),
        )
        for parameter in parameters
        if parameter.name not in _IMPLICIT_ARGUMENTS
    }
    title = "".join(word.title() for word in (old_name or action.name).replace(".", "_").split("_"))
    try:
        model: type[BaseModel] = create_model(title, __config__=STRICT, **fields)
        model.model_json_schema()
    except (PydanticSchemaGenerationError, PydanticInvalidForJsonSchema) as error:
        raise TypeError(f"{action.name} takes what is no JSON: declare it with over_api=False.") from error
    return model


def _argument_field(action: Action, parameter: inspect.Parameter, *, under_old_name: bool) -> object:
    old_names = [old_name for old_name, name in ARGUMENTS.get(action.name, {}).items() if name == parameter.name]
    # The OpenAPI description shows the first of several choices.
    names = (*old_names, parameter.name) if under_old_name else (parameter.name, *old_names)
    alias = AliasChoices(*names) if old_names else None
    if parameter.default is UNSET:
        return Field(default_factory=lambda: UNSET, validation_alias=alias)
    return Field(... if parameter.default is parameter.empty else parameter.default, validation_alias=alias)


def _without_unset(annotation: object) -> object:
    """The type of an argument in JSON: without `Unset`, since an argument that is not set is absent."""
    members = typing.get_args(annotation)
    if Unset not in members:
        return annotation
    return functools.reduce(operator.or_, (member for member in members if member is not Unset))


def action_response(request: TokenRequest, action: Action, actor: Actor, arguments: BaseModel) -> HttpResponse:
    """Run the action, once for each `Idempotency-Key`, on the version in `If-Match`. Raises `ProblemError`."""
    key, expected_version = request.headers.get("Idempotency-Key", ""), request.headers.get("If-Match", "")
    values = {name: _current_value(name, getattr(arguments, name)) for name in type(arguments).model_fields}
    if _holds_null_character(values):
        raise ProblemError(422, _("A text holds a character that cannot be kept (U+0000); leave it out."))
    at, fingerprint = timezone.now(), _fingerprint(request.token_id, expected_version, action, arguments)
    # The scope of actions also covers the stored response and the version of the changed record.
    with errors_as_problems(), transaction.atomic(), use_scope(ACTION_SCOPE, local=True):
        _check_permission(
            action,
            actor,
            at,
            values,
            lambda: idempotency.has_stored_response(actor, at, key=key, fingerprint=fingerprint),
        )
        if not key:
            return _run_action(action, actor, at, values, expected_version).response()
        stored = idempotency.claim_response(actor, at, key=key, fingerprint=fingerprint)
        if stored.body:
            return ActionResponse(stored.body, stored.etag, replayed=True).response()
        result = _run_action(action, actor, at, values, expected_version)
        idempotency.store_response(stored, body=result.body, etag=result.etag)
        return result.response()


def _current_value(name: str, value: object) -> object:
    """The value of an argument, with an old kind of record replaced by its current name."""
    if name == "record_kind" and isinstance(value, str):
        return current_kind(value)
    if name == "record" and isinstance(value, tuple):
        return (current_kind(value[0]), *value[1:])
    return value


def _check_permission(
    action: Action, actor: Actor, at: dt.datetime, values: Mapping[str, object], has_stored_response: Callable[[], bool]
) -> None:
    """Raise `ActionForbiddenError` as the action does, before a stored response or a version is revealed.

    The first run may have moved the record out of the mandate's scope or removed it: the same request sent again still
    gets its stored response, as long as the actor has a role for the action.
    """
    try:
        action.check_allowed(actor, at, values)
    except ActionForbiddenError:
        if not (actor.roles_on(timezone.localdate(at)) & action.roles and has_stored_response()):
            raise


def _holds_null_character(value: object) -> bool:
    if isinstance(value, dict):
        return any(_holds_null_character(item) for pair in value.items() for item in pair)
    if isinstance(value, list | tuple):
        return any(_holds_null_character(item) for item in value)
    return isinstance(value, str) and "\0" in value


@dataclasses.dataclass(frozen=True, slots=True)
class ActionResponse:
    """The JSON result of an action, and the version of the record it changed."""

    body: str
    etag: str
    replayed: bool = False

    def response(self) -> HttpResponse:
        headers = {"ETag": self.etag} if self.etag else {}
        if self.replayed:
            headers["Idempotent-Replayed"] = "true"
        return HttpResponse(self.body, content_type="application/json", headers=headers)


def _run_action(
    action: Action, actor: Actor, at: dt.datetime, values: dict[str, object], expected_version: str
) -> ActionResponse:
    record = action.changed_record(values)
    if expected_version and not record:
        raise ProblemError(422, _("This action changes no record that has a version; leave “If-Match” out."))
    if expected_version and record:
        check_record_version(*record, expected_version)
    result = action.run(actor=actor, at=at, **values)
    body = json.dumps({"action": action.name, "result": action_result(result)}, ensure_ascii=False)
    etag = record_version_by_kind(*record) if record else ""
    return ActionResponse(body, etag)


def _fingerprint(token_id: int, expected_version: str, action: Action, arguments: BaseModel) -> str:
    """Equal for equal requests: token (and so mandate), expected version, action and arguments."""
    return hashlib.sha256(
        json.dumps([token_id, expected_version, action.name, arguments.model_dump_json(exclude_unset=True)]).encode()
    ).hexdigest()


def action_result(result: object) -> object:
    """The return value of an action as JSON; a record as its kind and number, with its address if it has one."""
    match result:
        case None | bool() | int() | float() | str():
            return result
        case models.Model():
            return record_pointer(result)
        case dt.date() | Decimal():
            return json_value(result)
        case list() | tuple():
            return [action_result(item) for item in result]
    return _members(result)


def _members(result: object) -> dict[str, object] | None:
    if dataclasses.is_dataclass(result):
        return {field.name: action_result(getattr(result, field.name)) for field in dataclasses.fields(result)}
    return None


@contextmanager
def errors_as_problems() -> Iterator[None]:
    """Turn an error of an action into a `ProblemError`, after its transaction is rolled back."""
    try:
        yield
    except _HANDLED_ERRORS as error:
        raise _problem_of(error) from error


_HANDLED_ERRORS = (
    ActionForbiddenError,
    ActionError,
    ObjectDoesNotExist,
    IntegrityError,
    ValidationError,
    InvalidPeriodError,
    DataError,
    UnicodeError,
)


def _problem_of(error: Exception) -> ProblemError:
    match error:
        case ActionForbiddenError():
            return ProblemError(403, str(error))
        case ActionError():
            return ProblemError(412 if isinstance(error, StaleRecordError) else 409, str(error))
        case ObjectDoesNotExist():
            return ProblemError(404, _("No record has the number given, or it is not yours."))
        case IntegrityError():
            return ProblemError(409, _("The register does not allow this: it contradicts what is there."))
        case ValidationError():
            return ProblemError(422, " ".join(error.messages))
    return ProblemError(422, str(error) if isinstance(error, InvalidPeriodError) else _("A value does not fit."))


def action_index() -> HttpResponse:
    """All exposed actions: name, title, roles and address."""
    actions = [
        {
            "name": action.name,
            "title": str(action.title),
            "roles": sorted(action.roles),
            "href": f"{API_ROOT}actions/{action.name}",
        }
        for action in exposed_actions()
    ]
    return json_response({"actions": actions})
