"""Working days of a country and region: neither its days of rest nor its holidays."""

import datetime as dt
import functools
from dataclasses import dataclass

import holidays

# Names of regions that the library knows only by a code.
_REGION_CODES = {("FR", "Alsace-Moselle"): "57"}
_ONE_DAY = dt.timedelta(days=1)
_MAX_DAYS = 2_000


class UnknownPlaceError(ValueError):
    """No calendar of holidays is known for this country or region."""


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The calendar of a country (ISO 3166, two letters) and, where its holidays differ, of one of its regions.

    A region is an ISO 3166-2 code without the country, or a name: `Alsace-Moselle`, `La Réunion`, `973`.
    Raises `UnknownPlaceError` at the first use where there is no such calendar.
    """

    country: str = "FR"
    region: str = ""

    def is_working_day(self, day: dt.date) -> bool:
        """Whether `day` is a working day."""
        return bool(_calendar(self.country, self.region).is_working_day(day))

    def last(self, day: dt.date) -> dt.date:
        """`day` itself if it is a working day, else the last one before it."""
        while not self.is_working_day(day):
            day -= _ONE_DAY
        return day

    def add(self, day: dt.date, days: int) -> dt.date:
        """The working day that is `days` (may be negative) from `day`.

        A day of rest counts as the working day before it, so that one working day after a Saturday is the Monday, and
        so that `add(add(d, a), b)` is `add(d, a + b)`. Raises `ValueError` beyond 2,000 days.
        """
        if abs(days) > _MAX_DAYS:
            raise ValueError(f"A delay of {days} working days is too long; give at most {_MAX_DAYS}.")
        day, step = self.last(day), _ONE_DAY if days > 0 else -_ONE_DAY
        for _index in range(abs(days)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def count(self, start: dt.date, end: dt.date) -> int:
        """The number of working days after `start` up to and with `end`; 0 where `end` is not later."""
        days = (start + number * _ONE_DAY for number in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def check(self) -> None:
        """Raise `UnknownPlaceError` where there is no calendar for the country or the region."""
        _calendar(self.country, self.region)


@functools.lru_cache(maxsize=256)
def _calendar(country: str, region: str) -> holidays.HolidayBase:
    try:
        return holidays.country_holidays(country, subdiv=_REGION_CODES.get((country, region), region) or None)
    except NotImplementedError as error:
        raise UnknownPlaceError(f"{country} {region}".strip()) from error
