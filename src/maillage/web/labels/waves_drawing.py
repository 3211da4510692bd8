"""The drawn waves of a label: an SVG made here, one line for each wave, from its call to the end of its term.

The table below it on the page says the same in words.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from maillage.core import formats
from maillage.core.periods import OPEN, UNKNOWN, span
from maillage.labels.schemes import WaveDetails
from maillage.labels.vocabulary import ParameterName

_WIDTH, _LEFT, _RIGHT, _LINE, _TOP = 720, 150, 690, 30, 26
_LETTERS = 22
_MOST_TICKS = 9
_YEAR = 365.2425


@dataclass(frozen=True, slots=True)
class WaveBar:
    """A wave: its name, where its term stands, whether its end is known, and where its call stands if that is known."""

    y: int
    name: str
    x: int
    width: int
    ends: bool
    words: str
    call_x: int | None


@dataclass(frozen=True, slots=True)
class YearTick:
    """A year of the scale."""

    x: int
    year: int


@dataclass(frozen=True, slots=True)
class WavesDrawing:
    width: int
    height: int
    ticks: list[YearTick]
    bars: list[WaveBar]
    today_x: int | None


def waves_drawing(known: list[WaveDetails], on: dt.date) -> WavesDrawing | None:
    """The waves whose beginning is known; nothing where there are fewer than two.

    A term whose end is not known is drawn as far as the next wave begins, or as far as the day read.
    """
    begun = [one for one in known if one.term.start not in (OPEN, UNKNOWN)]
    if len(begun) < 2:
        return None
    reach = [_reach(one, begun, on) for one in begun]
    scale = _Scale.over(day for pair in reach for day in pair)
    bars = [_bar(one, days, scale, number) for number, (one, days) in enumerate(zip(begun, reach, strict=True))]
    height = _TOP + len(bars) * _LINE + 8
    return WavesDrawing(_WIDTH, height, scale.ticks(), bars, scale.x(on) if scale.first <= on <= scale.last else None)


def _reach(one: WaveDetails, waves: list[WaveDetails], on: dt.date) -> tuple[dt.date, dt.date]:
    first = span(one.term.start).first
    if one.term.end not in (OPEN, UNKNOWN):
        return first, span(one.term.end).last
    later = [begins for each in waves if (begins := span(each.term.start).first) > first]
    return first, min(later, default=max(on, first + dt.timedelta(days=round(_YEAR))))


def _bar(one: WaveDetails, days: tuple[dt.date, dt.date], scale: "_Scale", number: int) -> WaveBar:
    name = str(one.wave)
    x, end = scale.x(days[0]), scale.x(days[1])
    opened = one.parameters.get(ParameterName.CALL_OPENED) or one.parameters.get(ParameterName.CALL_CLOSED)
    call = span(opened.day).first if opened else None
    return WaveBar(
        y=_TOP + number * _LINE + _LINE // 2,
        name=name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…",
        x=x,
        width=max(end - x, 4),
        ends=one.term.end != UNKNOWN,
        words=formats.period(one.term.start, one.term.end),
        call_x=scale.x(call) if call and scale.first <= call < days[0] else None,
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """Whole years from left to right."""

    first: dt.date
    last: dt.date

    @classmethod
    def over(cls, days: Iterable[dt.date]) -> "_Scale":
        found = list(days)
        return cls(dt.date(min(found).year - 1, 1, 1), dt.date(max(found).year, 12, 31))

    def x(self, day: dt.date) -> int:
        """Where a day stands."""
        share = (day - self.first).days / (self.last - self.first).days
        return round(_LEFT + min(max(share, 0.0), 1.0) * (_RIGHT - _LEFT))

    def ticks(self) -> list[YearTick]:
        """Some years, evenly apart, beginning with the first of a wave."""
        begins, years = self.first.year + 1, self.last.year - self.first.year
        step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 10_000) if years / step < _MOST_TICKS)
        return [YearTick(self.x(dt.date(year, 1, 1)), year) for year in range(begins, self.last.year + 1, step)]
