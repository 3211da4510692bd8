"""Keys and numbers of new facts, so that nobody has to invent them."""

from collections.abc import Collection, Iterator
from itertools import count
from typing import Any

from django.db.models import Max
from django.utils.text import slugify

from maillage.core.rows.fact_list import FactList, Values
from maillage.core.rows.outcomes import find_first
from maillage.core.rows.row import RowField
from maillage.core.rows.values import Key
from maillage.core.text import fold

_PROPER = ("name_en", "name_fr", "name", "title_en", "title_fr", "purpose", "purpose_fr")
_NAMES = (*_PROPER, "kind", "kind_fr", "acronym")
# What tells records of one name apart.
_TOLD_BY = (*_NAMES, "city")
_LENGTH = 60


def is_made(field: RowField) -> bool:
    """Whether a new fact gets its key from its name if none is given; the key of another record is picked instead."""
    return isinstance(field.type, Key) and field.key == "key" and not field.described.picks


def can_make_key(fact_list: FactList[Any], keys: Collection[str]) -> bool:
    """Whether a key can be made from fields of these keys: one at least is a name, if the list has names."""
    own = {field.key for field in fact_list.fields}
    return any(name in keys for name in (own.intersection(_PROPER) or _NAMES))


def key_stem(fact_list: FactList[Any], values: Values) -> str:
    """The key that the first name of the values gives, whether or not a record has it."""
    name = next((str(values[key]) for key in _NAMES if values.get(key)), "")
    return slugify(fold(name))[:_LENGTH].strip("-") or fact_list.name.replace("_", "-")


def new_key(fact_list: FactList[Any], values: Values) -> str:
    """A key from the first name that the values give, which no record of the list has."""
    stem = key_stem(fact_list, values)
    keys = set(fact_list.model.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return next(key for key in _numbered(stem) if key not in keys)


def key_of_row(fact_list: FactList[Any], values: Values) -> str:
    """The key that a row without one means: that made from its names, of a record that has these names or is to be.

    A sheet that is loaded again thus finds the records that it made.
    """
    told = {name: fold(str(values[name])) for name in _TOLD_BY if values.get(name)}
    for key in _numbered(key_stem(fact_list, values)):
        record = find_first(fact_list.model, {"key": key})
        if record is None or all(fold(str(getattr(record, name, ""))) == text for name, text in told.items()):
            return key
    raise AssertionError("numbers do not end")


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    yield from (f"{stem}-{number}" for number in count(2))


def next_number(fact_list: FactList[Any]) -> int:
    """The number after the greatest of the list."""
    greatest = fact_list.model.objects.aggregate(greatest=Max("number"))["greatest"]
    return (greatest or 0) + 1
