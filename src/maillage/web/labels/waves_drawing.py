"""Drawing of the waves of a label, for SVG: one line for each wave, from its call to the end of its term.

The table below it on the page has the same content in words.
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
    """A wave: name, position of its term, whether the end is known, and position of its call if that is known."""

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


def waves_drawing(waves: list[WaveDetails], on: dt.date) -> WavesDrawing | None:
    """Draw the waves whose beginning is known; None where there are fewer than two.

    A term whose end is not known is drawn as far as the next wave begins, or as far as the day read.
    """
    dated_waves = [wave for wave in waves if wave.term.start not in (OPEN, UNKNOWN)]
    if len(dated_waves) < 2:
        return None
    terms = [_drawn_term(wave, dated_waves, on) for wave in dated_waves]
    scale = _Scale.over(day for pair in terms for day in pair)
    bars = [
        _wave_bar(wave, days, scale, number) for number, (wave, days) in enumerate(zip(dated_waves, terms, strict=True))
    ]
    height = _TOP + len(bars) * _LINE + 8
    return WavesDrawing(_WIDTH, height, scale.ticks(), bars, scale.x(on) if scale.first <= on <= scale.last else None)


def _drawn_term(wave: WaveDetails, waves: list[WaveDetails], on: dt.date) -> tuple[dt.date, dt.date]:
    first = span(wave.term.start).first
    if wave.term.end not in (OPEN, UNKNOWN):
        return first, span(wave.term.end).last
    later = [begins for other in waves if (begins := span(other.term.start).first) > first]
    return first, min(later, default=max(on, first + dt.timedelta(days=round(_YEAR))))


def _wave_bar(wave: WaveDetails, days: tuple[dt.date, dt.date], scale: "_Scale", number: int) -> WaveBar:
    name = str(wave.wave)
    x, end = scale.x(days[0]), scale.x(days[1])
    opened = wave.parameters.get(ParameterName.CALL_OPENED) or wave.parameters.get(ParameterName.CALL_CLOSED)
    call = span(opened.day).first if opened else None
    return WaveBar(
        y=_TOP + number * _LINE + _LINE // 2,
        name=name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…",
        x=x,
        width=max(end - x, 4),
        ends=wave.term.end != UNKNOWN,
        words=formats.period(wave.term.start, wave.term.end),
        call_x=scale.x(call) if call and scale.first <= call < days[0] else None,
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """Whole years from left to right."""

    first: dt.date
    last: dt.date

    @classmethod
    def over(cls, days: Iterable[dt.date]) -> "_Scale":
        all_days = list(days)
        return cls(dt.date(min(all_days).year - 1, 1, 1), dt.date(max(all_days).year, 12, 31))

    def x(self, day: dt.date) -> int:
        """The horizontal position of a day."""
        share = (day - self.first).days / (self.last - self.first).days
        return round(_LEFT + min(max(share, 0.0), 1.0) * (_RIGHT - _LEFT))

    def ticks(self) -> list[YearTick]:
        """Evenly spaced years, from the first year of a wave."""
        begins, years = self.first.year + 1, self.last.year - self.first.year
        step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 10_000) if years / step < _MOST_TICKS)
        return [YearTick(self.x(dt.date(year, 1, 1)), year) for year in range(begins, self.last.year + 1, step)]
