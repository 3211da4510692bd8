"""Keys and numbers of new facts, so that nobody has to invent them."""

from typing import Any

from django.db.models import Max
from django.utils.text import slugify

from maillage.core.rows.fact_list import FactList, Values
from maillage.core.text import fold

_NAMES = ("name_en", "name_fr", "name", "title_en", "title_fr", "purpose", "purpose_fr", "kind", "kind_fr", "acronym")
_LENGTH = 60


def new_key(fact_list: FactList[Any], values: Values) -> str:
    """A key from the first name that the values give, which no record of the list has."""
    name = next((str(values[key]) for key in _NAMES if values.get(key)), "")
    stem = slugify(fold(name))[:_LENGTH].strip("-") or fact_list.name.replace("_", "-")
    keys = set(fact_list.model.objects.filter(key__startswith=stem).values_list("key", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(keys) + 3))
    return stem if stem not in keys else next(key for key in numbered if key not in keys)


def next_number(fact_list: FactList[Any]) -> int:
    """The number after the greatest of the list."""
    greatest = fact_list.model.objects.aggregate(greatest=Max("number"))["greatest"]
    return (greatest or 0) + 1
