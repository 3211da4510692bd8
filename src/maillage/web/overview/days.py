"""Links to the same page on other days, which need no script."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from maillage.core.request import Request
from maillage.presentation.links import with_parameters

YEARS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class DayLink:
    """A day with the address of the page on it; `day` is `None` for today."""

    day: dt.date | None
    url: str
    current: bool


def day_links(request: Request) -> list[DayLink]:
    """The first of January of the last years, and today."""
    this_year = timezone.localdate().year
    days = [dt.date(year, 1, 1) for year in range(this_year - YEARS_SHOWN + 1, this_year + 1)]
    read = request.as_of.day
    links = [DayLink(day, with_parameters(request, on=day.isoformat()), day == read) for day in days]
    return [*links, DayLink(None, with_parameters(request, on=None), read is None)]
