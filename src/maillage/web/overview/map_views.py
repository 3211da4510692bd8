"""The page of the map: the towns of the organisations on a day."""

from collections import Counter
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from maillage.core import formats
from maillage.core.request import Request
from maillage.presentation.links import link_as_of, query_string, with_parameters
from maillage.register.places import Town, name_organisations, places_on
from maillage.web.overview.days import day_links
from maillage.web.overview.map_drawing import MapPoint, map_drawing
from maillage.web.overview.pictures import picture_links

_ALL, _NAMED, _COUNTRIES_SHOWN = "all", 5, 12
# A country with so large a share of the organisations is shown first.
_SHOWN_FIRST = 0.3


@dataclass(frozen=True, slots=True)
class CountryLink:
    """A country, or all, with the number of its organisations that have a place."""

    name: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class TownRow:
    """A town as the table says it: a link to the list of its organisations, some of them, and how many more."""

    town: Town
    country: str
    url: str
    point: MapPoint
    words: str
    others: int


@require_safe
def map_page(request: Request) -> HttpResponse:
    """The map on the day read, of one country (`?country=FR`) or of all; first of the one that has most of them."""
    everywhere = places_on(actor=request.actor, on=request.as_of.on)
    counts: Counter[str] = Counter()
    for town in everywhere.towns:
        counts[town.country] += town.count
    country = _chosen_country(request.GET.get("country", ""), counts)
    towns = [town for town in everywhere.towns if country in (_ALL, town.country)]
    drawing = map_drawing(towns)
    if drawing:
        name_organisations(
            [point.town for point in drawing.points], actor=request.actor, on=request.as_of.on, most=_NAMED
        )
    context = {
        "pictures": picture_links("map"),
        "days": day_links(request),
        "places": everywhere,
        "shown": sum(town.count for town in towns),
        "drawing": drawing,
        "rows": [_town_row(point, request) for point in drawing.points] if drawing else [],
        "countries": _country_links(request, counts, country),
    }
    return render(request, "web/overview/map.html", context)


def _chosen_country(asked: str, counts: Counter[str]) -> str:
    """The country to show: the one asked for, else the one with most organisations, else all."""
    if asked == _ALL or not counts:
        return _ALL
    if asked in counts:
        return asked
    country, count = counts.most_common(1)[0]
    return country if count >= _SHOWN_FIRST * counts.total() else _ALL


def _country_links(request: Request, counts: Counter[str], chosen: str) -> list[CountryLink]:
    """The countries with most organisations, each with the address of its map."""
    if len(counts) < 2:
        return []
    links = [
        CountryLink(formats.country(code), count, with_parameters(request, country=code), code == chosen)
        for code, count in counts.most_common(_COUNTRIES_SHOWN)
        if code
    ]
    return [*links, CountryLink("", counts.total(), with_parameters(request, country=_ALL), chosen == _ALL)]


def _town_row(point: MapPoint, request: Request) -> TownRow:
    town = point.town
    query = query_string({"q": town.name, "country": town.country, "region": town.region})
    url = link_as_of(f"{reverse('organisations:list')}?{query}", request.as_of)
    names = ", ".join(organisation.short_name for organisation in town.names)
    others = town.count - len(town.names)
    return TownRow(town, formats.country(town.country), url, point, names, others)
