"""A list over the API: the filters, sorts and reading of its page, its rows as JSON, linked data or a file."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.db import DataError
from django.http import HttpResponse
from django.utils.translation import gettext as _

from maillage.api.problems import Problem, misfit
from maillage.api.values import ROOT, plain
from maillage.kernel.actors import Actor
from maillage.kernel.addresses import list_address
from maillage.kernel.certainty import evidence_of
from maillage.kernel.listing import LISTINGS, BadPlace, Listing, Page, narrowed, page_of
from maillage.kernel.request import Request
from maillage.web import exports, json_ld
from maillage.web.marks import force_of

JSON, LINKED = "application/json", "application/ld+json"
_FILES = {content_type.split(";")[0]: name for name, (content_type, _write) in exports.FORMATS.items()}


def index() -> HttpResponse:
    """Where everything is."""
    lists = {name: f"{ROOT}{name}" for name in LISTINGS}
    return sent({"lists": lists, "actions": f"{ROOT}actions", "openapi": f"{ROOT}openapi.json"})


def answer(request: Request, listing: Listing, asked: Any) -> HttpResponse:
    """The list in the format that `Accept` prefers. Raises a problem 406 for another, 422 for what cannot be read."""
    wanted = preferred(request, JSON, LINKED, *_FILES)
    try:
        records = narrowed(listing, listing.records(request.actor), request.GET, request.reading.on)
        if wanted in _FILES:
            return exports.answer(request, listing, records, _FILES[wanted])
        if listing.is_fact:
            # No column shows this range, and each range costs more to read than all other columns of its row.
            records = records.defer("days")
        page = page_of(records, listing.sort(asked.sort), after=asked.after, size=asked.limit)
    except BadPlace as error:
        raise misfit("after", _("This place in the list cannot be read; take it from “next”.")) from error
    except (ValidationError, ValueError, TypeError, DataError) as error:
        raise Problem(422, _("A filter of this address cannot be read.")) from error
    if wanted == LINKED:
        return sent(_linked(listing, page, request.actor), LINKED)
    return _page(request, listing, page)


def preferred(request: Request, *offered: str) -> str:
    """The media type to answer with. Raises a problem 406."""
    if request.headers.get("Accept", "*/*") in ("*/*", JSON):
        return JSON
    wanted = request.get_preferred_type(list(offered))
    if wanted is None:
        raise Problem(406, _("Ask for one of: %(types)s.") % {"types": ", ".join(offered)})
    return wanted


def sent(data: Any, media_type: str = JSON, headers: dict[str, str] | None = None) -> HttpResponse:
    """Data as JSON, built here and not validated again."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, content_type=media_type, headers=headers)


def _page(request: Request, listing: Listing, page: Page) -> HttpResponse:
    following = _following(request, page.after) if page.after else None
    known = request.reading.known
    data = {
        "listing": listing.name,
        "on": request.reading.on.isoformat(),
        "known": known.isoformat() if known else None,
        "items": list(_items(request, listing, page)),
        "next": following,
    }
    return sent(data, headers={"Link": f'<{following}>; rel="next"'} if following else None)


def _following(request: Request, after: str) -> str:
    query = request.GET.copy()
    query["after"] = after
    return f"{request.build_absolute_uri(request.path)}?{query.urlencode()}"


def _items(request: Request, listing: Listing, page: Page) -> Iterator[dict[str, Any]]:
    href, pages = f"{ROOT}{listing.name}/", list_address(listing.name)
    columns = [(column.key, column.value) for column in listing.columns]
    day = request.reading.on
    for record in page.records:
        slug = getattr(record, listing.slug)
        place = quote(str(slug))
        yield {
            "id": slug,
            "href": href + place,
            "page": pages + place,
            "in_force": force_of(record, day).name if listing.is_fact else None,
            "fields": {key: plain(value(record)) for key, value in columns},
        }


def _linked(listing: Listing, page: Page, actor: Actor) -> dict[str, Any]:
    kind = listing.model._meta.label_lower
    found = evidence_of([(kind, record.pk) for record in page.records], actor=actor)
    graph = [json_ld.of(listing, record, found[kind, record.pk].citations) for record in page.records]
    return {"@context": "https://schema.org", "@graph": graph}
