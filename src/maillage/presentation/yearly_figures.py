"""How many records of each list there were at the end of each year, as far as a reader may see them."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from maillage.core.actors import Actor
from maillage.core.security.visibility import visible_records
from maillage.listing.listing import LISTINGS
from maillage.listing.values import Records

# Lists of facts that last, counted at the end of each year; and of those that happen, counted in the year they began.
LASTING_LISTS = ("organisations", "ties", "awards", "offers", "startups", "trials")
HAPPENING_LISTS = ("events", "agreements")
YEARS_SHOWN = 16


@dataclass(frozen=True, slots=True)
class YearlyCount:
    """A year (its last day, or the day read) with the number of records that are surely counted, and perhaps."""

    day: dt.date
    sure: int
    unsure: int = 0

    @property
    def all(self) -> int:
        """How many at most."""
        return self.sure + self.unsure


@dataclass(frozen=True, slots=True)
class YearlyFigures:
    """A list over the years; `lasting` tells records there at the end of a year from those that began in it.

    `undated` is the number of records that no year can count, since their beginning is not known.
    """

    name: str
    title: str
    lasting: bool
    years: list[YearlyCount]
    undated: int = 0

    @property
    def most(self) -> int:
        """The largest number of a year."""
        return max(year.all for year in self.years)


def yearly_figures(*, actor: Actor, on: dt.date) -> list[YearlyFigures]:
    """Each list over the years until a day, one query for each; without lists in which nothing is counted."""
    days = counted_days(on)
    figures = [
        *(_lasting_figures(name, days, actor) for name in LASTING_LISTS),
        *(_happening_figures(name, days, actor) for name in HAPPENING_LISTS),
    ]
    return [figure for figure in figures if figure.most or figure.undated]


def counted_days(on: dt.date) -> list[dt.date]:
    """The last day of each of the years before, and the day itself."""
    first = max(on.year - YEARS_SHOWN + 1, 1)
    return [*(dt.date(year, 12, 31) for year in range(first, on.year)), on]


def _records(name: str, actor: Actor) -> Records:
    """The records of a list, without simulated awards and without what lists add to each row."""
    listing = LISTINGS[name]
    records = listing.within(visible_records(listing.model, actor)).order_by()
    return records.filter(simulated=False) if name == "awards" else records


def _lasting_figures(name: str, days: list[dt.date], actor: Actor) -> YearlyFigures:
    counts: dict[str, Count] = {}
    for number, day in enumerate(days):
        counts[f"sure_{number}"] = Count("pk", filter=Q(certain__holds=day), distinct=True)
        counts[f"perhaps_{number}"] = Count("pk", filter=Q(possible__holds=day), distinct=True)
    totals = _records(name, actor).aggregate(**counts)
    years = [
        YearlyCount(day, totals[f"sure_{number}"], totals[f"perhaps_{number}"] - totals[f"sure_{number}"])
        for number, day in enumerate(days)
    ]
    return YearlyFigures(name, str(LISTINGS[name].title), True, years)


def _happening_figures(name: str, days: list[dt.date], actor: Actor) -> YearlyFigures:
    counts = {
        f"began_{number}": Count(
            "pk", filter=Q(days__startswith__gte=dt.date(day.year, 1, 1), days__startswith__lte=day), distinct=True
        )
        for number, day in enumerate(days)
    }
    undated = Count("pk", filter=Q(days__startswith=None), distinct=True)
    totals = _records(name, actor).aggregate(undated=undated, **counts)
    years = [YearlyCount(day, totals[f"began_{number}"]) for number, day in enumerate(days)]
    return YearlyFigures(name, str(LISTINGS[name].title), False, years, totals["undated"])
