"""Lists over the API: filters, sorts and pages, with the rows as JSON, linked data or an export file."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.db import DataError
from django.http import HttpResponse
from django.utils.translation import gettext as _

from maillage.api.addresses import API_ROOT
from maillage.api.deprecated_names import current_kind
from maillage.api.fact_lists import fact_key, list_name_of
from maillage.api.json_values import json_value
from maillage.api.problems import ProblemError, field_problem
from maillage.api.responses import JSON, JSON_LD, conditional_response, json_response, negotiated_media_type
from maillage.core.actors import Actor
from maillage.core.addresses import list_address
from maillage.core.certainty import evidence_of
from maillage.core.json_types import JsonObject
from maillage.core.request import Request
from maillage.listing.columns import ListedRecord
from maillage.listing.listing import BACK_OFFICE, LISTINGS, Listing, filter_records
from maillage.listing.paging import InvalidCursorError, Page, get_page
from maillage.presentation import exports, json_ld
from maillage.presentation.marks import fact_state_on

EXPORT_FORMATS = {content_type.split(";")[0]: name for name, (content_type, _write) in exports.FORMATS.items()}


def api_index() -> HttpResponse:
    """The addresses of the lists, of the actions, of the schemas of rows and of the OpenAPI description."""
    lists = {name: f"{API_ROOT}{name}" for name in (*LISTINGS, *BACK_OFFICE)}
    others = {name: f"{API_ROOT}{name}" for name in ("actions", "schemas")}
    return json_response({"lists": lists, **others, "openapi": f"{API_ROOT}openapi.json"})


# Any: each list has a schema of its own, made of its filters.
def list_response(request: Request, listing: Listing, query: Any) -> HttpResponse:
    """The list in the format that `Accept` prefers.

    Raises `ProblemError`: 406 if no format is acceptable, 422 for an invalid cursor or filter.
    """
    media_type = negotiated_media_type(request, JSON, *(JSON_LD,) * (listing.name in LISTINGS), *EXPORT_FORMATS)
    try:
        records = filter_records(listing, listing.records(request.actor), _filters(request), request.as_of.on)
        if media_type in EXPORT_FORMATS and not {"limit", "after"} & set(request.GET):
            return exports.list_export_response(request, listing, records, EXPORT_FORMATS[media_type])
        if listing.is_fact:
            # No column shows this range, and it costs more to read than all other columns of the row.
            records = records.defer("days")
        page = get_page(records, listing.sort(query.sort), after=query.after, size=query.limit)
    except InvalidCursorError as error:
        raise field_problem("after", _("This place in the list cannot be read; take it from “next”.")) from error
    except (ValidationError, ValueError, TypeError, DataError) as error:
        raise ProblemError(422, _("A filter of this address cannot be read.")) from error
    return _page_response(request, listing, page, media_type)


def _filters(request: Request) -> dict[str, str]:
    """The query parameters, with an old `record_kind` replaced by its current name."""
    filters = request.GET.dict()
    if "record_kind" in filters:
        filters["record_kind"] = current_kind(filters["record_kind"])
    return filters


def _page_response(request: Request, listing: Listing, page: Page, media_type: str) -> HttpResponse:
    next_url = _next_page_url(request, page.after) if page.after else None
    listing.prepare(page.records, request.actor, request.as_of.on)
    if media_type in EXPORT_FORMATS:
        response = exports.records_export_response(request, listing, page.records, EXPORT_FORMATS[media_type])
    elif media_type == JSON_LD:
        response = conditional_response(request, json_response(_linked_data(listing, page, request.actor), JSON_LD))
    else:
        response = conditional_response(request, json_response(_page_body(request, listing, page, next_url)))
    if next_url:
        response["Link"] = f'<{next_url}>; rel="next"'
    return response


def _page_body(request: Request, listing: Listing, page: Page, next_url: str | None) -> dict[str, object]:
    known = request.as_of.known
    return {
        "listing": listing.name,
        "on": request.as_of.on.isoformat(),
        "known": known.isoformat() if known else None,
        "items": list(list_rows(listing, page.records, request.as_of.on)),
        "next": next_url,
    }


def _next_page_url(request: Request, after: str) -> str:
    query = request.GET.copy()
    query["after"] = after
    return f"{request.build_absolute_uri(request.path)}?{query.urlencode()}"


def list_rows(listing: Listing, records: Iterable[ListedRecord], day: dt.date) -> Iterator[JsonObject]:
    """Records as JSON rows of their list; `page` is null for records of the back office."""
    href, pages = f"{API_ROOT}{listing.name}/", list_address(listing.name) if listing.name in LISTINGS else ""
    columns, fact_list = [(column.key, column.value) for column in listing.columns], list_name_of(listing.model)
    for record in records:
        slug = json_value(getattr(record, listing.slug))
        path = quote(str(slug))
        yield {
            "id": slug,
            "number": json_value(record.pk),
            "fact": fact_key(record, fact_list),
            "href": href + path,
            "page": pages + path if pages else None,
            "in_force": fact_state_on(record, day).name if listing.is_fact else None,
            "fields": {key: json_value(value(record)) for key, value in columns},
        }


def _linked_data(listing: Listing, page: Page, actor: Actor) -> dict[str, object]:
    kind = listing.model._meta.label_lower
    evidence_by_record = evidence_of([(kind, record.pk) for record in page.records], actor=actor)
    graph = [
        json_ld.record_json_ld(listing, record, evidence_by_record[kind, record.pk].citations)
        for record in page.records
    ]
    return {"@context": "https://schema.org", "@graph": graph}
