"""Actions over the API: an address for each, whose body is the arguments of the action."""

import dataclasses
import datetime as dt
import hashlib
import inspect
import json
import typing
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel, create_model
from pydantic.errors import PydanticInvalidForJsonSchema, PydanticSchemaGenerationError

from maillage.api import answers
from maillage.api.lists import sent
from maillage.api.problems import Problem
from maillage.api.schemas import STRICT
from maillage.api.values import ROOT, plain
from maillage.kernel.actions import REGISTRY, Action, Forbidden, Impossible
from maillage.kernel.actors import Actor
from maillage.kernel.listing import listing_of
from maillage.kernel.periods import BadPeriod
from maillage.kernel.request import Request
from maillage.kernel.scope import ACTING, opened
from maillage.kernel.versions import Stale, refuse_stale, version_named

_GIVEN = ("actor", "at")


def open_actions() -> list[Action]:
    """The actions that have an address, by name."""
    return sorted((one for one in REGISTRY.values() if one.over_api), key=lambda one: one.name)


def arguments_of(action: Action) -> type[BaseModel]:
    """The body of an action: its arguments, annotated as they are.

    Raises `TypeError` for an action whose arguments are not JSON and that does not say so.
    """
    types = typing.get_type_hints(action.run)
    taken = {name: one for name, one in inspect.signature(action.run).parameters.items() if name not in _GIVEN}
    fields: dict[str, Any] = {name: (types[name], _default(one)) for name, one in taken.items()}
    title = "".join(part.title() for part in action.name.replace(".", "_").split("_"))
    try:
        made: type[BaseModel] = create_model(title, __config__=STRICT, __doc__=action.run.__doc__, **fields)
        made.model_json_schema()
    except (PydanticSchemaGenerationError, PydanticInvalidForJsonSchema) as error:
        raise TypeError(f"{action.name} takes what is no JSON: declare it with over_api=False.") from error
    return made


def _default(parameter: inspect.Parameter) -> Any:
    return ... if parameter.default is parameter.empty else parameter.default


def answer(request: Request, action: Action, actor: Actor, arguments: BaseModel) -> HttpResponse:
    """Run the action, once for each `Idempotency-Key`, on the version of `If-Match`. Raises problems."""
    key, wanted = request.headers.get("Idempotency-Key", ""), request.headers.get("If-Match", "")
    given = {name: getattr(arguments, name) for name in type(arguments).model_fields}
    if _unwritable(given):
        raise Problem(422, _("A text holds a character that cannot be kept (U+0000); leave it out."))
    at = timezone.now()
    # Beside the action, its own answer is kept; the record it changes is read for its version.
    with _told(), transaction.atomic(), opened(ACTING, local=True):
        if not key:
            return _ran(action, actor, at, given, wanted).response()
        print_ = _fingerprint(action, arguments)
        earlier = answers.claimed(actor, at, key=key, fingerprint=print_)
        if earlier.body:
            return Ran(earlier.body, earlier.etag, again=True).response()
        ran = _ran(action, actor, at, given, wanted)
        answers.keep(earlier, body=ran.body, etag=ran.etag)
        return ran.response()


def _unwritable(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_unwritable(each) for pair in value.items() for each in pair)
    if isinstance(value, list | tuple):
        return any(_unwritable(each) for each in value)
    return isinstance(value, str) and "\0" in value


@dataclasses.dataclass(frozen=True, slots=True)
class Ran:
    """What an action answered, and the version of the record it changed."""

    body: str
    etag: str
    again: bool = False

    def response(self) -> HttpResponse:
        headers = {"ETag": self.etag} if self.etag else {}
        if self.again:
            headers["Idempotent-Replayed"] = "true"
        return HttpResponse(self.body, content_type="application/json", headers=headers)


def _ran(action: Action, actor: Actor, at: dt.datetime, given: dict[str, Any], wanted: str) -> Ran:
    # Who may not act learns nothing of the version.
    action.refuse(actor, at, given)
    record = action.record_changed(given)
    if wanted and not record:
        raise Problem(422, _("This action changes no record that has a version; leave “If-Match” out."))
    if wanted and record:
        refuse_stale(*record, wanted)
    result = action.run(actor=actor, at=at, **given)
    body = json.dumps({"action": action.name, "result": shown(result)}, ensure_ascii=False)
    etag = version_named(*record) if record else ""
    return Ran(body, etag)


def _fingerprint(action: Action, arguments: BaseModel) -> str:
    return hashlib.sha256(f"{action.name} {arguments.model_dump_json()}".encode()).hexdigest()


def shown(result: Any) -> Any:
    """What an action returned, as JSON: a record by its kind and number, with its address where it has one."""
    match result:
        case None | bool() | int() | float() | str():
            return result
        case models.Model():
            return _record(result)
        case dt.date() | Decimal():
            return plain(result)
        case list() | tuple():
            return [shown(each) for each in result]
    return _members(result)


def _members(result: Any) -> dict[str, Any] | None:
    if dataclasses.is_dataclass(result):
        return {one.name: shown(getattr(result, one.name)) for one in dataclasses.fields(result)}
    return None


def _record(record: models.Model) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": record._meta.label_lower, "id": record.pk}
    if listing := listing_of(record._meta.label_lower):
        found["href"] = f"{ROOT}{listing.name}/{getattr(record, listing.slug)}"
    return found


@contextmanager
def _told() -> Iterator[None]:
    """Make a problem of what an action raises, once its transaction is undone."""
    try:
        yield
    except _REFUSALS as error:
        raise _problem(error) from error


_REFUSALS = (
    Forbidden,
    Impossible,
    ObjectDoesNotExist,
    IntegrityError,
    ValidationError,
    BadPeriod,
    DataError,
    UnicodeError,
)


def _problem(error: Exception) -> Problem:
    match error:
        case Forbidden():
            return Problem(403, str(error))
        case Impossible():
            return Problem(412 if isinstance(error, Stale) else 409, str(error))
        case ObjectDoesNotExist():
            return Problem(404, _("No record has the number given, or it is not yours."))
        case IntegrityError():
            return Problem(409, _("The register does not allow this: it contradicts what is there."))
        case ValidationError():
            return Problem(422, " ".join(error.messages))
    return Problem(422, str(error) if isinstance(error, BadPeriod) else _("A value does not fit."))


def index() -> HttpResponse:
    """What can be done, by whom, and where."""
    described = [
        {"name": one.name, "title": str(one.title), "roles": sorted(one.roles), "href": f"{ROOT}actions/{one.name}"}
        for one in open_actions()
    ]
    return sent({"actions": described})
