"""The page of figures of needs: charts, a table behind each, filters, and files."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from maillage.core.action_registry import ActionForbiddenError
from maillage.core.request import Request
from maillage.listing.columns import Column
from maillage.listing.listing import Listing
from maillage.listing.sorts import Sort
from maillage.listing.values import organisation_link
from maillage.partnerships.models import NeedAddress, NeedOutcome
from maillage.partnerships.need_figures import (
    MAX_LINES,
    SOURCES,
    Count,
    MonthCount,
    NeedFigures,
    NeedLine,
    may_read_figures,
    month_words,
    need_figures,
    need_lines,
    organisations_with_needs,
    sector_words,
    size_words,
)
from maillage.presentation.exports import FORMATS, records_export_response

# Measures of the charts, in units of their drawing.
WIDTH, _LEFT, _BASE, _COLUMN_HEIGHT = 480, 6, 136, 108
_MAX_COLUMN = 46
# The most categories that a chart draws; the table has all.
_MAX_BARS = 10


_FigureRow = tuple[str, str, int, float | None]


class PeriodForm(forms.Form):
    """From which day to which, and for which of the organisations within reach."""

    since = forms.DateField(
        label=gettext_lazy("Received from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("Received until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    organisation = forms.ChoiceField(label=gettext_lazy("Organisation"), required=False)

    def __init__(self, request: Request, day: dt.date) -> None:
        self.organisations = {one.key: one for one in organisations_with_needs(actor=request.actor)}
        first = (day.replace(day=1) - dt.timedelta(days=330)).replace(day=1)
        given = {"since": first.isoformat(), "until": day.isoformat(), "organisation": ""}
        data = {name: request.GET.get(name) or default for name, default in given.items()}
        super().__init__(data, label_suffix="")
        choices = [(key, str(organisation)) for key, organisation in self.organisations.items()]
        self.fields["organisation"].choices = [("", _("all")), *choices]  # type: ignore[attr-defined]
        if len(choices) < 2:
            self.fields["organisation"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day is before the first one: exchange the two."))
        return cleaned


@dataclass(frozen=True, slots=True)
class MonthColumn:
    """One month: its column, its number above, and its month below."""

    x: int
    middle: int
    width: int
    y: int
    height: int
    words: str
    count: MonthCount


@dataclass(frozen=True, slots=True)
class Bar:
    """One category: its words and number on a line, its bar below."""

    width: int
    count: Count


@dataclass(frozen=True, slots=True)
class BarChart:
    """The categories of one table as bars; `width` is that of the longest."""

    name: str
    title: str
    bars: list[Bar]
    counts: list[Count]
    width: int = WIDTH


@require_safe
def need_figures_page(request: Request) -> HttpResponse:
    """The figures of the needs received in a period; as a file of one line a need, or of the tables."""
    if not may_read_figures(request.actor):
        raise ActionForbiddenError(_("Figures of needs are for those who deal with the needs of an organisation."))
    today = timezone.localdate()
    form = PeriodForm(request, today)
    lines = _lines(request, form, today) if form.is_valid() else []
    figures, wanted = need_figures(lines), request.GET.get("format", "")
    if form.is_valid() and wanted in FORMATS:
        return _file(request, wanted, lines, figures)
    context = {
        "form": form,
        "figures": figures,
        "in_time": figures.in_time / figures.judged if figures.judged else None,
        "columns": _month_columns(figures.months),
        "months": [{"words": month_words(one.month), "count": one} for one in figures.months[::-1]],
        "charts": [_bar_chart(name, title, counts) for name, (title, counts) in figures.breakdowns.items() if counts],
        "is_known": bool(form.organisations),
        "most": MAX_LINES if len(lines) == MAX_LINES else 0,
        "address": _address(request),
    }
    return render(request, "web/needs/figures.html", context, status=422 if form.errors else 200)


def _lines(request: Request, form: PeriodForm, today: dt.date) -> list[NeedLine]:
    chosen, ids = form.cleaned_data, []
    if key := chosen["organisation"]:
        ids = [form.organisations[key].pk]
    return need_lines(chosen["since"], chosen["until"], actor=request.actor, organisation_ids=ids, on=today)


def _address(request: Request) -> str:
    """The query of the page, without the format, for the links to files."""
    query = request.GET.copy()
    for name in ("format", "of"):
        query.pop(name, None)
    return query.urlencode()


def _month_columns(months: list[MonthCount]) -> list[MonthColumn]:
    if not months:
        return []
    step = min((WIDTH - 2 * _LEFT) / len(months), _MAX_COLUMN + 6)
    unit = _COLUMN_HEIGHT / max(month.received for month in months)
    every = -(-len(months) // 8)
    columns = []
    for number, month in enumerate(months):
        x, width, height = round(_LEFT + number * step) + 2, max(round(step) - 4, 2), round(month.received * unit)
        words = f"{month.month:%m/%y}" if (len(months) - 1 - number) % every == 0 else ""
        columns.append(MonthColumn(x, x + width // 2, width, _BASE - height, height, words, month))
    return columns


def _bar_chart(name: str, title: str, counts: list[Count]) -> BarChart:
    most = max(count.number for count in counts)
    bars = [Bar(max(round(count.number / most * WIDTH), 2), count) for count in counts[:_MAX_BARS]]
    return BarChart(name, title, bars, counts)


def _file(request: Request, wanted: str, lines: list[NeedLine], figures: NeedFigures) -> HttpResponse:
    if request.GET.get("of") == "figures":
        return records_export_response(request, _FIGURES, _figure_rows(figures), wanted)
    return records_export_response(request, _LINES, lines, wanted)


def _figure_rows(figures: NeedFigures) -> Iterator[_FigureRow]:
    """Each table as rows: the table, the category, its number, its share (of those judged, for the part in time)."""
    for month in figures.months:
        yield _("Needs by month"), month_words(month.month), month.received, None
    for month in figures.months:
        if month.judged:
            title = _("In time, of those whose day has come")
            yield title, month_words(month.month), month.in_time, month.in_time / month.judged
    for title, counts in figures.breakdowns.values():
        for count in counts:
            yield title, count.title, count.number, count.share


def _outcome(line: NeedLine) -> str:
    return str(NeedOutcome(line.outcome).label) if line.outcome else ""


_SORTS = (Sort("newest", gettext_lazy("latest first"), ("since",)),)
_LINES = Listing(
    name="need-figures",
    model=NeedAddress,
    title=gettext_lazy("Needs received"),
    singular=gettext_lazy("need"),
    intro="",
    sorts=_SORTS,
    columns=(
        Column("key", gettext_lazy("Number"), lambda line: line.key),
        Column("title", gettext_lazy("Need"), lambda line: line.title),
        Column("organisation", gettext_lazy("Organisation"), lambda line: organisation_link(line.organisation)),
        Column("received", gettext_lazy("Received"), lambda line: line.received_day),
        Column("source", gettext_lazy("How it came"), lambda line: str(SOURCES[line.source])),
        Column("sector", gettext_lazy("Sector of the requester"), sector_words),
        Column("size", gettext_lazy("Size of the requester"), size_words),
        Column("country", gettext_lazy("Country"), lambda line: line.country),
        Column("promised", gettext_lazy("Promised"), lambda line: line.promised_day),
        Column("first_word", gettext_lazy("Days to the first word"),
               lambda line: None if line.first_word_days is None else round(line.first_word_days, 1)),
        Column("dealt", gettext_lazy("Dealt with on"),
               lambda line: timezone.localdate(line.dealt_at) if line.dealt_at else None),
        Column("in_time", gettext_lazy("In time"),
               lambda line: "" if line.in_time is None else _("yes") if line.in_time else _("no")),
        Column("outcome", gettext_lazy("Outcome"), _outcome),
        Column("lost", gettext_lazy("Where it was lost"), lambda line: line.lost),
    ),
)  # fmt: skip
_FIGURES = Listing(
    name="need-figure-tables",
    model=NeedAddress,
    title=gettext_lazy("Figures of needs"),
    singular=gettext_lazy("figure"),
    intro="",
    sorts=_SORTS,
    columns=(
        Column("table", gettext_lazy("Table"), lambda row: row[0]),
        Column("category", gettext_lazy("Category"), lambda row: row[1]),
        Column("number", pgettext_lazy("how many", "Number"), lambda row: row[2]),
        Column("share", gettext_lazy("Share"), lambda row: None if row[3] is None else round(row[3], 4)),
    ),
)
