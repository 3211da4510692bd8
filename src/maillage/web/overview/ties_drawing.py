"""Drawing of the ties of one organisation by nature, for SVG: an arc for each nature, a mark for each tie.

The table beside it on the page has the same content in words. The same ties give the same drawing.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from maillage.core.periods import OPEN, UNKNOWN, TruthOnDay
from maillage.core.request import Request
from maillage.presentation.links import link_as_of
from maillage.register.models import Organisation, Tie
from maillage.web.overview.text_lines import break_lines, shorten

# Natures beyond this many are drawn as one; ties beyond this many are counted, and have no mark.
MAX_NATURES, MAX_MARKS = 9, 140
_WIDTH, _MIDDLE, _RING, _MARKS = 880, 440, 128, 150
_LABEL_STEP, _LABEL_LETTERS, _NAME_LETTERS, _GAP = 62, 25, 27, 0.07
# The ring is drawn at that turn, of so many, at which words stand nearest to their arcs.
_TURNS = 72


@dataclass(slots=True)
class TieNature:
    """The ties of one nature: how many, how many of them with a known start, and the names at their other ends."""

    title: str
    ended: bool = False
    total: int = 0
    dated: int = 0
    names: list[str] = field(default_factory=list)

    def add(self, tie: Tie, other: Organisation) -> None:
        self.total += 1
        self.dated += tie.period_start not in (OPEN, UNKNOWN)
        self.names.append(other.short_name)


@dataclass(frozen=True, slots=True)
class TieMark:
    """One tie: `dated`, `open` (its start is not known) or `ended`."""

    x: str
    y: str
    kind: str


@dataclass(frozen=True, slots=True)
class NatureArc:
    """One nature: its arc, the line from the middle and to its words, and its words."""

    nature: TieNature
    arc: str
    spoke: str
    lead: str
    marks: list[TieMark]
    text_x: int
    text_y: int
    anchor: str
    title: str
    names: list[str]


@dataclass(frozen=True, slots=True)
class TiesDrawing:
    width: int
    height: int
    centre_y: int
    name: list[str]
    arcs: list[NatureArc]
    url: str


def tie_natures(organisation: Organisation, ties: Iterable[Tie], request: Request) -> list[TieNature]:
    """The ties of an organisation by nature, the most frequent first; those that had ended by the day read last."""
    natures: dict[str, TieNature] = {}
    for tie in ties:
        outwards, day = tie.subject_id == organisation.pk, request.as_of.on
        ended = tie.in_force(day) is TruthOnDay.NO
        if ended and (tie.possible.lower or day) > day:
            continue
        title = _("ended") if ended else str(tie.get_kind_display()) if outwards else tie.inverse
        nature = natures.setdefault(title, TieNature(title, ended))
        nature.add(tie, tie.object if outwards else tie.subject)
    ordered = sorted(natures.values(), key=lambda nature: (nature.ended, -nature.total, nature.title))
    return _with_few_natures(ordered)


def _with_few_natures(natures: list[TieNature]) -> list[TieNature]:
    if len(natures) <= MAX_NATURES:
        return natures
    past = [nature for nature in natures if nature.ended]
    present = [nature for nature in natures if not nature.ended]
    few, rest = present[: MAX_NATURES - len(past) - 1], present[MAX_NATURES - len(past) - 1 :]
    other = TieNature(_("other ties"), total=sum(nature.total for nature in rest))
    other.dated, other.names = sum(nature.dated for nature in rest), [name for nature in rest for name in nature.names]
    return [*few, other, *past]


def ties_drawing(organisation: Organisation, natures: list[TieNature], request: Request) -> TiesDrawing | None:
    """Draw the natures around the organisation; None where it has no tie."""
    if not natures:
        return None
    places = min((_places(natures, turn / _TURNS) for turn in range(_TURNS)), key=lambda places: places.cost)
    arcs = [
        _nature_arc(nature, angle, side, label_y, places.height // 2)
        for nature, angle, side, label_y in zip(natures, places.angles, places.sides, places.label_ys, strict=True)
    ]
    url = link_as_of(f"{organisation.get_absolute_url()}#ties", request.as_of)
    return TiesDrawing(_WIDTH, places.height, places.height // 2, break_lines(organisation.short_name, 11), arcs, url)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the natures stand at one turn of the ring, and how far their words are from their arcs."""

    height: int
    angles: list[tuple[float, float]]
    sides: list[int]
    label_ys: list[int]
    cost: float


def _places(natures: list[TieNature], turn: float) -> _Places:
    angles = list(_angles(natures, turn))
    middles = [(first + last) / 2 for first, last in angles]
    sides = [-1 if math.cos(angle) < 0 else 1 for angle in middles]
    lines = max(sum(side == which for side in sides) for which in (-1, 1))
    height = max(2 * _MARKS + 60, lines * _LABEL_STEP + 30)
    label_ys = _label_heights(middles, sides, height)
    away = (abs(y - height / 2 - math.sin(angle) * _MARKS) for y, angle in zip(label_ys, middles, strict=True))
    # Words straight above or below the ring have the longest way to its side.
    far = sum(abs(math.sin(angle)) ** 4 for angle in middles) * 10
    return _Places(height, angles, sides, label_ys, sum(away) + far + height - 2 * _MARKS)


def _angles(natures: list[TieNature], turn: float) -> Iterator[tuple[float, float]]:
    """The first and last angle of each nature, by its share of the ties; none is too short to be seen."""
    weights = [max(nature.total, sum(each.total for each in natures) / 18) for nature in natures]
    whole = 2 * math.pi - _GAP * len(natures)
    angle = 2 * math.pi * turn
    for weight in weights:
        length = whole * weight / sum(weights)
        yield angle, angle + length
        angle += length + _GAP


def _label_heights(middles: list[float], sides: list[int], height: int) -> list[int]:
    """The height of the words of each nature: beside its arc, but no nearer to others than they need."""
    heights = [0] * len(middles)
    for side in (-1, 1):
        places = [number for number, where in enumerate(sides) if where == side]
        places.sort(key=lambda number: math.sin(middles[number]))
        lowest = 24
        for place, number in enumerate(places):
            room_below = (len(places) - 1 - place) * _LABEL_STEP
            wanted = height / 2 + math.sin(middles[number]) * _MARKS
            heights[number] = round(min(max(wanted, lowest), height - 42 - room_below))
            lowest = heights[number] + _LABEL_STEP
    return heights


def _nature_arc(nature: TieNature, angle: tuple[float, float], side: int, label_y: int, middle: int) -> NatureArc:
    first, last = angle
    centre = (first + last) / 2
    x1, y1 = _point(first, _RING, middle)
    x2, y2 = _point(last, _RING, middle)
    arc = f"M{x1} {y1}A{_RING} {_RING} 0 {int(last - first > math.pi)} 1 {x2} {y2}"
    inner, outer = _point(centre, 58, middle), _point(centre, _RING - 6, middle)
    edge, text_x = _point(centre, _MARKS + 10, middle), _MIDDLE + side * 196
    lead = f"M{edge[0]} {edge[1]}L{_MIDDLE + side * 176} {label_y - 4}H{_MIDDLE + side * 188}"
    names = break_lines(", ".join(nature.names[:4]) + ("…" if len(nature.names) > 4 else ""), _NAME_LETTERS)
    return NatureArc(
        nature,
        arc,
        f"M{inner[0]} {inner[1]}L{outer[0]} {outer[1]}",
        lead,
        list(_marks(nature, angle, middle)),
        text_x,
        label_y,
        "end" if side < 0 else "start",
        shorten(nature.title[:1].upper() + nature.title[1:], _LABEL_LETTERS),
        names,
    )


def _marks(nature: TieNature, angle: tuple[float, float], middle: int) -> Iterator[TieMark]:
    """One mark for each tie, the dated ones first; fewer where they would touch one another."""
    first, last = angle
    room = max(1, int((last - first) * _MARKS / 8))
    shown = min(nature.total, room)
    dated = round(nature.dated * shown / nature.total)
    for number in range(shown):
        x, y = _point(first + (last - first) * (number + 0.5) / shown, _MARKS, middle)
        yield TieMark(f"{x:.1f}", f"{y:.1f}", "ended" if nature.ended else "dated" if number < dated else "open")


def _point(angle: float, distance: float, middle: int) -> tuple[float, float]:
    return round(_MIDDLE + math.cos(angle) * distance, 1), round(middle + math.sin(angle) * distance, 1)
