"""Faults of a document, each with its line and its remedy."""

import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from maillage.core.action_registry import ActionError
from maillage.documents.json_schema import JsonSchema, schema_at
from maillage.documents.plain_yaml import DocumentPath

FAULT = "fault"
_KEY_STEP = "[key]"
_SHOWN_LENGTH, _SHOWN_CHOICES = 60, 30


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A fault on a line (from 1); the message says what to do."""

    line: int
    message: str

    def __str__(self) -> str:
        return _("Line %(line)s: %(message)s") % {"line": self.line, "message": self.message}


class InvalidDocumentError(ActionError):
    """A text that is not a valid document, with all its faults in the order of their lines."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


def unknown_word_message(word: object, known: Collection[str]) -> str:
    """The message for an unknown word: it proposes the closest known word or, without one, all of them."""
    if word is None:
        return _("Expected here: %s.") % ", ".join(sorted(known)[:_SHOWN_CHOICES])
    close = difflib.get_close_matches(str(word), list(known), n=1)
    proposed = close[0] if close else ", ".join(sorted(known)[:_SHOWN_CHOICES])
    message = _("“%(word)s” is not known here; use %(known)s.")
    return message % {"word": str(word)[:_SHOWN_LENGTH], "known": f"“{proposed}”"}


def missing_key_message(key: str) -> str:
    return _("“%s:” is missing; add it.") % key


def names_expected_message() -> str:
    return _("Expected here: names, each with what it stands for.")


def whole_number_message(low: int, high: int) -> str:
    return _("Expected here: a whole number from %(low)s to %(high)s.") % {"low": low, "high": high}


def faults_of(error: ValidationError, schema: JsonSchema, lines: Mapping[DocumentPath, int]) -> list[Fault]:
    """Every error of pydantic as a fault, on the line of its part or of the nearest enclosing one.

    `schema` is the JSON Schema of the model: limits and known keys are read from it.
    """
    return [Fault(_line(detail["loc"], lines), _message(detail, schema)) for detail in error.errors(include_url=False)]


def _line(path: DocumentPath, lines: Mapping[DocumentPath, int]) -> int:
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _message(detail: ErrorDetails, schema: JsonSchema) -> str:
    """Our message for an error, or that of pydantic where we have none."""
    if detail["type"] == FAULT:
        return str(detail["ctx"]["text"])
    return next(_sentences(detail["type"], detail["loc"], detail["input"], schema), detail["msg"])


def _sentences(kind: str, path: DocumentPath, value: object, schema: JsonSchema) -> Iterator[str]:
    if kind == "missing":
        yield missing_key_message(str(path[-1]))
    if kind == "extra_forbidden":
        yield unknown_word_message(path[-1], schema_at(schema, path[:-1]).get("properties", {}))
    if path[-1:] == (_KEY_STEP,):
        yield _name_message(value)
    yield from _value_sentences(value, schema_at(schema, path))


def _value_sentences(value: object, expected: JsonSchema) -> Iterator[str]:
    """Yield what the schema expects instead of a value."""
    if "enum" in expected:
        yield unknown_word_message(value, expected["enum"])
    if "pattern" in expected:
        yield _name_message(value)
    if "maxLength" in expected:
        yield _("This is a text of 1 to %s characters.") % expected["maxLength"]
    if "minimum" in expected:
        yield whole_number_message(expected["minimum"], expected["maximum"])
    if expected.get("type") == "boolean":
        yield _("Expected here: yes or no.")
    if expected.get("type") == "object":
        yield _mapping_message(expected.get("properties", {}))


def _mapping_message(properties: Collection[str]) -> str:
    if set(properties) == {"fr", "en"}:
        return _("Give the text in both languages: {fr: …, en: …}.")
    if not properties:
        return names_expected_message()
    return _("Expected here: %s.") % ", ".join(f"{key}:" for key in sorted(properties))


def _name_message(value: object) -> str:
    return _("“%s” is no name; use small letters, digits and hyphens.") % str(value)[:_SHOWN_LENGTH]
