"""Columns of a listing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import gettext_lazy

from maillage.listing.values import Text, localised_text, period_value

# Any: each listing reads the fields of its own model.
ListedRecord: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `value` returns the value for a record; a `data` column is in exports and over the API only.

    `figure` is whether the values are numbers, for their style on pages. `value_type` is the type of the values, if
    `value_types.column_types` cannot find it: `list[str]`, `Money`.
    """

    key: str
    title: Text
    value: Callable[[ListedRecord], object]
    data: bool = False
    figure: bool = False
    value_type: object = None


def data_columns(**values: Callable[[ListedRecord], object]) -> tuple[Column, ...]:
    """`data` columns by key: `data_columns(provider=lambda offer: offer.provider.key)`."""
    return tuple(Column(name, name, value, data=True) for name, value in values.items())


PERIOD = Column("period", gettext_lazy("Period"), period_value)
NOTE = Column("note", gettext_lazy("Note"), lambda record: localised_text(record, "note"), data=True)
PERIOD_DATA = data_columns(
    period_start=lambda fact: fact.period_start,
    period_end=lambda fact: fact.period_end,
    attested=lambda fact: fact.attested,
)
