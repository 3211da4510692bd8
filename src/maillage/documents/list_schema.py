"""The JSON Schema of list files, from the declarations of the list loaders."""

from collections.abc import Mapping

from maillage.core.list_loader import COMMON_KEYS, ListLoader
from maillage.documents.json_schema import DIALECT, JsonSchema

_META = {
    "type": "object",
    "description": "About the file itself.",
    "properties": {
        "read_on": {"type": "string", "description": "The day on which its sources were read, such as 2026-11-23."},
        "seed": {"type": "string", "description": "The address for which the word “seed” stands as a source."},
    },
}


def lists_schema(loaders: Mapping[str, ListLoader]) -> JsonSchema:
    """The JSON Schema (2020-12) of the files that these loaders read, with allowed and required keys of each row."""
    rows = {name: {"type": "array", "items": {"$ref": f"#/$defs/{name}"}} for name in loaders}
    return {
        "$schema": DIALECT,
        "title": "Lists of the register",
        "type": "object",
        "properties": {"meta": _META, **rows},
        "additionalProperties": False,
        "$defs": {name: _row_schema(loader) for name, loader in loaders.items()},
    }


def _row_schema(loader: ListLoader) -> JsonSchema:
    keys = sorted(loader.fields | COMMON_KEYS)
    return {
        "title": loader.name,
        "description": f"A row is told from another by: {', '.join(loader.identity)}.",
        "type": "object",
        "properties": {key: {"title": key.replace("_", " ").capitalize()} for key in keys},
        "required": [key for key in loader.identity if key not in loader.optional_identity],
        "additionalProperties": False,
    }
