"""The page of a listing: its filters, its sorts, one page of its rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from maillage.kernel import wording
from maillage.kernel.certainty import evidence_of
from maillage.kernel.listing import (
    COUNTED,
    EXPORTED,
    FORCE,
    LISTINGS,
    BadPlace,
    Column,
    Country,
    Listing,
    Page,
    Records,
    Said,
    counted,
    narrowed,
    page_of,
)
from maillage.kernel.request import Request
from maillage.kernel.text import fold
from maillage.register.queries import names_on
from maillage.web import cells, exports, links, marks, statements
from maillage.web.evidence import standing_of

# Lists that have a feed of their own: the name of its address.
_FEEDS = {"calls": "calls-feed"}


@dataclass(frozen=True, slots=True)
class Cell:
    title: str
    text: SafeString
    figure: bool


@dataclass(frozen=True, slots=True)
class TableRow:
    head: SafeString
    standing: SafeString
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter as the form shows it."""

    name: str
    title: str
    options: list[tuple[str, str]]
    chosen: str


def list_page(request: Request, name: str) -> HttpResponse:
    """The list, or its export where the address asks for a format."""
    listing = LISTINGS[name]
    try:
        records = narrowed(listing, listing.records(request.actor), request.GET, request.reading.on)
        if wanted := request.GET.get("format"):
            return exports.answer(request, listing, records, wanted)
        return _page(request, listing, records)
    except (BadPlace, ValidationError, ValueError) as error:
        reason = str(error) if isinstance(error, BadPlace) else _("A filter of this address cannot be read.")
        return render(request, "web/refused.html", {"reason": reason, "back": request.path}, status=400)


def _page(request: Request, listing: Listing, records: Records) -> HttpResponse:
    sort = listing.sort(request.GET.get("sort", ""))
    page = page_of(records, sort, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    count = counted(records)
    context = {
        "listing": listing,
        "columns": shown_columns(listing),
        "rows": list(_rows(request, listing, page)),
        "count": _count_words(count),
        "too_many": count > COUNTED and _too_many_to_export(),
        "choices": list(_choices(request, listing)),
        "sorts": [(one.key, one.title, one.key == sort.key) for one in listing.sorts],
        "text": request.GET.get("q", ""),
        "narrowed": bool(set(request.GET) & {"q", "force", "organisation", *(each.name for each in listing.filters)}),
        "feed": _FEEDS.get(listing.name, ""),
        **_places(request, page),
        **_exports(request),
    }
    return render(request, "web/list.html", context)


def shown_columns(listing: Listing) -> list[Column]:
    """The columns of the screen."""
    return [column for column in listing.columns if not column.data]


def _places(request: Request, page: Page) -> dict[str, str]:
    after = links.with_parameters(request, after=page.after) if page.after else ""
    before = links.with_parameters(request, before=page.before) if page.before else ""
    return {"next_url": after, "previous_url": before}


def _exports(request: Request) -> dict[str, str]:
    return {f"{name}_url": links.with_parameters(request, format=name) for name in exports.FORMATS}


def _too_many_to_export() -> str:
    return _("An export holds at most %(number)s rows; filter to get the others.") % {
        "number": wording.number(EXPORTED)
    }


def _count_words(count: int) -> str:
    if count > COUNTED:
        return _("more than %(number)s") % {"number": wording.number(COUNTED)}
    return wording.number(count)


def _rows(request: Request, listing: Listing, page: Page) -> Iterator[TableRow]:
    columns, standings = shown_columns(listing), _standings(request, listing, page)
    borne = _names_on_that_day(request, listing, page)
    for record in page.records:
        value, *others = (column.value(record) for column in columns)
        first = cells.html(borne.get(record.pk, value), request.reading)
        texts = (cells.html(other, request.reading) for other in others)
        rest = [Cell(str(c.title), text, c.figure) for c, text in zip(columns[1:], texts, strict=True)]
        if listing.is_fact:
            force = marks.force_mark(marks.force_of(record, request.reading.on))
            rest.append(Cell(_("On that day"), force, False))
        standing = standings.get(record.pk)
        yield TableRow(first, marks.standing_mark(standing) if standing else SafeString(), rest)


def _names_on_that_day(request: Request, listing: Listing, page: Page) -> dict[int, Said]:
    """Organisations that bore another name on the day read, under that name."""
    if listing.name != "organisations" or request.reading.day is None:
        return {}
    borne = names_on(page.records, request.reading.on, actor=request.actor)
    bodies = (body for body in page.records if borne[body.pk] not in (body.name_fr, body.name_en))
    return {body.pk: Said(borne[body.pk], body.get_absolute_url()) for body in bodies}


def _standings(request: Request, listing: Listing, page: Page) -> dict[int, str]:
    """How sure one may be of each row, in a number of queries that does not grow with the rows."""
    if listing.name == "contradictions":
        return {}
    if listing.name == "statements":
        told = statements.marks(request)
        return {record.pk: told[record.number] for record in page.records if record.number in told}
    kind = listing.model._meta.label_lower
    found = evidence_of([(kind, record.pk) for record in page.records], actor=request.actor)
    return {
        record.pk: standing_of(found[kind, record.pk], listing.bodies(record), request.reading)
        for record in page.records
    }


def _choices(request: Request, listing: Listing) -> Iterator[Choice]:
    for narrow in listing.filters:
        chosen = request.GET.get(narrow.name, "")
        yield Choice(narrow.name, str(narrow.title), _options(list(narrow.choices())), chosen)
    if listing.is_fact:
        options = [(value, str(label)) for value, label in FORCE]
        yield Choice("force", _("On that day"), options, request.GET.get("force", ""))


def _options(choices: list[tuple[str, Any]]) -> list[tuple[str, str]]:
    """Countries are chosen by code and read by name, so they are put in the order of their names."""
    options = [(value, cells.words(label)) for value, label in choices]
    by_name = any(isinstance(label, Country) for _value, label in choices)
    return sorted(options, key=lambda option: fold(option[1])) if by_name else options
