"""The description of a row: a pydantic model whose fields have a type, a title and a help in both languages."""

import datetime as dt
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Self

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from maillage.core.rows.described import Described
from maillage.core.rows.errors import InvalidValueError, RowError
from maillage.core.rows.sources import Citations
from maillage.core.rows.values import Attestation, Choice, Day, PartialDate, Raw, Text, UniqueKey, Value, ValueType
from maillage.core.security.visibility import Visibility

__all__ = [
    "Described",
    "End",
    "FactRow",
    "LastingRow",
    "NoteEn",
    "NoteFr",
    "Row",
    "RowField",
    "Start",
    "UnknownEnd",
    "VisibilityValue",
    "alias",
    "check_keys",
    "fields_by_name",
    "optional",
    "row_fields",
    "suggest",
]


@dataclass(frozen=True, slots=True)
class RowField:
    """A field of a row as its description gives it: `key` is its name in files, sheets and JSON."""

    name: str
    key: str
    type: ValueType
    described: Described
    required: bool

    @property
    def title(self) -> str:
        return str(self.described.title)

    @property
    def help(self) -> str:
        return str(self.described.help)

    @property
    def into(self) -> str:
        return self.described.into or self.name


class Row(BaseModel):
    """A row of a list. A field that a row does not give is not in `model_fields_set`, and stays as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, arbitrary_types_allowed=True)

    def given(self) -> list[RowField]:
        """The fields that the row gives, in the order of its description."""
        given = self.model_fields_set
        return [field for field in row_fields(type(self)) if field.name in given]

    def has(self, *names: str) -> bool:
        """Whether the row gives one of these fields."""
        return bool(self.model_fields_set & set(names))

    @classmethod
    def read(cls, values: Mapping[str, Raw]) -> Self:
        """The row of these values by key. Raises `RowError` for an unknown or missing key, or a wrong value."""
        check_keys(values, [field.key for field in row_fields(cls)])
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            raise _row_error(cls, error) from error


Start = Annotated[str, PartialDate(), Described(_("Start"), _(
    "As precisely as it is known: 2006, July 2024, 15/7/2024; empty if not known."), into="period_start")]  # fmt: skip
End = Annotated[str, PartialDate(end=True, absent=".."), Described(_("End"), _(
    "Empty if it still holds."), into="period_end")]  # fmt: skip
UnknownEnd = Annotated[str, PartialDate(end=True), Described(_("End"), _(
    "As precisely as it is known; “still true” if it still holds; empty if not known."),
    into="period_end")]  # fmt: skip
NoteEn = Annotated[str, Text(long=True), Described(_("Note in English"), into="note_en")]
NoteFr = Annotated[str, Text(long=True), Described(_("Note in French"), into="note_fr")]
VisibilityValue = Annotated[str, Choice(Visibility.choices), Described(_("Visibility"), _(
    "Who may read it."))]  # fmt: skip


class LastingRow(Row):
    """The fields that every record of a list has beside its own."""

    id: Annotated[str, UniqueKey(), Described(_("Lasting key"), _(
        "Made when the fact was first recorded; leave it as it is."), into="uid", editable=False)] = ""  # fmt: skip
    visibility: VisibilityValue = Visibility.PUBLIC
    read_on: Annotated[dt.date | None, Day(), Described(_("Source read on"), editable=False)] = None
    citations: Citations = []


class FactRow(LastingRow):
    """A record with a period, which its sources may attest at a day."""

    attested: Annotated[str, Attestation(), Described(_("Attested"), _(
        "The last date at which a source shows it true."), editable=False, files_only=True)] = ""  # fmt: skip


@cache
def row_fields(row: type[Row]) -> tuple[RowField, ...]:
    """The fields of a row: its own in the order of their description, then those that every fact has."""
    fields = [_row_field(name, info) for name, info in row.model_fields.items()]
    common = FactRow.model_fields.keys()
    return tuple(sorted(fields, key=lambda field: field.name in common))


@cache
def fields_by_name(row: type[Row]) -> dict[str, RowField]:
    """The fields of a row by name."""
    return {field.name: field for field in row_fields(row)}


def _row_field(name: str, info: FieldInfo) -> RowField:
    value_type = next(item for item in info.metadata if isinstance(item, ValueType))
    described = next(item for item in reversed(info.metadata) if isinstance(item, Described))
    return RowField(name, info.alias or name, value_type, described, info.is_required())


def check_keys(values: Iterable[str], known: list[str]) -> None:
    """Raise `RowError` for a key that is not known, with the nearest one that is."""
    for key in values:
        if key not in known:
            message = gettext("unknown key “%(key)s”; %(hint)s")
            raise RowError(message % {"key": key, "hint": suggest(str(key), known)}, str(key))


def suggest(word: str, known_words: Iterable[str]) -> str:
    """The known word that is nearest to a word, or all of them, as the end of a message."""
    known = list(known_words)
    if matches := difflib.get_close_matches(word, known, n=1):
        return gettext("did you mean “%(word)s”?") % {"word": matches[0]}
    return gettext("known are %(words)s") % {"words": ", ".join(sorted(known))}


def _row_error(row: type[Row], error: ValidationError) -> RowError:
    first = error.errors()[0]
    key = str(first["loc"][0]) if first["loc"] else ""
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, InvalidValueError):
        return cause.as_row_error(key)
    if isinstance(cause, RowError):
        return cause
    if first["type"] == "missing":
        return RowError(gettext("“%(key)s” is missing; add it") % {"key": key})
    return RowError(str(cause or first["msg"]), key)


def alias(key: str) -> Value:
    """A required field that files and sheets call otherwise: `from_: Start = alias("from")`."""
    return Field(alias=key)


def optional(key: str, default: Value = "") -> Value:
    """A field that may be absent, and that files and sheets call otherwise."""
    return Field(default=default, alias=key)
