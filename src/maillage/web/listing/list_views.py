"""The page of a listing: filters, sorts and one page of rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

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
from maillage.listing.sorts import Sort
from maillage.listing.values import Country, Records, Region
from maillage.presentation import calendars, cells, exports, links, marks
from maillage.presentation.evidence import CertaintyReader
from maillage.web.error_views import unreadable_address
from maillage.web.facts.addresses import new_fact_address, sheet_address
from maillage.web.listing.page_parts import LIST_CERTAINTIES, LIST_FEEDS, LIST_NAMES
from maillage.web.proposals.links import proposed_fact_address


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

    @property
    def chosen_label(self) -> str:
        """The label of the chosen value, or that value if it is no option."""
        return dict(self.options).get(self.chosen, self.chosen[:60])


def list_page(request: Request, name: str) -> HttpResponse:
    """The list, or its export where `?format=` asks for one."""
    listing = LISTINGS[name]
    try:
        records = filter_records(listing, listing.records(request.actor), request.GET, request.as_of.on)
        if export_format := request.GET.get("format"):
            return exports.list_export_response(request, listing, records, export_format, localised=True)
        return _page(request, listing, records)
    except (InvalidCursorError, ValidationError, ValueError) as error:
        reason = str(error) if isinstance(error, InvalidCursorError) else _("A filter of this address cannot be read.")
        return unreadable_address(request, reason, request.path)


def _page(request: Request, listing: Listing, records: Records) -> HttpResponse:
    sort = listing.sort(request.GET.get("sort", ""))
    page = get_page(records, sort, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    count = count_up_to_limit(records)
    context = {
        "suggestions": [] if page.records else list(_suggestions(request, listing)),
        "new_fact_url": _new_fact_url(request, listing),
        "sheet_url": sheet_address(request, listing.model) if request.as_of.known is None else "",
        "propose_url": _propose_url(request, listing),
        "listing": listing,
        "columns": [_column_head(request, listing, column, sort) for column in visible_columns(listing)],
        "rows": list(_rows(request, listing, page)),
        "count": _count_words(count),
        "too_many": count > COUNT_LIMIT and _too_many_to_export(),
        "choices": list(_filter_choices(request, listing)),
        "sorts": [(option.key, option.title, option.key == sort.key) for option in _sort_options(listing, sort)],
        "text": request.GET.get("q", ""),
        "narrowed": bool(
            set(request.GET) & {"q", "force", "organisation", *(list_filter.name for list_filter in listing.filters)}
        ),
        "feed": LIST_FEEDS.get(listing.name, ""),
        "has_calendar": calendars.has_calendar(listing),
        **_page_urls(request, page),
        **_export_urls(request),
    }
    return render(request, "web/list.html", context)


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """The head of a column: its title, the address that sorts by it (empty if none), and the order that is chosen."""

    title: str
    figure: bool
    url: str = ""
    order: str = ""


def _column_head(request: Request, listing: Listing, column: Column, chosen: Sort) -> ColumnHead:
    """The head of a column; the link of the chosen one leads to the other direction."""
    sort = listing.column_sort(column.key)
    if sort is None:
        return ColumnHead(str(column.title), column.figure)
    is_chosen = chosen.key in (sort.key, sort.reversed().key)
    url = links.with_parameters(request, sort=sort.reversed().key if chosen.key == sort.key else sort.key)
    order = ("descending" if chosen.descending else "ascending") if is_chosen else ""
    return ColumnHead(str(column.title), column.figure, url, order)


def _sort_options(listing: Listing, chosen: Sort) -> list[Sort]:
    """The orders to choose from, with a reversed one if it is chosen."""
    return [*listing.sorts, *([] if chosen in listing.sorts else [chosen])]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A filter to leave out of a list that holds nothing, with how many records that leaves."""

    words: str
    url: str
    count: str


def _suggestions(request: Request, listing: Listing) -> Iterator[Suggestion]:
    """What to leave out, one filter at a time, so that a list without any record holds some."""
    titles = {choice.name: f"{choice.title}: {choice.chosen_label}" for choice in _filter_choices(request, listing)}
    titles["q"] = request.GET.get("q", "")[:60]
    titles["organisation"] = _("About one organisation")
    for name, words in titles.items():
        parameters = {key: value for key, value in request.GET.dict().items() if key != name}
        if not request.GET.get(name):
            continue
        records = filter_records(listing, listing.records(request.actor), parameters, request.as_of.on)
        if count := count_up_to_limit(records):
            yield Suggestion(words, links.with_parameters(request, **{name: None}), _count_words(count))


def _new_fact_url(request: Request, listing: Listing) -> str:
    """The address at which a fact is added to the list; empty for who may not, and in the past."""
    if request.as_of.known is not None:
        return ""
    return new_fact_address(request, listing.model, request.GET.get("organisation", ""))


def _propose_url(request: Request, listing: Listing) -> str:
    """The address at which a reader who may not add a fact to the list proposes one; empty in the past."""
    if request.as_of.known is not None:
        return ""
    return proposed_fact_address(request, listing.model, request.GET.get("organisation", ""))


def visible_columns(listing: Listing) -> list[Column]:
    """The columns shown on the page; the others are for exports only."""
    return [column for column in listing.columns if not column.data]


def _page_urls(request: Request, page: Page) -> dict[str, str]:
    after = links.with_parameters(request, after=page.after) if page.after else ""
    before = links.with_parameters(request, before=page.before) if page.before else ""
    return {"next_url": after, "previous_url": before}


def _export_urls(request: Request) -> dict[str, str]:
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
    find_names = LIST_NAMES.get(listing.name)
    names = find_names(request, page.records) if find_names else {}
    for record in page.records:
        value, *others = (column.value(record) for column in columns)
        first = cells.render_html(names.get(record.pk, value), request.as_of)
        texts = (cells.render_html(other, request.as_of) for other in others)
        row_cells = [
            TableCell(str(column.title), text, column.figure) for column, text in zip(columns[1:], texts, strict=True)
        ]
        if listing.is_fact:
            force = marks.fact_state_mark(marks.fact_state_on(record, request.as_of.on))
            row_cells.append(TableCell(_("On that day"), force, False))
        certainty = certainties.get(record.pk)
        yield TableRow(first, marks.certainty_mark(certainty) if certainty else SafeString(), row_cells)


def _certainties(request: Request, listing: Listing, page: Page) -> Mapping[int, str]:
    """The certainty of each row by record id, in a number of queries that does not grow with the rows."""
    if certainties := LIST_CERTAINTIES.get(listing.name):
        return certainties(request, page.records)
    kind = listing.model._meta.label_lower
    evidence = evidence_of([(kind, record.pk) for record in page.records], actor=request.actor)
    organisations = {record.pk: list(listing.organisations(record)) for record in page.records}
    reader = CertaintyReader.for_records(evidence.values(), chain(*organisations.values()), request.as_of)
    return {record.pk: reader.certainty(evidence[kind, record.pk], organisations[record.pk]) for record in page.records}


def _filter_choices(request: Request, listing: Listing) -> Iterator[FilterChoice]:
    for list_filter in listing.filters:
        chosen = request.GET.get(list_filter.name, "")
        yield FilterChoice(list_filter.name, str(list_filter.title), _options(list(list_filter.choices())), chosen)
    if listing.is_fact:
        options = [(value, str(label)) for value, label in TRUE_ON_DAY_CHOICES]
        yield FilterChoice("force", _("On that day"), options, request.GET.get("force", ""))


def _options(choices: list[tuple[str, object]]) -> list[tuple[str, str]]:
    """The options of a filter; countries and regions are sorted by name, since their values are codes."""
    options = [(value, cells.render_text(label)) for value, label in choices]
    by_name = any(isinstance(label, Country | Region) for _value, label in choices)
    return sorted(options, key=lambda option: fold(option[1])) if by_name else options
