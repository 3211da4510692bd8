"""Listings: one declared way to show, filter, sort, page and export a list of records.

A room declares a `Listing` for each of its kinds of record in its `listing.py`; pages, exports and feeds are made from
it. Lists page by key, never by offset: page 200 costs what page 1 costs.
"""

import base64
import datetime as dt
import functools
import json
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, models
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.db.models.functions import Coalesce, Lower, NullIf, Replace
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from maillage.kernel.actors import PUBLIC, Actor
from maillage.kernel.models import Fact
from maillage.kernel.periods import OPEN, UNKNOWN
from maillage.kernel.text import fold

PAGE_SIZE = 50
COUNTED = 1_000
EXPORTED = 100_000
_CHOICES_SHOWN = 300

Text = str | Promise
Records = QuerySet[Any]


class BadPlace(ValueError):
    """A position in a list that cannot be read from an address."""


# What a cell may hold. Text, numbers, days and lists of these stand for themselves.


@dataclass(frozen=True, slots=True)
class Said:
    """A text, its language where that is not the reader's, and the page it leads to."""

    text: str
    url: str = ""
    language: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Money:
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Partial:
    """An EDTF date."""

    edtf: str


@dataclass(frozen=True, slots=True)
class Between:
    """A period, each end in EDTF."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Country:
    """A country of ISO 3166."""

    code: str


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a country, by ISO 3166-2."""

    code: str


@dataclass(frozen=True, slots=True)
class Language:
    """A language of ISO 639."""

    code: str


def said(record: Any, name: str, url: str = "") -> Said | None:
    """The text of a bilingual field, marked with its language where the reader's is missing."""
    first, second = ("fr", "en") if (get_language() or "fr").startswith("fr") else ("en", "fr")
    if text := getattr(record, f"{name}_{first}"):
        return Said(text, url)
    text = getattr(record, f"{name}_{second}")
    return Said(text, url, second) if text else None


def body(organisation: Any, text: str = "") -> Said | None:
    """An organisation, linked; or the text that a source gives for one that is not in the register."""
    if organisation is None:
        return Said(text) if text else None
    return said(organisation, "name", organisation.get_absolute_url())


def short(organisation: Any, text: str = "") -> Said | None:
    """The same by its acronym, where it has one: for tables with several organisations in a row."""
    found = body(organisation, text)
    return Said(organisation.acronym, found.url) if found and organisation and organisation.acronym else found


# What a listing is made of.


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `value` gives what the screen shows and the export writes; a `data` column is in exports only."""

    key: str
    title: Text
    value: Callable[[Any], Any]
    data: bool = False
    figure: bool = False


def data_columns(**values: Callable[[Any], Any]) -> tuple[Column, ...]:
    """Columns of stable keys for exports: `data_columns(provider=lambda offer: offer.provider.key)`."""
    return tuple(Column(name, name, value, data=True) for name, value in values.items())


def between(record: Fact) -> Between | None:
    """The period of a fact, for a cell; nothing where neither end is known."""
    ends = Between(record.period_start, record.period_end)
    return None if ends.start == UNKNOWN and ends.end in (OPEN, UNKNOWN) else ends


PERIOD = Column("period", gettext_lazy("Period"), between)
NOTE = Column("note", gettext_lazy("Note"), lambda record: said(record, "note"), data=True)
PERIOD_DATA = data_columns(
    period_start=lambda fact: fact.period_start,
    period_end=lambda fact: fact.period_end,
    attested=lambda fact: fact.attested,
)


class Folded(Func):
    """A column in lower case without accents, as `fold` does in Python, for sorting and finding in small tables."""

    _FROM = "àâäáãåçèéêëìîïíñòôöóõùûüúýÿ’'-"
    _TO = "aaaaaaceeeeiiiinooooouuuuyy   "
    function = "translate"
    output_field = models.TextField()

    def __init__(self, expression: Any) -> None:
        ligatures = Replace(Replace(Lower(expression), Value("œ"), Value("oe")), Value("æ"), Value("ae"))
        super().__init__(ligatures, Value(self._FROM), Value(self._TO))


def spoken(name: str) -> Callable[[], Folded]:
    """A sort key: a bilingual field as the reader's language has it, else as the other one does."""

    def key() -> Folded:
        first, second = ("fr", "en") if (get_language() or "fr").startswith("fr") else ("en", "fr")
        return Folded(Coalesce(NullIf(F(f"{name}_{first}"), Value("")), F(f"{name}_{second}")))

    return key


@dataclass(frozen=True, slots=True)
class Sort:
    """An order: key columns (paths, expressions or what makes them), all upwards or all downwards.

    `nullable` says that a key may be absent; absent values come last. Without it the order follows a plain index.
    """

    key: str
    title: Text
    columns: tuple[Any, ...]
    descending: bool = False
    nullable: bool = False


def first_day(path: str = "possible") -> Func:
    """The first day on which a fact may hold, for sorting; absent where nothing says."""
    return Func(F(path), function="lower", output_field=models.DateField())


NEWEST = Sort("newest", gettext_lazy("latest first"), (first_day(),), descending=True, nullable=True)
OLDEST = Sort("oldest", gettext_lazy("earliest first"), (first_day(),), nullable=True)


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice among values: `choices` lists them when the page is made, `apply` keeps the rows of one."""

    name: str
    title: Text
    choices: Callable[[], Iterable[tuple[str, Any]]]
    apply: Callable[[Records, str], Records]


def choice(name: str, title: Text, path: str, choices: Iterable[tuple[str, Text]]) -> Filter:
    """A filter on a field with fixed choices."""
    fixed = list(choices)
    return Filter(name, title, lambda: fixed, lambda records, value: records.filter(**{path: value}))


def without(name: str, title: Text, path: str) -> Filter:
    """A filter, `yes` or `no`, on whether a field has no value yet."""
    options = [("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]
    return Filter(name, title, lambda: options, lambda rows, value: rows.filter(**{f"{path}__isnull": value == "yes"}))


def distinct(name: str, title: Text, path: str, model: type[models.Model], show: Callable[[str], Any] = str) -> Filter:
    """A filter on the values that a field has in the public records of the table."""

    def choices() -> list[tuple[str, Any]]:
        manager: Any = model._default_manager
        public = manager.visible_to(PUBLIC).exclude(**{path: ""})
        values = public.values_list(path, flat=True).order_by(path).distinct()
        return [(value, show(value)) for value in values[:_CHOICES_SHOWN]]

    return Filter(name, title, choices, lambda records, value: records.filter(**{path: value}))


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact of a record page: the property that citations name, its label, and what it is."""

    property: str
    label: Text
    value: Any


def present(*rows: FactRow) -> list[FactRow]:
    """The rows that say something."""
    return [row for row in rows if row.value not in (None, "", [], ())]


def _no_facts(_record: Any) -> list[FactRow]:
    return []


def _no_bodies(_record: Any) -> list[Any]:
    return []


@dataclass(frozen=True, slots=True)
class Listing:
    """A kind of record: its list, its exports and its page. `name` is the namespace of its addresses.

    `text` are the expressions that the free-text filter reads, already folded; `bodies` gives the organisations that a
    record speaks of, and `body_paths` the fields by which a list is narrowed to one of them. `annotations` are values
    that columns need and that are cheaper to ask for with the row than to prefetch. `reads` gives what an actor may
    read where that is not `visible_to`.
    """

    name: str
    model: type[models.Model]
    title: Text
    one: Text
    intro: Text
    columns: tuple[Column, ...]
    sorts: tuple[Sort, ...]
    filters: tuple[Filter, ...] = ()
    text: tuple[Any, ...] = ()
    slug: str = "pk"
    body_paths: tuple[str, ...] = ()
    select_related: tuple[str, ...] = ()
    prefetch_related: tuple[str, ...] = ()
    annotations: Mapping[str, Any] = field(default_factory=dict)
    reads: Callable[[Actor], Records] | None = None
    within: Callable[[Records], Records] = lambda records: records
    heading: Callable[[Any], Any] = str
    facts: Callable[[Any], list[FactRow]] = _no_facts
    bodies: Callable[[Any], list[Any]] = _no_bodies

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


LISTINGS: dict[str, Listing] = {}
# What is worked with behind the register (cases, mandates …): it has pages of its own, and these lists over the API.
BACK_OFFICE: dict[str, Listing] = {}


def register(listing: Listing) -> Listing:
    """Make a listing known to the pages, exports and feeds."""
    LISTINGS[listing.name] = listing
    return listing


def register_behind(listing: Listing) -> Listing:
    """Make a listing of the back office known to the API."""
    BACK_OFFICE[listing.name] = listing
    return listing


def listing_of(kind: str) -> Listing | None:
    """The listing of a kind of record as citations name it: `register.organisation`."""
    return next((listing for listing in LISTINGS.values() if listing.model._meta.label_lower == kind), None)


# Narrowing a list.

FORCE: tuple[tuple[str, Text], ...] = (
    ("yes", gettext_lazy("in force")),
    ("unsure", gettext_lazy("not sure")),
    ("possible", gettext_lazy("in force or not sure")),
    ("no", gettext_lazy("ended or not begun")),
)


def narrowed(listing: Listing, records: Records, asked: Mapping[str, str], day: dt.date) -> Records:
    """Apply what the address asks: the filters, the free text, one body, being in force on the day."""
    for narrow in listing.filters:
        if value := _clean(asked.get(narrow.name, "")):
            records = narrow.apply(records, value)
    records = _containing(listing, records, fold(asked.get("q", "")).split()[:10])
    if key := _clean(asked.get("organisation", "")):
        records = _about_body(listing, records, key)
    return in_force(records, asked.get("force", ""), day) if listing.is_fact else records


def _clean(value: str) -> str:
    return value.replace("\0", "").strip()


def _containing(listing: Listing, records: Records, words: list[str]) -> Records:
    names = [f"text_{number}" for number in range(len(listing.text))]
    if words:
        records = records.alias(**dict(zip(names, listing.text, strict=True)))
    for word in words:
        records = records.filter(Q(*((f"{name}__contains", word) for name in names), _connector=Q.OR))
    return records


def _about_body(listing: Listing, records: Records, key: str) -> Records:
    rows = listing.model._default_manager
    found = (Q(pk__in=rows.filter(**{f"{path}__key": key}).values("pk")) for path in listing.body_paths)
    return records.filter(functools.reduce(operator.or_, found, Q(pk__in=[])))


def in_force(records: Records, answer: str, day: dt.date) -> Records:
    """The facts for which "in force on that day?" is answered by yes, unsure, possible (both) or no; else all."""
    if answer == "yes":
        return records.filter(certain__holds=day)
    if answer == "unsure":
        return records.filter(possible__holds=day).exclude(certain__holds=day)
    if answer == "possible":
        return records.filter(possible__holds=day)
    return records.exclude(possible__holds=day) if answer == "no" else records


# Paging by key.


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and where the next and the previous one begin (empty where there is none)."""

    records: list[Any] = field(default_factory=list)
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class _Way:
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


def page_of(records: Records, sort: Sort, *, after: str = "", before: str = "", size: int = PAGE_SIZE) -> Page:
    """The page that follows `after`, or precedes `before`, in the order of `sort`. Raises `BadPlace`."""
    names = (*(f"key_{number}" for number in range(len(sort.columns))), "pk")
    way = _Way(names, sort.descending != bool(before), sort.nullable, bool(before))
    keyed = in_order(records, sort)
    try:
        if place := before or after:
            keyed = keyed.filter(way.beyond(_decode(place, way)))
        rows = list(keyed.order_by(*way.order())[: size + 1])
    except (ValidationError, ValueError, TypeError, DataError) as error:
        raise BadPlace(_("This position in the list cannot be read; go back to its first page.")) from error
    return _page(rows[:size], way, more=len(rows) > size, first=not (after or before))


def in_order(records: Records, sort: Sort) -> Records:
    """All the records, in the order of the sort, with the keys that say where each stands."""
    keys = {f"key_{n}": _expression(key) for n, key in enumerate(sort.columns)}
    way = _Way((*keys, "pk"), sort.descending, sort.nullable, backwards=False)
    ordered: Records = records.annotate(**keys).order_by(*way.order())
    return ordered


def _expression(key: Any) -> Any:
    if isinstance(key, str):
        return F(key)
    return key() if callable(key) else key


def _page(rows: list[Any], way: _Way, *, more: bool, first: bool) -> Page:
    if not rows:
        return Page()
    if way.backwards:
        rows.reverse()
    further = (way.backwards, more) if way.backwards else (more, not first)
    after, before = further
    return Page(rows, _encode(rows[-1], way) if after else "", _encode(rows[0], way) if before else "")


def _encode(record: Any, way: _Way) -> str:
    text = json.dumps([_plain(getattr(record, name)) for name in way.names], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> str | int | None:
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if value is None or isinstance(value, int) else str(value)


def _decode(place: str, way: _Way) -> list[Any]:
    values = json.loads(base64.urlsafe_b64decode(place + "=" * (-len(place) % 4)))
    plain = isinstance(values, list) and all(value is None or isinstance(value, str | int) for value in values)
    if not plain or len(values) != len(way.names) or "\0" in "".join(map(str, values)):
        raise ValueError("not a position")
    if values[-1] is None or (None in values and not way.nullable):
        raise ValueError("no key")
    return list(values)


def counted(records: Records) -> int:
    """How many rows there are, counting no further than just above 1,000."""
    return records.order_by()[: COUNTED + 1].count()
