"""The endpoints of the API, made from the listings and from the registry of actions."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.text import format_lazy
from django.utils.translation import override
from ninja import Body, NinjaAPI, Query, Schema
from ninja.errors import HttpError
from ninja.errors import ValidationError as Misfit
from pydantic import BaseModel

from maillage.api import action_endpoints, list_endpoints, openapi_operations, record_endpoints
from maillage.api.authentication import Bearer, reading_context
from maillage.api.deprecated_names import ACTIONS
from maillage.api.document_endpoints import add_document_endpoint
from maillage.api.models import TokenScope
from maillage.api.partner_endpoints import add_partner_endpoint
from maillage.api.problems import ProblemError, status_advice, validation_problem
from maillage.api.responses import JSON_LD
from maillage.api.row_schemas import entry_schema, page_schema
from maillage.api.schemas import PROBLEMS, Done, ProblemBody, ReadAt, ReadNow, Record, list_parameters
from maillage.core.action_registry import REGISTRY, Action
from maillage.listing.listing import BACK_OFFICE, LISTINGS, Listing
from maillage.listing.value_types import TypeForm

View = Callable[..., HttpResponse]
_API_DESCRIPTION = """Read the register as its pages show it, and act on it.

`on` reads a day of the world, `known` what the register knew at a moment. Lists page by key: follow `next`.
Without a token one reads what is public; `Authorization: Bearer` reads and acts for a person.
An action takes `Idempotency-Key`, which makes it safe to send twice, and `If-Match` with the ETag of the record."""
_SLUG_CONVERTERS = {"pk": "{int:slug}", "number": "{int:slug}", "key": "{slug}", "id": "{uuid:slug}"}
api = NinjaAPI(title="Maillage", version="1", description=_API_DESCRIPTION, docs_url=None, openapi_url=None)


@api.exception_handler(ProblemError)
def _problem_handler(request: HttpRequest, error: ProblemError) -> HttpResponse:
    return error.response()


@api.exception_handler(Misfit)
def _validation_error_handler(request: HttpRequest, error: Misfit) -> HttpResponse:
    return validation_problem(error.errors).response()


@api.exception_handler(HttpError)
def _http_error_handler(request: HttpRequest, error: HttpError) -> HttpResponse:
    return ProblemError(error.status_code, status_advice(error.status_code)).response()


def _refuse_unknown_parameters(request: HttpRequest, model: type[BaseModel]) -> None:
    known = {field.alias or name for name, field in model.model_fields.items()}
    if unknown := set(request.GET) - known:
        raise validation_problem({"loc": [name], "type": "extra_forbidden"} for name in sorted(unknown))


def _list_view(listing: Listing) -> View:
    model = list_parameters(listing, ReadAt if listing.name in LISTINGS else ReadNow)

    def view(request: HttpRequest, query: Query[model]) -> HttpResponse:  # type: ignore[valid-type]
        _refuse_unknown_parameters(request, model)
        with reading_context(request, request.auth, query.on, query.known) as reading_request:  # type: ignore[attr-defined]
            return list_endpoints.list_response(reading_request, listing, query)

    return view


def _record_view(listing: Listing) -> View:
    slug_type: TypeForm = str if listing.slug == "key" else int

    def view(request: HttpRequest, slug: slug_type, query: Query[ReadAt]) -> HttpResponse:
        _refuse_unknown_parameters(request, ReadAt)
        with reading_context(request, request.auth, query.on, query.known) as reading_request:  # type: ignore[attr-defined]
            return record_endpoints.record_response(reading_request, listing, slug)

    return view


def _back_office_view(listing: Listing) -> View:
    slug_type: TypeForm = UUID if listing.slug == "id" else int

    def view(request: HttpRequest, slug: slug_type) -> HttpResponse:
        _refuse_unknown_parameters(request, ReadNow)
        with reading_context(request, request.auth, ReadNow.on, ReadNow.known) as reading_request:  # type: ignore[attr-defined]
            return record_endpoints.back_office_response(reading_request, listing, slug)

    return view


def _action_view(action: Action, old_name: str = "") -> View:
    model = action_endpoints.arguments_model(action, old_name)

    def view(request: HttpRequest, arguments: Body[model]) -> HttpResponse:  # type: ignore[valid-type]
        return action_endpoints.action_response(request, action, request.auth, arguments)  # type: ignore[arg-type,attr-defined]

    return view


def _add_lists() -> None:
    for listing in LISTINGS.values():
        page, extra = page_schema(listing), openapi_operations.list_operation(JSON_LD)
        _add_read_endpoint(listing, page, extra, _list_view(listing), "list")
        _add_read_endpoint(listing, Record, openapi_operations.record_operation(), _record_view(listing), "read")
    for listing in BACK_OFFICE.values():
        page, entry = page_schema(listing), entry_schema(listing)
        _add_read_endpoint(listing, page, openapi_operations.list_operation(), _list_view(listing), "list")
        _add_read_endpoint(
            listing, entry, openapi_operations.back_office_operation(), _back_office_view(listing), "read"
        )


def _add_read_endpoint(
    listing: Listing, response_schema: type[Schema], extra: dict[str, object], view: View, verb: str
) -> None:
    is_record = verb == "read"
    api.get(
        f"/{listing.name}/{_SLUG_CONVERTERS[listing.slug]}" if is_record else f"/{listing.name}",
        response={200: response_schema, **PROBLEMS},
        auth=Bearer(TokenScope.READ),
        tags=[listing.name],
        operation_id=f"{verb}_{listing.name}",
        summary=format_lazy("{}: {}", listing.title, listing.singular) if is_record else listing.title,  # type: ignore[arg-type]
        description=None if is_record else listing.intro,  # type: ignore[arg-type]
        by_alias=True,
        openapi_extra=extra,
    )(view)


def _add_actions() -> None:
    for action in action_endpoints.exposed_actions():
        _add_action_endpoint(action)
    for old_name, name in ACTIONS.items():
        if REGISTRY[name].over_api:
            _add_action_endpoint(REGISTRY[name], old_name)


def _add_action_endpoint(action: Action, old_name: str = "") -> None:
    name = old_name or action.name
    api.post(
        f"/actions/{name}",
        response={200: Done, **PROBLEMS, **dict.fromkeys((409, 412), ProblemBody)},
        auth=Bearer(TokenScope.WRITE),
        tags=["actions"],
        operation_id=name.replace(".", "_"),
        summary=action.title,  # type: ignore[arg-type]  # it is translated when the OpenAPI description is made
        description=openapi_operations.public_docstring(action.run.__doc__),
        deprecated=True if old_name else None,
        openapi_extra=openapi_operations.action_operation(deprecated=bool(old_name)),
    )(_action_view(action, old_name))


with override("en"):
    # The descriptions of parameters are for programmers, in English.
    _add_lists()
    _add_actions()
    add_partner_endpoint(api)
    add_document_endpoint(api)
