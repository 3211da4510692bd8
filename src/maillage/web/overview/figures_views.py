"""The page of figures over the years: one calm chart for each list, and the table behind them."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from maillage.core.request import Request
from maillage.presentation.links import link_as_of
from maillage.presentation.yearly_figures import YearlyCount, YearlyFigures, yearly_figures
from maillage.web.overview.pictures import picture_links

WIDTH, HEIGHT, _BASE, _COLUMN_HEIGHT, _LEFT = 480, 160, 136, 108, 6


@dataclass(frozen=True, slots=True)
class YearColumn:
    """One year: its column, its number, and its year below."""

    x: int
    middle: int
    width: int
    sure_y: int
    sure_height: int
    unsure_y: int
    unsure_height: int
    count: YearlyCount
    words: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """One list over the years, for SVG."""

    figures: YearlyFigures
    columns: list[YearColumn]
    url: str


@require_safe
def figures_page(request: Request) -> HttpResponse:
    """The figures until the day read."""
    figures = yearly_figures(actor=request.actor, on=request.as_of.on)
    context = {
        "pictures": picture_links("yearly-figures"),
        "charts": [_chart(each, request) for each in figures],
        "rows": [(years[0].day, years) for years in zip(*(each.years for each in figures), strict=True)][::-1],
    }
    return render(request, "web/overview/figures.html", context)


def _chart(figures: YearlyFigures, request: Request) -> Chart:
    step = (WIDTH - 2 * _LEFT) / len(figures.years)
    unit = _COLUMN_HEIGHT / max(figures.most, 1)
    last = len(figures.years) - 1
    columns = []
    for number, count in enumerate(figures.years):
        sure, both = round(count.sure * unit), round((count.sure + count.unsure) * unit)
        x, width = round(_LEFT + number * step) + 2, round(step) - 4
        words = (last - number) % 3 == 0
        columns.append(
            YearColumn(x, x + width // 2, width, _BASE - sure, sure, _BASE - both, both - sure, count, words)
        )
    return Chart(figures, columns, link_as_of(reverse(f"{figures.name}:list"), request.as_of))
