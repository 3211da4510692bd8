"""The description of the API for programs (OpenAPI): made of every room, once in each language, since it takes long."""

import functools
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from maillage.api.addresses import API_ROOT
from maillage.api.endpoints import api
from maillage.api.problems import MEDIA_TYPE
from maillage.api.responses import JSON

_RETRY = {"Retry-After": {"schema": {"type": "integer"}, "description": "How many seconds to wait."}}


def openapi(request: HttpRequest) -> HttpResponse:
    """The description, in the reader's language where the register's own words are."""
    return HttpResponse(openapi_json(reader_language()), content_type="application/json")


def get_openapi_schema() -> dict[str, Any]:
    """The same as a value, each time another one."""
    found: dict[str, Any] = json.loads(openapi_json(reader_language()))
    return found


def reader_language() -> str:
    """The language of the reader, of those that the site speaks."""
    return (get_language() or "fr")[:2]


@functools.lru_cache(maxsize=8)
def openapi_json(language: str) -> bytes:
    """Made in the active language, which is the one named."""
    schema = api.get_openapi_schema(path_prefix=API_ROOT)
    for methods in schema["paths"].values():
        for operation in methods.values():
            _document_problems(operation["responses"])
    return json.dumps(schema, cls=DjangoJSONEncoder, ensure_ascii=False).encode()


def _document_problems(responses: dict[Any, Any]) -> None:
    """Problems have a media type of their own, and whoever is to wait is told how long."""
    for response in (one for status, one in responses.items() if status >= 400):
        response["content"] = {MEDIA_TYPE: response["content"][JSON]}
    responses[429]["headers"] = _RETRY
