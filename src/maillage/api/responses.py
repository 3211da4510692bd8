"""Responses of the API: JSON with its ETag, in the media type that was asked for."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from maillage.api.problems import ProblemError
from maillage.core.record_versions import response_etag
from maillage.core.request import Request

JSON, JSON_LD = "application/json", "application/ld+json"


def conditional_response(request: HttpRequest, answer: HttpResponse, version: str = "") -> HttpResponse:
    """The answer with its ETag; without its body (304) where `If-None-Match` says that the client holds it."""
    answer["ETag"] = response_etag(version, answer.content)
    return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer


def negotiated_media_type(request: Request, *offered: str) -> str:
    """The media type to answer with. Raises a problem 406."""
    if request.headers.get("Accept", "*/*") in ("*/*", JSON):
        return JSON
    wanted = request.get_preferred_type(list(offered))
    if wanted is None:
        raise ProblemError(406, _("Ask for one of: %(types)s.") % {"types": ", ".join(offered)})
    return wanted


def json_response(data: Any, media_type: str = JSON) -> HttpResponse:
    """Data as JSON, built here and not validated again."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, content_type=media_type)
