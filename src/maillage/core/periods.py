"""Periods with partial and open ends.

An end is written in EDTF (ISO 8601-2): a partial date (`2006`, `2024-07`, `2020-02-07`), possibly uncertain (`2019?`,
`201X`), `..` for open, or empty for unknown. Three ranges of days are computed from the two ends, for queries:

    certain    every day on which the fact certainly held
    possible   every day on which it may have held
    days       from the earliest start to the earliest end, which database constraints keep from overlapping

so that "in force on day D" is *yes* if `certain` contains D, *no* if `possible` does not, and *not sure* in between.
"""

import calendar
import datetime as dt
import enum
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from django.utils.translation import gettext as _
from edtf import EDTFParseException, parse_edtf
from psycopg.types.range import Range

from maillage.core.edtf_dates import PARTIAL, days_of_unknown_digits, days_of_year_part, without_marks, year_part

OPEN = ".."
UNKNOWN = ""
_DAY = dt.timedelta(days=1)
_PLAIN_DATE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])(?:-[0-9]{2})?")

DayRange = Range[dt.date]


class TruthOnDay(enum.Enum):
    """Answer to "was this in force on that day?"."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class InvalidPeriodError(ValueError):
    """An invalid date or period; the message names it and says what to write instead."""


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day that a partial date may mean (both included)."""

    first: dt.date
    last: dt.date


@lru_cache(maxsize=20_000)
def span(text: str) -> Span:
    """The days an EDTF date may mean: `2006` is 1 January to 31 December 2006.

    Raises `InvalidPeriodError` where the text is no date of the calendar (`2020-02-30`, `soon`).
    """
    if not PARTIAL.fullmatch(text):
        message = _("“%(text)s” is not a date; write a year, a month or a day: 2006, 2024-07, 2020-02-07")
        raise InvalidPeriodError(message % {"text": text})
    bare = without_marks(text)
    if bare.replace("X", "9").startswith("999"):
        message = _("“%(text)s” is at the end of the calendar; write .. for an end that is open")
        raise InvalidPeriodError(message % {"text": text})
    if bare.isdigit() and bare != "0000":
        # A plain year, month or day skips the EDTF grammar, which takes some 10 ms per date.
        return Span(dt.date(int(bare), 1, 1), dt.date(int(bare), 12, 31))
    try:
        if _PLAIN_DATE.fullmatch(bare):
            return _span_of_plain(*map(int, bare.split("-")))
        return _span_of_exact(bare)
    except (EDTFParseException, ValueError, TypeError, AttributeError) as error:
        message = _("“%(text)s” is no day of the calendar; correct the month or the day")
        raise InvalidPeriodError(message % {"text": text}) from error


def _span_of_exact(text: str) -> Span:
    """The days of a date without marks of doubt. Raises what the grammar of EDTF raises for none."""
    if "X" in text:
        return Span(*days_of_unknown_digits(text))
    if year_part(text):
        return Span(*days_of_year_part(text))
    parsed = parse_edtf(text)
    return Span(_date(parsed.lower_strict()), _date(parsed.upper_strict()))


def _span_of_plain(year: int, month: int, day: int = 0) -> Span:
    """The days of a month, or one day. Raises `ValueError` for a day that no calendar has."""
    if day:
        return Span(dt.date(year, month, day), dt.date(year, month, day))
    return Span(dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]))


def _date(parts: tuple[int, ...]) -> dt.date:
    return dt.date(parts[0], parts[1], parts[2])


def edtf_text(value: object) -> str:
    """The value of a date in a file (an integer year, a `date`, a text or `None` for unknown) as EDTF text."""
    if value is None:
        return UNKNOWN
    return value.isoformat() if isinstance(value, dt.date) else str(value).strip()


@dataclass(frozen=True, slots=True)
class Period:
    """From–to, each end an EDTF date, `..` (open) or empty (unknown)."""

    start: str = UNKNOWN
    end: str = OPEN

    def __post_init__(self) -> None:
        for text in (self.start, self.end):
            if text not in (OPEN, UNKNOWN):
                span(text)
        if self._earliest_start() > self._latest_end():
            message = _("the period ends (%(end)s) before it begins (%(start)s); exchange or correct them")
            raise InvalidPeriodError(message % {"end": self.end, "start": self.start})

    @classmethod
    def parse(cls, text: str) -> Self:
        """An EDTF interval: `2006/2010-07`, `2020/..`, `/2019`; a single date is that date's own span."""
        start, slash, end = text.partition("/")
        return cls(start, end) if slash else cls(text, text)

    def __str__(self) -> str:
        return f"{self.start}/{self.end}"

    def _earliest_start(self) -> dt.date:
        return dt.date.min if self.start in (OPEN, UNKNOWN) else span(self.start).first

    def _latest_end(self) -> dt.date:
        return dt.date.max if self.end in (OPEN, UNKNOWN) else span(self.end).last

    def possible(self) -> DayRange:
        """Days on which the fact may have held, `[first, last)`; a bound is `None` where nothing limits it."""
        lower = None if self.start in (OPEN, UNKNOWN) else span(self.start).first
        upper = None if self.end in (OPEN, UNKNOWN) else span(self.end).last + _DAY
        return Range(lower, upper, "[)")

    def certain(self, attested: str = UNKNOWN) -> DayRange:
        """Days on which the fact certainly held, `[first, last)`.

        `attested` is the EDTF date, or interval, at which evidence shows the fact in force. If the end is unknown, the
        certain days reach from the known start to the attested date, and no further.
        """
        lower, upper = self._latest_start(attested), self._earliest_end(attested)
        if lower == dt.date.max or (lower is not None and upper is not None and lower >= upper):
            return Range(empty=True)
        return Range(None if lower == dt.date.min else lower, upper, "[)")

    def _latest_start(self, attested: str) -> dt.date:
        if self.start == OPEN:
            return dt.date.min
        if self.start != UNKNOWN:
            return span(self.start).last
        return span(attested.partition("/")[0]).last if attested else dt.date.max

    def _earliest_end(self, attested: str) -> dt.date | None:
        """First day after the certain days; `None` if the end is open."""
        if self.end == OPEN:
            return None
        if self.end != UNKNOWN:
            return span(self.end).first + _DAY
        if attested:
            return span(attested.rpartition("/")[2]).first + _DAY
        return dt.date.min if self.start in (OPEN, UNKNOWN) else span(self.start).last + _DAY

    def days(self) -> DayRange:
        """Earliest start to earliest end, never empty: successive periods sharing a partial date do not overlap."""
        lower = None if self.start in (OPEN, UNKNOWN) else span(self.start).first
        upper = None if self.end in (OPEN, UNKNOWN) else span(self.end).first
        if lower is not None and upper is not None and upper <= lower:
            upper = lower + _DAY
        return Range(lower, upper, "[)")

    def holds_on(self, day: dt.date, attested: str = UNKNOWN) -> TruthOnDay:
        """Whether the fact was in force on `day`."""
        if range_contains(self.certain(attested), day):
            return TruthOnDay.YES
        return TruthOnDay.UNSURE if range_contains(self.possible(), day) else TruthOnDay.NO


def range_contains(days: DayRange, day: dt.date) -> bool:
    """Whether a half-open range of days contains `day`; a bound of `None` does not limit."""
    if days.isempty:
        return False
    return (days.lower is None or days.lower <= day) and (days.upper is None or day < days.upper)


def add_months(day: dt.date, months: int) -> dt.date:
    """The day `months` later (earlier if negative), or the last day of that month if it has no such day."""
    month_index = day.month - 1 + months
    year, month = day.year + month_index // 12, month_index % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@lru_cache(maxsize=5_000)
def period_ranges(start: str, end: str, attested: str) -> tuple[DayRange, DayRange, DayRange]:
    """The three ranges of days of a period, in the order certain, possible, days. Raises `InvalidPeriodError`."""
    period = Period(start, end)
    return period.certain(attested), period.possible(), period.days()


@lru_cache(maxsize=5_000)
def period_range_literals(start: str, end: str, attested: str) -> tuple[str, str, str]:
    """The three ranges of days of a period as PostgreSQL literals, in the order certain, possible, days.

    For loads that write whole tables at once. Raises `InvalidPeriodError`.
    """
    certain, possible, days = period_ranges(start, end, attested)
    return _range_literal(certain), _range_literal(possible), _range_literal(days)


def _range_literal(days: DayRange) -> str:
    return "empty" if days.isempty else f"[{days.lower or ''},{days.upper or ''})"
