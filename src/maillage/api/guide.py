"""The page that documents the API for people, rendered from the OpenAPI description."""

import functools
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from maillage.api.openapi_schema import get_openapi_schema, reader_language
from maillage.core.json_types import Json, JsonObject


def api_guide(request: HttpRequest) -> HttpResponse:
    """Every address of the API with its parameters, and how to begin."""
    return render(request, "api/guide.html", {"addresses": _rendered_addresses(reader_language())})


@functools.lru_cache(maxsize=8)
def _rendered_addresses(language: str) -> SafeString:
    """The list of addresses, the same for every reader: rendered once for each language. `language` must be active."""
    schema = get_openapi_schema()
    groups: dict[str, list[JsonObject]] = {}
    for address, methods in schema["paths"].items():
        for method, operation in methods.items():
            if operation.get("deprecated"):
                continue
            details = {"fields": _fields(schema, operation), "description": _description(operation, language)}
            entry = {**operation, "address": address, "method": method.upper(), **details}
            groups.setdefault(operation["tags"][0], []).append(entry)
    return render_to_string("api/guide_addresses.html", {"groups": groups})


def _fields(schema: Json, operation: JsonObject) -> list[JsonObject]:
    """The parameters of an address, or the properties of its request body."""
    if "requestBody" not in operation:
        parameters = (parameter for parameter in operation["parameters"] if parameter["in"] != "header")
        return [{"name": parameter["name"], **_type_and_values(parameter["schema"])} for parameter in parameters]
    body = next(iter(operation["requestBody"]["content"].values()))["schema"]
    members = schema["components"]["schemas"][body["$ref"].rsplit("/", 1)[-1]] if "$ref" in body else body
    required = members.get("required", [])
    return [
        {"name": name, "required": name in required, **_type_and_values(member)}
        for name, member in members["properties"].items()
    ]


def _description(operation: Mapping[str, object], language: str) -> str:
    """The description; for an action only in English, since it is the docstring. Its title is translated."""
    is_in_language = language == "en" or operation["tags"] != ["actions"]
    return str(operation.get("description", "")) if is_in_language else ""


def _type_and_values(schema: JsonObject) -> dict[str, object]:
    type_names = [schema.get("type"), *(option.get("type") for option in schema.get("anyOf", []))]
    values = schema.get("enum", [])
    return {
        "type": " | ".join(type_name for type_name in type_names if type_name),
        "values": [value for value in values if value],
    }
