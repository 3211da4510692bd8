"""Additions to the OpenAPI description of each kind of operation: headers, media types, security."""

import inspect
import re
from collections.abc import Mapping

from maillage.api.list_endpoints import EXPORT_FORMATS
from maillage.api.responses import JSON_LD
from maillage.core.json_types import JsonObject

_TEXT = {"type": "string"}
_RAISES = re.compile(r"\bRaises\s.*", re.DOTALL)
_VERSION_HEADERS = {"ETag": {"schema": _TEXT, "description": "What was shown; of a record, also the version it is in."}}

_DEPRECATION_HEADERS = {
    "Deprecation": {"schema": _TEXT, "description": "Since when the name of this action is deprecated (RFC 9745)."},
    "Link": {"schema": _TEXT, "description": "Where the action is today, with rel=successor-version."},
}


def list_operation(*media: str) -> dict[str, object]:
    """Additions for a list: export formats, other media types in `media`, and the `Link` to the next page."""
    link = {"Link": {"schema": _TEXT, "description": "The page that follows, with rel=next."}}
    return _read_operation(_VERSION_HEADERS | link, *media, *EXPORT_FORMATS)


def record_operation() -> dict[str, object]:
    """Additions for a record of the register; a merged record redirects to the one that remains."""
    operation = _read_operation(_VERSION_HEADERS, JSON_LD)
    operation["responses"][302] = {"description": "It is one with another record now: see Location."}
    return operation


def back_office_operation() -> dict[str, object]:
    """Additions for a record of the back office."""
    return _read_operation(_VERSION_HEADERS)


def _read_operation(headers: Mapping[str, object], *media: str) -> JsonObject:
    content = {media_type: {"schema": {"type": "object"} if media_type == JSON_LD else _TEXT} for media_type in media}
    success = {"content": content, "headers": headers}
    not_modified = {"description": "What `If-None-Match` names is what would be answered.", "headers": _VERSION_HEADERS}
    return {
        "parameters": [_header("If-None-Match", "The ETag of what you hold; nothing is sent where it is the same.")],
        "responses": {200: success, 304: not_modified},
        "security": [{}, {"Bearer": []}],
    }


def action_operation(*, deprecated: bool = False) -> dict[str, object]:
    """Additions for an action; `deprecated` for an action under an old name."""
    replayed = {"Idempotent-Replayed": {"schema": _TEXT, "description": "`true`: the stored answer; nothing was done."}}
    return {
        "parameters": [
            _header("Idempotency-Key", "The same key with the same body gives the stored answer, for 24 hours."),
            _header("If-Match", "The ETag of the record as it was read; refused with 412 where it has changed since."),
        ],
        "responses": {200: {"headers": _VERSION_HEADERS | replayed | (_DEPRECATION_HEADERS if deprecated else {})}},
    }


def document_operation(visibilities: list[str]) -> dict[str, object]:
    """The body of an address that takes a file in a form, with the visibilities that it may have."""
    properties = {
        "file": {"type": "string", "format": "binary", "description": "The document whose SHA-256 the source names."},
        "visibility": {"type": "string", "enum": visibilities, "description": "Who may read it."},
    }
    schema = {"type": "object", "properties": properties, "required": ["file"]}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


def _header(name: str, description: str) -> dict[str, object]:
    return {"name": name, "in": "header", "required": False, "schema": _TEXT, "description": description}


def public_docstring(docstring: str | None) -> str:
    """A docstring without its “Raises” part, since a caller of the API gets problems instead of exceptions."""
    return _RAISES.sub("", inspect.cleandoc(docstring or "")).strip()
