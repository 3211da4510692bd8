"""The JSON Schema of list files, from the descriptions of their rows."""

from collections.abc import Mapping

from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.row import RowField
from maillage.documents.json_schema import DIALECT, JsonSchema

_META = {
    "type": "object",
    "description": "About the file itself.",
    "properties": {
        "read_on": {"type": "string", "description": "The day on which its sources were read, such as 2026-11-23."},
        "seed": {"type": "string", "description": "The address for which the word “seed” stands as a source."},
    },
}


def lists_schema(lists: Mapping[str, AnyFactList]) -> JsonSchema:
    """The JSON Schema (2020-12) of the files of these lists, with the fields of each row."""
    rows = {name: {"type": "array", "items": {"$ref": f"#/$defs/{name}"}} for name in lists}
    return {
        "$schema": DIALECT,
        "title": "Lists of the register",
        "type": "object",
        "properties": {"meta": _META, **rows},
        "additionalProperties": False,
        "$defs": {name: row_schema(fact_list) for name, fact_list in lists.items()},
    }


def row_schema(fact_list: AnyFactList) -> JsonSchema:
    """The JSON Schema of a row of a list: title, help, type and example of each field.

    Fields that files alone write are `readOnly`: actions refuse them.
    """
    key = ", ".join(fact_list.field(name).key for name in fact_list.natural_key)
    return {
        "title": str(fact_list.title),
        "description": f"{fact_list.row.__doc__ or ''} Without its lasting key, a row is told from another by: {key}.",
        "type": "object",
        "properties": {field.key: _field_schema(field) for field in fact_list.fields},
        "required": [field.key for field in fact_list.fields if field.required],
        "additionalProperties": False,
    }


def _field_schema(field: RowField) -> JsonSchema:
    words = {"title": field.title, "description": field.help, "examples": [field.described.example]}
    given = {key: value for key, value in words.items() if value not in ("", [""])}
    return {**field.type.json_schema(), **given, **({"readOnly": True} if field.described.files_only else {})}
