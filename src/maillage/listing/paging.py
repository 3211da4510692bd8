"""Pages of a list by key: page 200 costs what page 1 costs."""

import base64
import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import F, Q
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.utils.translation import gettext as _

from maillage.listing.sorts import Sort
from maillage.listing.values import Records

PAGE_SIZE = 50
COUNT_LIMIT = 1_000


class InvalidCursorError(ValueError):
    """A position in a list that cannot be read from an address."""


# Paging by key.


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and where the next and the previous one begin (empty where there is none)."""

    records: list[Any] = field(default_factory=list)
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class _KeyOrder:
    """A sort, read forwards or backwards: the names of its keys, whether they run down, whether they may be absent."""

    names: tuple[str, ...]
    down: bool
    nullable: bool
    backwards: bool

    def order(self) -> list[Any]:
        """Absent values come last whichever way the list runs, hence first when it is read backwards."""
        where = {("nulls_first" if self.backwards else "nulls_last"): True} if self.nullable else {}
        keys = [F(name) for name in self.names[:-1]]
        return [*(key.desc(**where) if self.down else key.asc(**where) for key in keys), "-pk" if self.down else "pk"]

    def beyond(self, values: list[Any]) -> Q:
        """Rows past the one with these key values: further in the first key, or equal there and further in the next.

        Where no key may be absent that is one comparison of rows, which the database reads off its index.
        """
        if not self.nullable:
            compared = TupleLessThan if self.down else TupleGreaterThan
            return Q(compared(Tuple(*map(F, self.names)), values))
        found, equal = Q(pk__in=[]), Q()
        for name, value in zip(self.names, values, strict=True):
            found |= equal & self._past(name, value)
            equal &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
        return found

    def _past(self, name: str, value: Any) -> Q:
        if value is None:
            return Q(**{f"{name}__isnull": False}) if self.backwards else Q(pk__in=[])
        past = Q(**{f"{name}__{self._strictly}": value})
        return past | Q(**{f"{name}__isnull": True}) if self.nullable and not self.backwards and name != "pk" else past

    @property
    def _strictly(self) -> str:
        return "lt" if self.down else "gt"


def get_page(records: Records, sort: Sort, *, after: str = "", before: str = "", size: int = PAGE_SIZE) -> Page:
    """The page that follows `after`, or precedes `before`, in the order of `sort`. Raises `InvalidCursorError`."""
    names = (*(f"key_{number}" for number in range(len(sort.columns))), "pk")
    way = _KeyOrder(names, sort.descending != bool(before), sort.nullable, bool(before))
    keyed = sort_records(records, sort)
    try:
        if place := before or after:
            keyed = keyed.filter(way.beyond(_decode_cursor(place, way)))
        rows = list(keyed.order_by(*way.order())[: size + 1])
    except (ValidationError, ValueError, TypeError, DataError) as error:
        raise InvalidCursorError(_("This position in the list cannot be read; go back to its first page.")) from error
    return _page(rows[:size], way, more=len(rows) > size, first=not (after or before))


def sort_records(records: Records, sort: Sort) -> Records:
    """All the records, in the order of the sort, with the keys that say where each stands."""
    keys = {f"key_{n}": _expression(key) for n, key in enumerate(sort.columns)}
    way = _KeyOrder((*keys, "pk"), sort.descending, sort.nullable, backwards=False)
    ordered: Records = records.annotate(**keys).order_by(*way.order())
    return ordered


def _expression(key: Any) -> Any:
    if isinstance(key, str):
        return F(key)
    return key() if callable(key) else key


def _page(rows: list[Any], way: _KeyOrder, *, more: bool, first: bool) -> Page:
    if not rows:
        return Page()
    if way.backwards:
        rows.reverse()
    further = (way.backwards, more) if way.backwards else (more, not first)
    after, before = further
    return Page(rows, _encode_cursor(rows[-1], way) if after else "", _encode_cursor(rows[0], way) if before else "")


def _encode_cursor(record: Any, way: _KeyOrder) -> str:
    text = json.dumps([_plain(getattr(record, name)) for name in way.names], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> str | int | None:
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if value is None or isinstance(value, int) else str(value)


def _decode_cursor(place: str, way: _KeyOrder) -> list[Any]:
    values = json.loads(base64.urlsafe_b64decode(place + "=" * (-len(place) % 4)))
    plain = isinstance(values, list) and all(value is None or isinstance(value, str | int) for value in values)
    if not plain or len(values) != len(way.names) or "\0" in "".join(map(str, values)):
        raise ValueError("not a position")
    if values[-1] is None or (None in values and not way.nullable):
        raise ValueError("no key")
    return list(values)


def count_up_to_limit(records: Records) -> int:
    """How many rows there are, counting no further than just above 1,000."""
    return records.order_by()[: COUNT_LIMIT + 1].count()
