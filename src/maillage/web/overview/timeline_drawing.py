"""Drawings of labels over the years, for SVG: a row of columns for each label, or a bar for each award of one.

The tables on the page have the same content in words. The same facts give the same drawing.
"""

import datetime as dt
from dataclasses import dataclass

from maillage.core import formats
from maillage.core.models import Fact
from maillage.core.periods import DayRange
from maillage.core.request import Request
from maillage.labels.models import Award
from maillage.labels.timeline import LabelYears
from maillage.presentation.links import link_as_of, with_parameters
from maillage.web.overview.text_lines import break_lines, shorten

WIDTH, LEFT, RIGHT, TOP = 1000, 260, 985, 34
_ROW, _COLUMN, _BAR = 52, 34, 24
_LETTERS, _MAX_TICKS = 32, 12
MAX_BARS = 80


@dataclass(frozen=True, slots=True)
class Tick:
    x: int
    year: int


@dataclass(frozen=True, slots=True)
class Column:
    """One year of a label: the column of those that surely held it, and above it of those that perhaps did."""

    x: int
    width: int
    sure_y: int
    sure_height: int
    unsure_y: int
    unsure_height: int


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A label: its name on two lines, its columns, and its number on the day read."""

    y: int
    base: int
    name: list[str]
    full_name: str
    columns: list[Column]
    most: int
    url: str


@dataclass(frozen=True, slots=True)
class AwardBar:
    """An award: the days on which it was surely held (`x`, `width`; -1 where none are) and on which perhaps."""

    y: int
    name: str
    full_name: str
    words: str
    x: int
    width: int
    perhaps_x: int
    perhaps_width: int
    url: str


@dataclass(frozen=True, slots=True)
class Timeline:
    height: int
    ticks: list[Tick]
    rows: list[LabelRow]
    bars: list[AwardBar]
    day_x: int
    others: int = 0


@dataclass(frozen=True, slots=True)
class YearScale:
    """Whole years from left to right."""

    first: int
    last: int

    @property
    def step(self) -> float:
        return (RIGHT - LEFT) / (self.last - self.first + 1)

    def year_x(self, year: int) -> float:
        """Where a year begins."""
        return LEFT + (year - self.first) * self.step

    def x(self, day: dt.date) -> int:
        """Where a day lies, within the drawing."""
        share = (day.timetuple().tm_yday - 1) / 366
        return round(min(max(self.year_x(day.year) + share * self.step, LEFT), RIGHT))

    def ticks(self) -> list[Tick]:
        """Evenly spaced years."""
        years = self.last - self.first + 1
        step = next(step for step in (1, 2, 5, 10, 20) if years / step <= _MAX_TICKS)
        first = self.first if step < 5 else -(-self.first // step) * step
        return [Tick(round(self.year_x(year)), year) for year in range(first, self.last + 1, step)]


def labels_timeline(labels: list[LabelYears], request: Request) -> Timeline | None:
    """One row of columns for each label; None where none was ever held."""
    if not labels:
        return None
    scale = YearScale(labels[0].years[0].year, labels[0].years[-1].year)
    rows = [_label_row(label, scale, number, request) for number, label in enumerate(labels)]
    height = TOP + len(rows) * _ROW + 10
    return Timeline(height, scale.ticks(), rows, [], scale.x(request.as_of.on))


def _label_row(label: LabelYears, scale: YearScale, number: int, request: Request) -> LabelRow:
    base = TOP + (number + 1) * _ROW
    unit = _COLUMN / max(label.most, 1)
    columns = []
    for year in label.years:
        sure, both = round(year.sure * unit), round((year.sure + year.unsure) * unit)
        x = round(scale.year_x(year.year)) + 1
        width = max(round(scale.step) - 2, 2)
        columns.append(Column(x, width, base - sure, sure, base - both, both - sure))
    url = with_parameters(request, label=label.label.key)
    name = str(label.label)
    return LabelRow(base - 16, base, break_lines(name, _LETTERS), name, columns, label.most, url)


def awards_timeline(label: LabelYears, request: Request) -> Timeline:
    """One bar for each award of a label, by beginning."""
    scale = YearScale(label.years[0].year, label.years[-1].year)
    shown = label.awards[:MAX_BARS]
    bars = [_award_bar(award, scale, TOP + 6 + number * _BAR, request) for number, award in enumerate(shown)]
    height = TOP + len(bars) * _BAR + 14
    return Timeline(height, scale.ticks(), [], bars, scale.x(request.as_of.on), len(label.awards) - len(shown))


def _award_bar(award: Award, scale: YearScale, y: int, request: Request) -> AwardBar:
    x, width = _stretch(award.certain, scale)
    perhaps_x, perhaps_width = _stretch(award.possible, scale)
    holder = award.holder.short_name if award.holder else award.holder_text
    url = link_as_of(award.get_absolute_url(), request.as_of)
    full_name = str(award.holder or award.holder_text)
    return AwardBar(
        y, shorten(holder, _LETTERS), full_name, period_words(award), x, width, perhaps_x, perhaps_width, url
    )


def _stretch(days: DayRange, scale: YearScale) -> tuple[int, int]:
    """Where a range of days lies on the scale, and how wide it is; -1 and 0 where it is empty or outside."""
    if days.isempty:
        return -1, 0
    first, last = days.lower or dt.date(scale.first, 1, 1), days.upper or dt.date(scale.last, 12, 31)
    if last.year < scale.first or first.year > scale.last:
        return -1, 0
    x = scale.x(first)
    return x, max(scale.x(last) - x, 3)


def period_words(fact: Fact) -> str:
    """The period of a fact in words."""
    return formats.period(fact.period_start, fact.period_end)
