"""Targets and what was reached of them as bars, one pair a year; in whole points, for SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from maillage.charter.compliance import TargetResult
from maillage.core import formats

_LEFT, _WIDE, _RIGHT, _TALL, _GAP = 44, 240, 76, 14, 12


@dataclass(frozen=True, slots=True)
class YearBars:
    """A year: where its two bars stand, how long they are, and the words beside them."""

    year: int
    y: int
    target: int
    reached: int
    words: str
    short: bool


@dataclass(frozen=True, slots=True)
class ObjectiveDrawing:
    """All of it, `width` by `height` points; bars begin at `left` and are `tall` points high."""

    width: int
    height: int
    left: int
    tall: int
    bars: list[YearBars]


def objective_drawing(years: Sequence[TargetResult]) -> ObjectiveDrawing:
    """The drawing of an objective, each bar as long as its number is of the largest."""
    numbers = [number for one in years for number in (one.target.target, one.reached or Decimal(0))]
    largest = max(numbers, default=Decimal(0)) or Decimal(1)

    def length(number: Decimal | None) -> int:
        return round(_WIDE * (number or 0) / largest)

    step = _TALL * 2 + _GAP
    bars = [
        YearBars(one.target.year, place * step, length(one.target.target), length(one.reached), _words(one), one.short)
        for place, one in enumerate(years)
    ]
    return ObjectiveDrawing(_LEFT + _WIDE + _RIGHT, step * len(years), _LEFT, _TALL, bars)


def _words(one: TargetResult) -> str:
    reached = "–" if one.reached is None else formats.number(one.reached)
    return f"{reached} / {formats.number(one.target.target)}"
