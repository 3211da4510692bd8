"""The description of the API for programs (OpenAPI): made of every room, once in each language, since it takes long."""

import functools
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from maillage.api.values import ROOT


def openapi(request: HttpRequest) -> HttpResponse:
    """The description, in the reader's language where the register's own words are."""
    return HttpResponse(text_in(reading_language()), content_type="application/json")


def described() -> dict[str, Any]:
    """The same as a value, each time another one."""
    found: dict[str, Any] = json.loads(text_in(reading_language()))
    return found


def reading_language() -> str:
    """The language of the reader, of those that the site speaks."""
    return (get_language() or "fr")[:2]


@functools.lru_cache(maxsize=8)
def text_in(language: str) -> bytes:
    """Made in the active language, which is the one named."""
    # It is made of every address, and this is one of them.
    from maillage.api.urls import api

    schema = api.get_openapi_schema(path_prefix=ROOT)
    return json.dumps(schema, cls=DjangoJSONEncoder, ensure_ascii=False).encode()
