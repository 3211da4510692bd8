"""The page of a listing: its filters, its sorts, one page of its rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from maillage.core import formats
from maillage.core.certainty import evidence_of
from maillage.core.request import Request
from maillage.core.text import fold
from maillage.listing.columns import Column
from maillage.listing.filters import TRUE_ON_DAY_CHOICES
from maillage.listing.listing import EXPORT_LIMIT, LISTINGS, Listing, filter_records
from maillage.listing.paging import COUNT_LIMIT, InvalidCursorError, Page, count_up_to_limit, get_page
from maillage.listing.values import Country, LocalisedText, Records
from maillage.presentation import cells, exports, links, marks
from maillage.presentation.evidence import record_certainty
from maillage.register.queries import names_on
from maillage.web.listing.page_parts import LIST_CERTAINTIES, LIST_FEEDS


@dataclass(frozen=True, slots=True)
class TableCell:
    title: str
    text: SafeString
    figure: bool


@dataclass(frozen=True, slots=True)
class TableRow:
    head: SafeString
    standing: SafeString
    cells: list[TableCell]


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """A filter as the form shows it."""

    name: str
    title: str
    options: list[tuple[str, str]]
    chosen: str


def list_page(request: Request, name: str) -> HttpResponse:
    """The list, or its export where the address asks for a format."""
    listing = LISTINGS[name]
    try:
        records = filter_records(listing, listing.records(request.actor), request.GET, request.as_of.on)
        if wanted := request.GET.get("format"):
            return exports.list_export_response(request, listing, records, wanted)
        return _page(request, listing, records)
    except (InvalidCursorError, ValidationError, ValueError) as error:
        reason = str(error) if isinstance(error, InvalidCursorError) else _("A filter of this address cannot be read.")
        return render(request, "web/refused.html", {"reason": reason, "back": request.path}, status=400)


def _page(request: Request, listing: Listing, records: Records) -> HttpResponse:
    sort = listing.sort(request.GET.get("sort", ""))
    page = get_page(records, sort, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    count = count_up_to_limit(records)
    context = {
        "listing": listing,
        "columns": visible_columns(listing),
        "rows": list(_rows(request, listing, page)),
        "count": _count_words(count),
        "too_many": count > COUNT_LIMIT and _too_many_to_export(),
        "choices": list(_choices(request, listing)),
        "sorts": [(one.key, one.title, one.key == sort.key) for one in listing.sorts],
        "text": request.GET.get("q", ""),
        "narrowed": bool(set(request.GET) & {"q", "force", "organisation", *(each.name for each in listing.filters)}),
        "feed": LIST_FEEDS.get(listing.name, ""),
        **_places(request, page),
        **_exports(request),
    }
    return render(request, "web/list.html", context)


def visible_columns(listing: Listing) -> list[Column]:
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
        "number": formats.number(EXPORT_LIMIT)
    }


def _count_words(count: int) -> str:
    if count > COUNT_LIMIT:
        return _("more than %(number)s") % {"number": formats.number(COUNT_LIMIT)}
    return formats.number(count)


def _rows(request: Request, listing: Listing, page: Page) -> Iterator[TableRow]:
    columns, certainties = visible_columns(listing), _certainties(request, listing, page)
    names = _names_on_that_day(request, listing, page)
    for record in page.records:
        value, *others = (column.value(record) for column in columns)
        first = cells.render_html(names.get(record.pk, value), request.as_of)
        texts = (cells.render_html(other, request.as_of) for other in others)
        rest = [TableCell(str(c.title), text, c.figure) for c, text in zip(columns[1:], texts, strict=True)]
        if listing.is_fact:
            force = marks.fact_state_mark(marks.fact_state_on(record, request.as_of.on))
            rest.append(TableCell(_("On that day"), force, False))
        standing = certainties.get(record.pk)
        yield TableRow(first, marks.certainty_mark(standing) if standing else SafeString(), rest)


def _names_on_that_day(request: Request, listing: Listing, page: Page) -> dict[int, LocalisedText]:
    """Organisations that bore another name on the day read, under that name."""
    if listing.name != "organisations" or request.as_of.day is None:
        return {}
    names = names_on(page.records, request.as_of.on, actor=request.actor)
    return {
        organisation.pk: LocalisedText(names[organisation.pk], organisation.get_absolute_url())
        for organisation in page.records
        if names[organisation.pk] not in (organisation.name_fr, organisation.name_en)
    }


def _certainties(request: Request, listing: Listing, page: Page) -> Mapping[int, str]:
    """How sure one may be of each row, in a number of queries that does not grow with the rows."""
    if certainties := LIST_CERTAINTIES.get(listing.name):
        return certainties(request, page.records)
    kind = listing.model._meta.label_lower
    found = evidence_of([(kind, record.pk) for record in page.records], actor=request.actor)
    return {
        record.pk: record_certainty(found[kind, record.pk], listing.organisations(record), request.as_of)
        for record in page.records
    }


def _choices(request: Request, listing: Listing) -> Iterator[FilterChoice]:
    for narrow in listing.filters:
        chosen = request.GET.get(narrow.name, "")
        yield FilterChoice(narrow.name, str(narrow.title), _options(list(narrow.choices())), chosen)
    if listing.is_fact:
        options = [(value, str(label)) for value, label in TRUE_ON_DAY_CHOICES]
        yield FilterChoice("force", _("On that day"), options, request.GET.get("force", ""))


def _options(choices: list[tuple[str, Any]]) -> list[tuple[str, str]]:
    """Countries are chosen by code and read by name, so they are put in the order of their names."""
    options = [(value, cells.render_text(label)) for value, label in choices]
    by_name = any(isinstance(label, Country) for _value, label in choices)
    return sorted(options, key=lambda option: fold(option[1])) if by_name else options
