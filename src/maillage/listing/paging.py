"""Paging of lists by key, with cursors: page 200 costs as much as page 1."""

import base64
import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import F, Q
from django.db.models.expressions import Combinable
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.utils.translation import gettext as _

from maillage.listing.columns import ListedRecord
from maillage.listing.sorts import Sort
from maillage.listing.values import Records

PAGE_SIZE = 50
COUNT_LIMIT = 1_000


class InvalidCursorError(ValueError):
    """An invalid cursor in an address."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, with the cursors of the next page and of the previous one (empty if there is none)."""

    records: list[ListedRecord] = field(default_factory=list)
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class _KeyOrder:
    """A sort read forwards or backwards: names of the keys, descending or not, whether keys may be null."""

    names: tuple[str, ...]
    down: bool
    nullable: bool
    backwards: bool

    def order(self) -> list[str | Combinable]:
        """The `order_by` of the sort. Null values come last in the list, hence first when it is read backwards."""
        nulls = {("nulls_first" if self.backwards else "nulls_last"): True} if self.nullable else {}
        keys = [F(name) for name in self.names[:-1]]
        return [*(key.desc(**nulls) if self.down else key.asc(**nulls) for key in keys), "-pk" if self.down else "pk"]

    def beyond(self, values: list[object]) -> Q:
        """Rows after the one with these key values: after it in the first key, or equal there and after it in the next.

        If no key may be null this is one comparison of tuples, for which the database can use an index.
        """
        if not self.nullable:
            comparison = TupleLessThan if self.down else TupleGreaterThan
            return Q(comparison(Tuple(*map(F, self.names)), values))
        condition, equal = Q(pk__in=[]), Q()
        for name, value in zip(self.names, values, strict=True):
            condition |= equal & self._past(name, value)
            equal &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
        return condition

    def _past(self, name: str, value: object) -> Q:
        if value is None:
            return Q(**{f"{name}__isnull": False}) if self.backwards else Q(pk__in=[])
        condition = Q(**{f"{name}__{self._comparison}": value})
        return (
            condition | Q(**{f"{name}__isnull": True})
            if self.nullable and not self.backwards and name != "pk"
            else condition
        )

    @property
    def _comparison(self) -> str:
        return "lt" if self.down else "gt"


def get_page(records: Records, sort: Sort, *, after: str = "", before: str = "", size: int = PAGE_SIZE) -> Page:
    """The page that follows `after`, or precedes `before`, in the order of `sort`. Raises `InvalidCursorError`."""
    names = (*(f"key_{number}" for number in range(len(sort.columns))), "pk")
    key_order = _KeyOrder(names, sort.descending != bool(before), sort.nullable, bool(before))
    keyed = sort_records(records, sort)
    try:
        if cursor := before or after:
            keyed = keyed.filter(key_order.beyond(_decode_cursor(cursor, key_order)))
        rows = list(keyed.order_by(*key_order.order())[: size + 1])
    except (ValidationError, ValueError, TypeError, DataError) as error:
        raise InvalidCursorError(_("This position in the list cannot be read; go back to its first page.")) from error
    return _page(rows[:size], key_order, has_more=len(rows) > size, is_first=not (after or before))


def sort_records(records: Records, sort: Sort) -> Records:
    """The records in the order of the sort, annotated with its keys."""
    keys = {f"key_{number}": _expression(key) for number, key in enumerate(sort.columns)}
    key_order = _KeyOrder((*keys, "pk"), sort.descending, sort.nullable, backwards=False)
    ordered: Records = records.annotate(**keys).order_by(*key_order.order())
    return ordered


def _expression(key: object) -> Any:  # Any: an expression, or a function that makes one
    if isinstance(key, str):
        return F(key)
    return key() if callable(key) else key


def _page(rows: list[ListedRecord], key_order: _KeyOrder, *, has_more: bool, is_first: bool) -> Page:
    if not rows:
        return Page()
    if key_order.backwards:
        rows.reverse()
    neighbours = (key_order.backwards, has_more) if key_order.backwards else (has_more, not is_first)
    has_next, has_previous = neighbours
    return Page(
        rows,
        _encode_cursor(rows[-1], key_order) if has_next else "",
        _encode_cursor(rows[0], key_order) if has_previous else "",
    )


def _encode_cursor(record: object, key_order: _KeyOrder) -> str:
    text = json.dumps([_json_value(getattr(record, name)) for name in key_order.names], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _json_value(value: object) -> str | int | None:
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if value is None or isinstance(value, int) else str(value)


def _decode_cursor(cursor: str, key_order: _KeyOrder) -> list[object]:
    values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    is_valid = isinstance(values, list) and all(value is None or isinstance(value, str | int) for value in values)
    if not is_valid or len(values) != len(key_order.names) or "\0" in "".join(map(str, values)):
        raise ValueError("not a position")
    if values[-1] is None or (None in values and not key_order.nullable):
        raise ValueError("no key")
    return list(values)


def count_up_to_limit(records: Records) -> int:
    """The number of rows, counted up to `COUNT_LIMIT` + 1."""
    return records.order_by()[: COUNT_LIMIT + 1].count()
