"""A list over the API: the filters, sorts and reading of its page, its rows as JSON, linked data or a file."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.db import DataError
from django.http import HttpResponse
from django.utils.translation import gettext as _

from maillage.api.access import unless_held
from maillage.api.problems import Problem, misfit
from maillage.api.values import ROOT, plain
from maillage.kernel.actors import Actor
from maillage.kernel.addresses import list_address
from maillage.kernel.certainty import evidence_of
from maillage.kernel.listing import BACK_OFFICE, LISTINGS, BadPlace, Listing, Page, narrowed, page_of
from maillage.kernel.request import Request
from maillage.web import exports, json_ld
from maillage.web.marks import force_of

JSON, LINKED = "application/json", "application/ld+json"
FILES = {content_type.split(";")[0]: name for name, (content_type, _write) in exports.FORMATS.items()}


def index() -> HttpResponse:
    """Where everything is."""
    lists = {name: f"{ROOT}{name}" for name in (*LISTINGS, *BACK_OFFICE)}
    return sent({"lists": lists, "actions": f"{ROOT}actions", "openapi": f"{ROOT}openapi.json"})


def answer(request: Request, listing: Listing, asked: Any) -> HttpResponse:
    """The list in the format that `Accept` prefers. Raises a problem 406 for another, 422 for what cannot be read."""
    wanted = preferred(request, JSON, *(LINKED,) * (listing.name in LISTINGS), *FILES)
    try:
        records = narrowed(listing, listing.records(request.actor), request.GET, request.reading.on)
        if wanted in FILES and not {"limit", "after"} & set(request.GET):
            return exports.answer(request, listing, records, FILES[wanted])
        if listing.is_fact:
            # No column shows this range, and each range costs more to read than all other columns of its row.
            records = records.defer("days")
        page = page_of(records, listing.sort(asked.sort), after=asked.after, size=asked.limit)
    except BadPlace as error:
        raise misfit("after", _("This place in the list cannot be read; take it from “next”.")) from error
    except (ValidationError, ValueError, TypeError, DataError) as error:
        raise Problem(422, _("A filter of this address cannot be read.")) from error
    return _page(request, listing, page, wanted)


def preferred(request: Request, *offered: str) -> str:
    """The media type to answer with. Raises a problem 406."""
    if request.headers.get("Accept", "*/*") in ("*/*", JSON):
        return JSON
    wanted = request.get_preferred_type(list(offered))
    if wanted is None:
        raise Problem(406, _("Ask for one of: %(types)s.") % {"types": ", ".join(offered)})
    return wanted


def sent(data: Any, media_type: str = JSON) -> HttpResponse:
    """Data as JSON, built here and not validated again."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, content_type=media_type)


def _page(request: Request, listing: Listing, page: Page, wanted: str) -> HttpResponse:
    following = _following(request, page.after) if page.after else None
    if wanted in FILES:
        answer = exports.part(request, listing, page.records, FILES[wanted])
    elif wanted == LINKED:
        answer = unless_held(request, sent(_linked(listing, page, request.actor), LINKED))
    else:
        answer = unless_held(request, sent(_shown(request, listing, page, following)))
    if following:
        answer["Link"] = f'<{following}>; rel="next"'
    return answer


def _shown(request: Request, listing: Listing, page: Page, following: str | None) -> dict[str, Any]:
    known = request.reading.known
    return {
        "listing": listing.name,
        "on": request.reading.on.isoformat(),
        "known": known.isoformat() if known else None,
        "items": list(items(listing, page.records, request.reading.on)),
        "next": following,
    }


def _following(request: Request, after: str) -> str:
    query = request.GET.copy()
    query["after"] = after
    return f"{request.build_absolute_uri(request.path)}?{query.urlencode()}"


def items(listing: Listing, records: Iterable[Any], day: dt.date) -> Iterator[dict[str, Any]]:
    """Records as rows of their list; those of the back office have no page of the common kind."""
    href, pages = f"{ROOT}{listing.name}/", list_address(listing.name) if listing.name in LISTINGS else ""
    columns = [(column.key, column.value) for column in listing.columns]
    for record in records:
        slug = plain(getattr(record, listing.slug))
        place = quote(str(slug))
        yield {
            "id": slug,
            "number": plain(record.pk),
            "href": href + place,
            "page": pages + place if pages else None,
            "in_force": force_of(record, day).name if listing.is_fact else None,
            "fields": {key: plain(value(record)) for key, value in columns},
        }


def _linked(listing: Listing, page: Page, actor: Actor) -> dict[str, Any]:
    kind = listing.model._meta.label_lower
    found = evidence_of([(kind, record.pk) for record in page.records], actor=actor)
    graph = [json_ld.of(listing, record, found[kind, record.pk].citations) for record in page.records]
    return {"@context": "https://schema.org", "@graph": graph}
