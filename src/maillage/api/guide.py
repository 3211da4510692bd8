"""The page that describes the API to people, made from the same description as programs read."""

import functools
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from maillage.api.openapi_schema import get_openapi_schema, reader_language


def api_guide(request: HttpRequest) -> HttpResponse:
    """Every address of the API with its parameters, and how to begin."""
    return render(request, "api/guide.html", {"addresses": _rendered_addresses(reader_language())})


@functools.lru_cache(maxsize=8)
def _rendered_addresses(language: str) -> SafeString:
    """The part that is the same for every reader, rendered once in each language, which is the active one."""
    schema = get_openapi_schema()
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, methods in schema["paths"].items():
        for method, operation in methods.items():
            if operation.get("deprecated"):
                continue
            about = {"fields": _fields(schema, operation), "description": _description(operation, language)}
            one = {**operation, "address": address, "method": method.upper(), **about}
            groups.setdefault(operation["tags"][0], []).append(one)
    return render_to_string("api/guide_addresses.html", {"groups": groups})


def _fields(schema: Any, operation: dict[str, Any]) -> list[dict[str, Any]]:
    """The parameters of an address, or the members of its body."""
    if "requestBody" not in operation:
        shown = (one for one in operation["parameters"] if one["in"] != "header")
        return [{"name": one["name"], **_type_and_values(one["schema"])} for one in shown]
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    members = schema["components"]["schemas"][body["$ref"].rsplit("/", 1)[-1]] if "$ref" in body else body
    needed = members.get("required", [])
    return [
        {"name": name, "required": name in needed, **_type_and_values(one)}
        for name, one in members["properties"].items()
    ]


def _description(operation: dict[str, Any], language: str) -> str:
    """What is said of an action in the code is English alone; its title is there in both languages."""
    spoken = language == "en" or operation["tags"] != ["actions"]
    return str(operation.get("description", "")) if spoken else ""


def _type_and_values(schema: dict[str, Any]) -> dict[str, Any]:
    kinds = [schema.get("type"), *(each.get("type") for each in schema.get("anyOf", []))]
    values = schema.get("enum", [])
    return {"type": " | ".join(kind for kind in kinds if kind), "values": [value for value in values if value]}
