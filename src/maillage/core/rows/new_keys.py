"""Keys and numbers of new facts, so that nobody has to invent them."""

from collections.abc import Collection, Iterator
from itertools import count

from django.db.models import Max
from django.utils.text import slugify

from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.outcomes import find_first
from maillage.core.rows.row import RowField
from maillage.core.rows.values import Key, Values
from maillage.core.text import fold

_PROPER = ("name_en", "name_fr", "name", "title_en", "title_fr", "purpose", "purpose_fr")
_NAMES = (*_PROPER, "kind", "kind_fr", "acronym")
# What tells records of one name apart.
_TOLD_BY = (*_NAMES, "city", "date", "provider")
_LENGTH = 60


def is_made(field: RowField) -> bool:
    """Whether a new fact gets its key from its name if none is given; the key of another record is picked instead."""
    return isinstance(field.type, Key) and field.key == "key" and not field.described.picks


def can_make_key(fact_list: AnyFactList, keys: Collection[str]) -> bool:
    """Whether a key can be made from fields of these keys: one at least is a name, if the list has names."""
    own = {field.key for field in fact_list.fields}
    return any(name in keys for name in (own.intersection(_PROPER) or _NAMES))


def key_stem(fact_list: AnyFactList, values: Values) -> str:
    """The key that the first name of the values gives, whether or not a record has it."""
    name = next((str(values[key]) for key in _NAMES if values.get(key)), "")
    return slugify(fold(name))[:_LENGTH].strip("-") or fact_list.name.replace("_", "-")


def new_key(fact_list: AnyFactList, values: Values) -> str:
    """A key from the first name that the values give, which no record of the list has."""
    stem = key_stem(fact_list, values)
    keys = set(fact_list.model.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return next(key for key in _numbered(stem) if key not in keys)


def key_of_row(fact_list: AnyFactList, values: Values) -> str:
    """The key that a row without one means: that made from its names, of a record that has these names or is to be.

    A sheet that is loaded again thus finds the records that it made.
    """
    told = [field for field in fact_list.fields if field.key in _TOLD_BY and values.get(field.key)]

    def is_meant(key: str) -> bool:
        record = find_first(fact_list.model, {"key": key})
        return record is None or all(
            fold(str(field.type.read(record, field.into))) == fold(str(values[field.key])) for field in told
        )

    return next(filter(is_meant, _numbered(key_stem(fact_list, values))))


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    yield from (f"{stem}-{number}" for number in count(2))


def next_number(fact_list: AnyFactList) -> int:
    """The number after the greatest of the list."""
    greatest = fact_list.model.objects.aggregate(greatest=Max("number"))["greatest"]
    return (greatest or 0) + 1
