"""The addresses of the API, made from the listings and from the registry of actions."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.module_loading import autodiscover_modules
from django.utils.text import format_lazy
from django.utils.translation import override
from ninja import Body, NinjaAPI, Query, Schema
from ninja.errors import HttpError
from ninja.errors import ValidationError as Misfit
from pydantic import BaseModel

from maillage.api import description, lists, records, running
from maillage.api.access import Bearer, reading
from maillage.api.lists import LINKED
from maillage.api.models import Scope
from maillage.api.problems import Problem, advice_of, misfits
from maillage.api.schemas import PROBLEMS, Done, Entry, ItemPage, ProblemBody, ReadAt, ReadNow, Record, asked_of
from maillage.kernel.actions import Action
from maillage.kernel.listing import BACK_OFFICE, LISTINGS, Listing

View = Callable[..., HttpResponse]
_ABOUT = """Read the register as its pages show it, and act on it.

`on` reads a day of the world, `known` what the register knew at a moment. Lists page by key: follow `next`.
Without a token one reads what is public; `Authorization: Bearer` reads and acts for a person.
An action takes `Idempotency-Key`, which makes it safe to send twice, and `If-Match` with the ETag of the record."""
_SLUGS = {"pk": "{int:slug}", "number": "{int:slug}", "key": "{slug}", "id": "{uuid:slug}"}
api = NinjaAPI(title="Maillage", version="1", description=_ABOUT, docs_url=None, openapi_url=None)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return error.response()


@api.exception_handler(Misfit)
def _misfit(request: HttpRequest, error: Misfit) -> HttpResponse:
    return misfits(error.errors).response()


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return Problem(error.status_code, advice_of(error.status_code)).response()


def _refuse_unknown(request: HttpRequest, model: type[BaseModel]) -> None:
    known = {field.alias or name for name, field in model.model_fields.items()}
    if unknown := set(request.GET) - known:
        raise misfits({"loc": [name], "type": "extra_forbidden"} for name in sorted(unknown))


def _list_view(listing: Listing) -> View:
    model = asked_of(listing, ReadAt if listing.name in LISTINGS else ReadNow)

    def view(request: HttpRequest, asked: Query[model]) -> HttpResponse:  # type: ignore[valid-type]
        _refuse_unknown(request, model)
        with reading(request, request.auth, asked.on, asked.known) as read:  # type: ignore[attr-defined]
            return lists.answer(read, listing, asked)

    return view


def _record_view(listing: Listing) -> View:
    slug_type: Any = str if listing.slug == "key" else int

    def view(request: HttpRequest, slug: slug_type, asked: Query[ReadAt]) -> HttpResponse:
        _refuse_unknown(request, ReadAt)
        with reading(request, request.auth, asked.on, asked.known) as read:  # type: ignore[attr-defined]
            return records.answer(read, listing, slug)

    return view


def _entry_view(listing: Listing) -> View:
    slug_type: Any = UUID if listing.slug == "id" else int

    def view(request: HttpRequest, slug: slug_type) -> HttpResponse:
        _refuse_unknown(request, ReadNow)
        with reading(request, request.auth, ReadNow.on, ReadNow.known) as read:  # type: ignore[attr-defined]
            return records.entry(read, listing, slug)

    return view


def _action_view(action: Action) -> View:
    model = running.arguments_of(action)

    def view(request: HttpRequest, arguments: Body[model]) -> HttpResponse:  # type: ignore[valid-type]
        return running.answer(request, action, request.auth, arguments)  # type: ignore[arg-type,attr-defined]

    return view


def _add_lists() -> None:
    for listing in LISTINGS.values():
        _add(listing, ItemPage, description.of_list(LINKED), _list_view(listing), "list")
        _add(listing, Record, description.of_record(), _record_view(listing), "read")
    for listing in BACK_OFFICE.values():
        _add(listing, ItemPage, description.of_list(), _list_view(listing), "list")
        _add(listing, Entry, description.of_entry(), _entry_view(listing), "read")


def _add(listing: Listing, answer: type[Schema], extra: dict[str, Any], view: View, verb: str) -> None:
    one = verb == "read"
    api.get(
        f"/{listing.name}/{_SLUGS[listing.slug]}" if one else f"/{listing.name}",
        response={200: answer, **PROBLEMS},
        auth=Bearer(Scope.READ),
        tags=[listing.name],
        operation_id=f"{verb}_{listing.name}",
        summary=format_lazy("{}: {}", listing.title, listing.one) if one else listing.title,  # type: ignore[arg-type]
        description=None if one else listing.intro,  # type: ignore[arg-type]
        openapi_extra=extra,
    )(view)


def _add_actions() -> None:
    auth = Bearer(Scope.WRITE)
    refused = dict.fromkeys((409, 412), ProblemBody)
    for action in running.open_actions():
        api.post(
            f"/actions/{action.name}",
            response={200: Done, **PROBLEMS, **refused},
            auth=auth,
            tags=["actions"],
            operation_id=action.name.replace(".", "_"),
            summary=action.title,  # type: ignore[arg-type]
            description=description.told(action.run.__doc__),
            openapi_extra=description.of_action(),
        )(_action_view(action))


autodiscover_modules("listing", "actions")
with override("en"):
    # The names of parameters in the description are read by those who write programs.
    _add_lists()
    _add_actions()

urlpatterns = [
    path("", lambda request: lists.index(), name="index"),
    path("openapi.json", description.openapi, name="openapi"),
    path("actions", lambda request: running.index(), name="actions"),
    *api.urls[0],
]
