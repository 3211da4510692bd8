"""Listings: the declaration of how records of one kind are listed, filtered, sorted, paged and exported.

A room declares a `Listing` for each of its kinds of record in its `listing.py`; pages, exports, feeds and the API use
it. Lists are paged by key, never by offset, so that page 200 costs as much as page 1.
"""

import datetime as dt
import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from django.db import models
from django.db.models import Q

from maillage.core.actors import Actor
from maillage.core.models import Fact
from maillage.core.registers import Register
from maillage.core.security.session_scope import read_everything
from maillage.core.security.visibility import visible_records
from maillage.core.text import fold
from maillage.listing.columns import Column, ListedRecord
from maillage.listing.filters import Filter, filter_by_day
from maillage.listing.sorts import REVERSED, Sort
from maillage.listing.values import Records, Text

EXPORT_LIMIT = 100_000
_FEW = 1_000


@dataclass(frozen=True, slots=True)
class FactRow:
    """One row of the facts on a record page: the property as citations name it, its label and its value."""

    property: str
    label: Text
    value: object


def non_empty_rows(*rows: FactRow) -> list[FactRow]:
    """The rows that have a value."""
    return [row for row in rows if row.value not in (None, "", [], ())]


def _nothing_to_prepare(_records: Sequence[ListedRecord], _actor: Actor, _day: dt.date) -> None:
    """Most records say the same on all days."""


def _no_facts(_record: object) -> list[FactRow]:
    return []


def _no_organisations(_record: object) -> list[ListedRecord]:
    return []


@dataclass(frozen=True, slots=True)
class Listing:
    """A kind of record: its list, its exports and its page. `name` is the namespace of its addresses.

    `text` are the expressions, already folded, that the free-text filter searches. `organisations` returns the
    organisations that a record concerns, and `organisation_paths` are the paths by which a list is filtered by
    organisation. `annotations` are values that columns need and that are cheaper to select with the row than to
    prefetch. `reads` returns the records that an actor may read, in place of `visible_to`. `within` restricts the list
    to some of the visible records. `detail` is what a row on the page of an organisation says beside the first column,
    in place of the second. `prepare` fills in what records say on a day to a reader, before their values are
    read, with few queries for many records. Records are not found by the search if `searchable` is false: they are
    shown on the pages of others, or have no name of their own. `is_large` is whether there are so many that words are
    looked for before it is asked who may read a record (see `_few_with_words`).
    """

    name: str
    model: type[models.Model]
    title: Text
    singular: Text
    intro: Text
    columns: tuple[Column, ...]
    sorts: tuple[Sort, ...]
    filters: tuple[Filter, ...] = ()
    text: tuple[object, ...] = ()
    slug: str = "pk"
    organisation_paths: tuple[str, ...] = ()
    select_related: tuple[str, ...] = ()
    prefetch_related: tuple[str, ...] = ()
    annotations: Mapping[str, object] = field(default_factory=dict)
    reads: Callable[[Actor], Records] | None = None
    within: Callable[[Records], Records] = lambda records: records
    heading: Callable[[ListedRecord], object] = str
    detail: Callable[[ListedRecord], object] | None = None
    facts: Callable[[ListedRecord], list[FactRow]] = _no_facts
    organisations: Callable[[ListedRecord], list[ListedRecord]] = _no_organisations
    prepare: Callable[[Sequence[ListedRecord], Actor, dt.date], None] = _nothing_to_prepare
    searchable: bool = True
    is_large: bool = False

    @property
    def is_fact(self) -> bool:
        """Whether the records are facts, which have a period."""
        return issubclass(self.model, Fact)

    def visible(self, actor: Actor) -> Records:
        """The records this actor may read."""
        visible: Records = self.reads(actor) if self.reads else visible_records(self.model, actor)
        records: Records = visible.annotate(**self.annotations)
        return records.select_related(*self.select_related).prefetch_related(*self.prefetch_related)

    def records(self, actor: Actor) -> Records:
        """The records of the list that this actor may read, with the related records that rows need."""
        return self.within(self.visible(actor))

    def sort(self, key: str) -> Sort:
        """The sort with this key, in the other direction if the key says so, or the first sort."""
        reversed_sorts = (sort.reversed() for sort in self.sorts if key.endswith(REVERSED))
        return next((sort for sort in chain(self.sorts, reversed_sorts) if sort.key == key), self.sorts[0])

    def column_sort(self, column: str) -> Sort | None:
        """The first sort by the column with this key."""
        return next((sort for sort in self.sorts if column == (sort.column or sort.key)), None)


LISTINGS: Register[Listing] = Register("listings")
# Listings of working records (cases, mandates …), which have pages of their own and are listed over the API only.
BACK_OFFICE: Register[Listing] = Register("back-office listings")


def register_listing(listing: Listing) -> Listing:
    """Register a listing for pages, exports and feeds; returns it."""
    LISTINGS[listing.name] = listing
    return listing


def register_back_office_listing(listing: Listing) -> Listing:
    """Register a listing for the API only; returns it."""
    BACK_OFFICE[listing.name] = listing
    return listing


def listing_of_kind(kind: str) -> Listing | None:
    """The listing of a kind of record as citations name it (`register.organisation`), or `None`."""
    return next((listing for listing in LISTINGS.values() if listing.model._meta.label_lower == kind), None)


def filter_records(listing: Listing, records: Records, filters: Mapping[str, str], day: dt.date) -> Records:
    """Apply the parameters of an address: filters, `q` (text), `organisation` (key) and `force` on the day."""
    for list_filter in listing.filters:
        if value := _clean_parameter(filters.get(list_filter.name, "")):
            records = list_filter.narrow(records, value, day)
    if words := fold(filters.get("q", "")).split()[:10]:
        few = _few_with_words(listing, words) if listing.is_large else None
        records = _containing_words(listing, records, words) if few is None else records.filter(pk__in=few)
    if key := _clean_parameter(filters.get("organisation", "")):
        records = _about_organisation(listing, records, key)
    return filter_by_day(records, filters.get("force", ""), day) if listing.is_fact else records


def _clean_parameter(value: str) -> str:
    return value.replace("\0", "").strip()


def _few_with_words(listing: Listing, words: list[str]) -> list[int] | None:
    """The records that contain all words, whoever may read them; `None` if they are more than a few.

    Row security asks of each record whether its reader may see it before it looks for a text: of all records, where few
    contain the words. Where many do, the first of them are soon found.
    """
    with read_everything():
        found = _containing_words(listing, listing.model._default_manager.all(), words)
        few = list(found.values_list("pk", flat=True)[: _FEW + 1])
    return few if len(few) <= _FEW else None


def _containing_words(listing: Listing, records: Records, words: list[str]) -> Records:
    names = [f"text_{number}" for number in range(len(listing.text))]
    records = records.alias(**dict(zip(names, listing.text, strict=True)))
    for word in words:
        records = records.filter(Q(*((f"{name}__contains", word) for name in names), _connector=Q.OR))
    return records


def _about_organisation(listing: Listing, records: Records, key: str) -> Records:
    rows = listing.model._default_manager
    conditions = (Q(pk__in=rows.filter(**{f"{path}__key": key}).values("pk")) for path in listing.organisation_paths)
    return records.filter(functools.reduce(operator.or_, conditions, Q(pk__in=[])))
