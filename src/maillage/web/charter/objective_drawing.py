"""Drawing of targets and results for SVG: a pair of bars a year; lengths in whole points."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from maillage.charter.compliance import TargetResult
from maillage.core import formats

_LEFT, _WIDE, _RIGHT, _TALL, _GAP = 44, 240, 76, 14, 12


@dataclass(frozen=True, slots=True)
class YearBars:
    """A year: position and lengths of its two bars, and the text beside them."""

    year: int
    y: int
    target: int
    reached: int
    words: str
    short: bool


@dataclass(frozen=True, slots=True)
class ObjectiveDrawing:
    """The whole drawing, `width` by `height` points; bars begin at `left` and are `tall` points high."""

    width: int
    height: int
    left: int
    tall: int
    bars: list[YearBars]


def objective_drawing(years: Sequence[TargetResult]) -> ObjectiveDrawing:
    """Draw an objective; lengths of bars are in proportion to the largest number."""
    numbers = [number for result in years for number in (result.target.target, result.reached or Decimal(0))]
    largest = max(numbers, default=Decimal(0)) or Decimal(1)

    def length(number: Decimal | None) -> int:
        return round(_WIDE * (number or 0) / largest)

    step = _TALL * 2 + _GAP
    bars = [
        YearBars(
            result.target.year,
            row * step,
            length(result.target.target),
            length(result.reached),
            _words(result),
            result.short,
        )
        for row, result in enumerate(years)
    ]
    return ObjectiveDrawing(_LEFT + _WIDE + _RIGHT, step * len(years), _LEFT, _TALL, bars)


def _words(result: TargetResult) -> str:
    reached = "–" if result.reached is None else formats.number(result.reached)
    return f"{reached} / {formats.number(result.target.target)}"
