"""The description of the API for programs (OpenAPI): made of every room, once in each language, since it takes long."""

import functools
import inspect
import json
import re
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from maillage.api.lists import FILES, JSON, LINKED
from maillage.api.problems import MEDIA_TYPE
from maillage.api.values import ROOT

_TEXT = {"type": "string"}
_RAISES = re.compile(r"\bRaises\s.*", re.DOTALL)
_VERSION = {"ETag": {"schema": _TEXT, "description": "What was shown; of a record, also the version it is in."}}
_RETRY = {"Retry-After": {"schema": {"type": "integer"}, "description": "How many seconds to wait."}}


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
    for methods in schema["paths"].values():
        for operation in methods.values():
            _say_problems(operation["responses"])
    return json.dumps(schema, cls=DjangoJSONEncoder, ensure_ascii=False).encode()


def _say_problems(responses: dict[Any, Any]) -> None:
    """Problems have a media type of their own, and whoever is to wait is told how long."""
    for response in (one for status, one in responses.items() if status >= 400):
        response["content"] = {MEDIA_TYPE: response["content"][JSON]}
    responses[429]["headers"] = _RETRY


def of_list(*media: str) -> dict[str, Any]:
    """What is said of a list beside its parameters and its rows: the files, the other media types, and the way on."""
    link = {"Link": {"schema": _TEXT, "description": "The page that follows, with rel=next."}}
    return _read(_VERSION | link, *media, *FILES)


def of_record() -> dict[str, Any]:
    """What is said of a record of the register; one that was merged leads to the one that is kept."""
    found = _read(_VERSION, LINKED)
    found["responses"][301] = {"description": "It is one with another record now: see Location."}
    return found


def of_entry() -> dict[str, Any]:
    """What is said of a record of the back office."""
    return _read(_VERSION)


def _read(headers: dict[str, Any], *media: str) -> dict[str, Any]:
    content = {one: {"schema": {"type": "object"} if one == LINKED else _TEXT} for one in media}
    shown = {"content": content, "headers": headers}
    held = {"description": "What `If-None-Match` names is what would be answered.", "headers": _VERSION}
    return {
        "parameters": [_header("If-None-Match", "The ETag of what you hold; nothing is sent where it is the same.")],
        "responses": {200: shown, 304: held},
        "security": [{}, {"Bearer": []}],
    }


def of_action() -> dict[str, Any]:
    """What is said of an action beside its arguments."""
    replayed = {"Idempotent-Replayed": {"schema": _TEXT, "description": "`true`: the stored answer; nothing was done."}}
    return {
        "parameters": [
            _header("Idempotency-Key", "The same key with the same body gives the stored answer, for 24 hours."),
            _header("If-Match", "The ETag of the record as it was read; refused with 412 where it has changed since."),
        ],
        "responses": {200: {"headers": _VERSION | replayed}},
    }


def _header(name: str, words: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "schema": _TEXT, "description": words}


def told(docstring: str | None) -> str:
    """What a docstring says to whoever calls from outside: what is raised within is told by the problems."""
    return _RAISES.sub("", inspect.cleandoc(docstring or "")).strip()
