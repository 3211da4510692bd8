"""What the OpenAPI description says of each kind of operation beside its parameters and its answer."""

import inspect
import re
from typing import Any

from maillage.api.list_endpoints import EXPORT_FORMATS
from maillage.api.responses import JSON_LD

_TEXT = {"type": "string"}
_RAISES = re.compile(r"\bRaises\s.*", re.DOTALL)
_VERSION_HEADERS = {"ETag": {"schema": _TEXT, "description": "What was shown; of a record, also the version it is in."}}

_DEPRECATION_HEADERS = {
    "Deprecation": {"schema": _TEXT, "description": "Since when the name of this action is deprecated (RFC 9745)."},
    "Link": {"schema": _TEXT, "description": "Where the action is today, with rel=successor-version."},
}


def list_operation(*media: str) -> dict[str, Any]:
    """What is said of a list beside its parameters and its rows: the files, the other media types, and the way on."""
    link = {"Link": {"schema": _TEXT, "description": "The page that follows, with rel=next."}}
    return _read_operation(_VERSION_HEADERS | link, *media, *EXPORT_FORMATS)


def record_operation() -> dict[str, Any]:
    """What is said of a record of the register; one that was merged leads to the one that is kept."""
    found = _read_operation(_VERSION_HEADERS, JSON_LD)
    found["responses"][301] = {"description": "It is one with another record now: see Location."}
    return found


def back_office_operation() -> dict[str, Any]:
    """What is said of a record of the back office."""
    return _read_operation(_VERSION_HEADERS)


def _read_operation(headers: dict[str, Any], *media: str) -> dict[str, Any]:
    content = {one: {"schema": {"type": "object"} if one == JSON_LD else _TEXT} for one in media}
    shown = {"content": content, "headers": headers}
    held = {"description": "What `If-None-Match` names is what would be answered.", "headers": _VERSION_HEADERS}
    return {
        "parameters": [_header("If-None-Match", "The ETag of what you hold; nothing is sent where it is the same.")],
        "responses": {200: shown, 304: held},
        "security": [{}, {"Bearer": []}],
    }


def action_operation(*, deprecated: bool = False) -> dict[str, Any]:
    """What the description says of an action beside its arguments; `deprecated` is one under an old name."""
    replayed = {"Idempotent-Replayed": {"schema": _TEXT, "description": "`true`: the stored answer; nothing was done."}}
    return {
        "parameters": [
            _header("Idempotency-Key", "The same key with the same body gives the stored answer, for 24 hours."),
            _header("If-Match", "The ETag of the record as it was read; refused with 412 where it has changed since."),
        ],
        "responses": {200: {"headers": _VERSION_HEADERS | replayed | (_DEPRECATION_HEADERS if deprecated else {})}},
    }


def _header(name: str, words: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "schema": _TEXT, "description": words}


def public_docstring(docstring: str | None) -> str:
    """What a docstring says to whoever calls from outside: what is raised within is told by the problems."""
    return _RAISES.sub("", inspect.cleandoc(docstring or "")).strip()
