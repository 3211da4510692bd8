"""The JSON Schema of documents, for editors and for the messages of faults."""

import functools
from typing import TypeAlias

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from maillage.core.json_types import JsonObject
from maillage.documents.plain_yaml import DocumentPath

JsonSchema: TypeAlias = JsonObject
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _DocumentSchema(GenerateJsonSchema):
    """Describes the pattern of the keys of named mappings, and refuses other keys."""

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchema:
        described = super().dict_schema(schema)
        for pattern, values in described.pop("patternProperties", {}).items():
            described |= {"propertyNames": {"pattern": pattern}, "additionalProperties": values}
        return described


def json_schema(model: type[BaseModel]) -> JsonSchema:
    """The JSON Schema (2020-12) of the YAML documents of a model, with the words known to this site."""
    return {"$schema": DIALECT, **model.model_json_schema(mode="validation", schema_generator=_DocumentSchema)}


@functools.lru_cache(maxsize=16)
def cached_json_schema(model: type[BaseModel]) -> JsonSchema:
    """`json_schema`, cached; words registered after the first call are not in it."""
    return json_schema(model)


def schema_at(schema: JsonSchema, path: DocumentPath) -> JsonSchema:
    """The part of a schema that describes the value at a path; empty where the schema has no such path."""
    part = _resolve(schema, schema)
    for step in path:
        inner = part.get("properties", {}).get(step)
        if inner is None:
            inner = part.get("items") if isinstance(step, int) else part.get("additionalProperties")
        if not isinstance(inner, dict):
            return part if isinstance(step, int) else {}
        part = _resolve(schema, inner)
    return part


def _resolve(schema: JsonSchema, part: JsonSchema) -> JsonSchema:
    """Follow references; of alternatives take the last that is not null, which is the list of “one or many”."""
    while True:
        if "$ref" in part:
            part = schema["$defs"][part["$ref"].rsplit("/", 1)[-1]]
        elif "anyOf" in part:
            part = [choice for choice in part["anyOf"] if choice.get("type") != "null"][-1]
        else:
            return part
