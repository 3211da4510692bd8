"""Responses of the API: JSON, ETag and content negotiation."""

import json

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from maillage.api.problems import ProblemError
from maillage.core.record_versions import response_etag
from maillage.core.request import Request

JSON, JSON_LD = "application/json", "application/ld+json"


def conditional_response(request: HttpRequest, answer: HttpResponse, version: str = "") -> HttpResponse:
    """The response with its ETag; 304 without content if `If-None-Match` names that ETag."""
    answer["ETag"] = response_etag(version, answer.content)
    return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer


def negotiated_media_type(request: Request, *offered: str) -> str:
    """The media type that the client prefers. Raises `ProblemError` 406 if none is acceptable."""
    if request.headers.get("Accept", "*/*") in ("*/*", JSON):
        return JSON
    media_type = request.get_preferred_type(list(offered))
    if media_type is None:
        raise ProblemError(406, _("Ask for one of: %(types)s.") % {"types": ", ".join(offered)})
    return media_type


def json_response(data: object, media_type: str = JSON) -> HttpResponse:
    """Data as JSON, without validation against the schema."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, content_type=media_type)
