"""Listings: one declared way to show, filter, sort, page and export a list of records.

A room declares a `Listing` for each of its kinds of record in its `listing.py`; pages, exports and feeds are made from
it. Lists page by key, never by offset: page 200 costs what page 1 costs.
"""

import datetime as dt
import functools
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q

from maillage.core.actors import Actor
from maillage.core.models import Fact
from maillage.core.registers import Register
from maillage.core.text import fold
from maillage.listing.columns import Column
from maillage.listing.filters import Filter, filter_by_day
from maillage.listing.sorts import Sort
from maillage.listing.values import Records, Text

EXPORT_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact of a record page: the property that citations name, its label, and what it is."""

    property: str
    label: Text
    value: Any


def non_empty_rows(*rows: FactRow) -> list[FactRow]:
    """The rows that say something."""
    return [row for row in rows if row.value not in (None, "", [], ())]


def _no_facts(_record: Any) -> list[FactRow]:
    return []


def _no_organisations(_record: Any) -> list[Any]:
    return []


@dataclass(frozen=True, slots=True)
class Listing:
    """A kind of record: its list, its exports and its page. `name` is the namespace of its addresses.

    `text` are the expressions that the free-text filter reads, already folded; `organisations` gives the organisations
    that a record speaks of, and `organisation_paths` the fields by which a list is narrowed to one of them.
    `annotations` are values that columns need and that are cheaper to ask for with the row than to prefetch. `reads`
    gives what an actor may read where that is not `visible_to`. Records of one that is not `searchable` are not found
    by words: they are read on the pages of others, or have no name of their own.
    """

    name: str
    model: type[models.Model]
    title: Text
    singular: Text
    intro: Text
    columns: tuple[Column, ...]
    sorts: tuple[Sort, ...]
    filters: tuple[Filter, ...] = ()
    text: tuple[Any, ...] = ()
    slug: str = "pk"
    organisation_paths: tuple[str, ...] = ()
    select_related: tuple[str, ...] = ()
    prefetch_related: tuple[str, ...] = ()
    annotations: Mapping[str, Any] = field(default_factory=dict)
    reads: Callable[[Actor], Records] | None = None
    within: Callable[[Records], Records] = lambda records: records
    heading: Callable[[Any], Any] = str
    facts: Callable[[Any], list[FactRow]] = _no_facts
    organisations: Callable[[Any], list[Any]] = _no_organisations
    searchable: bool = True

    @property
    def is_fact(self) -> bool:
        """Whether records hold over a period."""
        return issubclass(self.model, Fact)

    def visible(self, actor: Actor) -> Records:
        """The records this actor may read."""
        manager: Any = self.model._default_manager
        seen: Records = self.reads(actor) if self.reads else manager.visible_to(actor)
        records: Records = seen.annotate(**self.annotations)
        return records.select_related(*self.select_related).prefetch_related(*self.prefetch_related)

    def records(self, actor: Actor) -> Records:
        """The records of the list, with what their rows need."""
        return self.within(self.visible(actor))

    def sort(self, key: str) -> Sort:
        """The sort of that key; the first one where there is none."""
        return next((sort for sort in self.sorts if sort.key == key), self.sorts[0])


LISTINGS: Register[Listing] = Register("listings")
# What is worked with behind the register (cases, mandates …): it has pages of its own, and these lists over the API.
BACK_OFFICE: Register[Listing] = Register("back-office listings")


def register_listing(listing: Listing) -> Listing:
    """Make a listing known to the pages, exports and feeds."""
    LISTINGS[listing.name] = listing
    return listing


def register_back_office_listing(listing: Listing) -> Listing:
    """Make a listing of the back office known to the API."""
    BACK_OFFICE[listing.name] = listing
    return listing


def listing_of_kind(kind: str) -> Listing | None:
    """The listing of a kind of record as citations name it: `register.organisation`."""
    return next((listing for listing in LISTINGS.values() if listing.model._meta.label_lower == kind), None)


def filter_records(listing: Listing, records: Records, asked: Mapping[str, str], day: dt.date) -> Records:
    """Apply what the address asks: the filters, the free text, one body, being in force on the day."""
    for narrow in listing.filters:
        if value := _clean_parameter(asked.get(narrow.name, "")):
            records = narrow.apply(records, value)
    records = _with_words(listing, records, fold(asked.get("q", "")).split()[:10])
    if key := _clean_parameter(asked.get("organisation", "")):
        records = _about_organisation(listing, records, key)
    return filter_by_day(records, asked.get("force", ""), day) if listing.is_fact else records


def _clean_parameter(value: str) -> str:
    return value.replace("\0", "").strip()


def _with_words(listing: Listing, records: Records, words: list[str]) -> Records:
    names = [f"text_{number}" for number in range(len(listing.text))]
    if words:
        records = records.alias(**dict(zip(names, listing.text, strict=True)))
    for word in words:
        records = records.filter(Q(*((f"{name}__contains", word) for name in names), _connector=Q.OR))
    return records


def _about_organisation(listing: Listing, records: Records, key: str) -> Records:
    rows = listing.model._default_manager
    found = (Q(pk__in=rows.filter(**{f"{path}__key": key}).values("pk")) for path in listing.organisation_paths)
    return records.filter(functools.reduce(operator.or_, found, Q(pk__in=[])))
