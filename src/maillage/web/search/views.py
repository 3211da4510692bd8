"""The search box: a page of results, or the first few below the box while the reader types."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from maillage.core.request import Request
from maillage.listing.listing import LISTINGS
from maillage.partnerships.need_search import find_in_needs
from maillage.people.models import User
from maillage.search.queries import find_records

_AS_ONE_TYPES, _ON_A_PAGE = 8, 40
_LONGEST = 200


def search_page(request: Request) -> HttpResponse:
    """The records that match the text, best first."""
    text = request.GET.get("q", "").replace("\0", "")[:_LONGEST].strip()
    typing = bool(request.htmx) and not request.htmx.boosted
    limit = _AS_ONE_TYPES if typing else _ON_A_PAGE
    hits = find_records(text, actor=request.actor, on=request.as_of.on, limit=limit) if text else []
    context: dict[str, object] = {"find_text": text, "hits": [(hit, LISTINGS[hit.kind].singular) for hit in hits]}
    if text and not typing and isinstance(request.user, User):
        context["need_hits"] = find_in_needs(text, request.user, timezone.now())
    return render(request, "web/found.html" if typing else "web/find.html", context)
