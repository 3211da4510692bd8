"""The OpenAPI description of the API; built once for each language, since it takes long."""

import functools
import json

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from maillage.api.addresses import API_ROOT
from maillage.api.endpoints import api
from maillage.api.problems import MEDIA_TYPE
from maillage.api.responses import JSON
from maillage.core.json_types import Json, JsonObject

_RETRY = {"Retry-After": {"schema": {"type": "integer"}, "description": "How many seconds to wait."}}


def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description, with titles in the reader's language."""
    return HttpResponse(openapi_json(reader_language()), content_type="application/json")


def get_openapi_schema() -> JsonObject:
    """The OpenAPI description as a new dictionary, which the caller may change."""
    schema: JsonObject = json.loads(openapi_json(reader_language()))
    return schema


def reader_language() -> str:
    """The active language as a code of two letters."""
    return (get_language() or "fr")[:2]


@functools.lru_cache(maxsize=8)
def openapi_json(language: str) -> bytes:
    """The OpenAPI description; `language` is the cache key and must be the active language."""
    schema = api.get_openapi_schema(path_prefix=API_ROOT)
    for methods in schema["paths"].values():
        for operation in methods.values():
            _document_problems(operation["responses"])
    return json.dumps(schema, cls=DjangoJSONEncoder, ensure_ascii=False).encode()


def _document_problems(responses: dict[int, Json]) -> None:
    """Set the media type of problems, and document `Retry-After` for 429."""
    for response in (problem for status, problem in responses.items() if status >= 400):
        response["content"] = {MEDIA_TYPE: response["content"][JSON]}
    responses[429]["headers"] = _RETRY
