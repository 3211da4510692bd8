"""What a correction changes: the old value and the new one, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from maillage.core import formats
from maillage.core.request import Request
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.row import RowField
from maillage.core.rows.values import Choice, Values
from maillage.web.facts.dated_names import name_words
from maillage.web.facts.fields import is_date, picked_lists
from maillage.web.facts.record_picker import find_by_key
from maillage.web.facts.source_fields import source_words
from maillage.web.facts.understood import understood_date


@dataclass(frozen=True, slots=True)
class Change:
    """A field with what it was and what it becomes, in words; an empty text is no value."""

    title: str
    old: str
    new: str


def row_changes(request: Request, fact_list: AnyFactList, row: Values, values: Values) -> Iterator[Change]:
    """The changes that `values` make to a `row`; sources are added, never replaced."""
    for field in fact_list.fields:
        if field.key not in values:
            continue
        if field.name == "source":
            yield Change(field.title, "", value_words(request, field, values[field.key]))
            continue
        old, new = (value_words(request, field, item.get(field.key)) for item in (row, values))
        if old != new:
            yield Change(field.title, old, new)


def value_words(request: Request, field: RowField, value: object) -> str:
    """A value of a row as a person reads it."""
    if isinstance(value, list):
        is_source = field.name == "source"
        return formats.join_items(
            source_words(item) if is_source else value_words(request, field, item) for item in value
        )
    if isinstance(value, dict):
        return name_words(value)
    if is_date(field.type):
        return understood_date(str(value or ""), field.type).date or formats.partial_date(str(value))
    if value in (None, ""):
        return ""
    if lists := picked_lists(field):
        return str(find_by_key(request, lists, str(value)) or value)
    return field.type.to_text(value) if isinstance(field.type, Choice) else str(value)
