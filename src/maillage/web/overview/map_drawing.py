"""Drawing of a map, for SVG: a point for each town, on a grid of degrees; the same towns give the same drawing.

The projection is Mercator's. The names of the largest towns are written where they meet no other.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from maillage.register.places import Town
from maillage.web.overview.text_lines import shorten

WIDTH, _LEAST_HEIGHT, _MOST_HEIGHT, _MARGIN = 1000, 360, 900, 46
MAX_TOWNS, _MAX_NAMES, _LETTERS = 400, 70, 24
_LINE, _LETTER = 17, 7.6
_LIMIT = 82.0
# The narrowest and lowest part of the earth that is drawn, in degrees.
_LEAST_DEGREES = 2.0


@dataclass(frozen=True, slots=True)
class GridLine:
    """A meridian or a parallel, with its degrees."""

    path: str
    x: int
    y: int
    words: str


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A town: its circle, and where its name is written if there is room for it."""

    town: Town
    x: str
    y: str
    radius: str
    name: str
    text_x: int
    text_y: int
    anchor: str


@dataclass(frozen=True, slots=True)
class MapDrawing:
    height: int
    lines: list[GridLine]
    points: list[MapPoint]
    left_out: int


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "_Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class _Projection:
    """Degrees to places: `scale` is the width of one degree of longitude."""

    west: float
    top: float
    scale: float
    height: int

    @classmethod
    def around(cls, towns: list[Town]) -> "_Projection":
        """The projection that shows all towns, with a margin."""
        west, east = _ends([town.longitude for town in towns])
        bottom, top = (_mercator(end) for end in _ends([town.latitude for town in towns]))
        width, room = WIDTH - 2 * _MARGIN, _MOST_HEIGHT - 2 * _MARGIN
        scale = min(width / (east - west), room / (top - bottom))
        height = max(round((top - bottom) * scale) + 2 * _MARGIN, _LEAST_HEIGHT)
        across = (WIDTH / scale - (east - west)) / 2
        above = (height / scale - (top - bottom)) / 2
        return cls(west - across, top + above, scale, height)

    def point(self, latitude: float, longitude: float) -> tuple[float, float]:
        return (longitude - self.west) * self.scale, (self.top - _mercator(latitude)) * self.scale

    @property
    def east(self) -> float:
        return self.west + WIDTH / self.scale

    @property
    def latitudes(self) -> tuple[float, float]:
        """The southern and the northern edge."""
        return _latitude(self.top - self.height / self.scale), _latitude(self.top)


def _ends(values: list[float]) -> tuple[float, float]:
    """The least and the greatest value, apart enough for a map."""
    low, high = min(values), max(values)
    missing = max(0.0, _LEAST_DEGREES - (high - low)) / 2
    return low - missing, high + missing


def _mercator(latitude: float) -> float:
    """The height of a latitude, in degrees of longitude at the equator."""
    bounded = math.radians(max(-_LIMIT, min(_LIMIT, latitude)))
    return math.degrees(math.log(math.tan(math.pi / 4 + bounded / 2)))


def _latitude(height: float) -> float:
    return math.degrees(2 * math.atan(math.exp(math.radians(height))) - math.pi / 2)


def map_drawing(towns: list[Town]) -> MapDrawing | None:
    """Draw the towns, the largest first; None where there are none."""
    shown = towns[:MAX_TOWNS]
    if not shown:
        return None
    projection = _Projection.around(shown)
    return MapDrawing(
        projection.height, list(_grid(projection)), list(_points(shown, projection)), len(towns) - len(shown)
    )


def _grid(projection: _Projection) -> Iterator[GridLine]:
    """Meridians and parallels, some eight each way."""
    degrees = projection.east - projection.west
    step = next(step for step in (1, 2, 5, 10, 20, 30, 60) if degrees / step <= 9)
    for longitude in range(math.ceil(projection.west / step) * step, math.floor(projection.east) + 1, step):
        x = round(projection.point(0, longitude)[0])
        yield GridLine(f"M{x} 0V{projection.height}", x + 4, projection.height - 5, f"{longitude}°")
    south, north = projection.latitudes
    for latitude in range(math.ceil(south / step) * step, math.floor(north) + 1, step):
        y = round(projection.point(latitude, 0)[1])
        yield GridLine(f"M0 {y}H{WIDTH}", 4, y - 4, f"{latitude}°")


def _points(towns: list[Town], projection: _Projection) -> Iterator[MapPoint]:
    most = max(town.count for town in towns)
    circles = []
    for town in towns:
        x, y = projection.point(town.latitude, town.longitude)
        circles.append((x, y, 4 + 16 * math.sqrt((town.count - 1) / most)))
    named: list[_Box] = []
    for number, (town, (x, y, radius)) in enumerate(zip(towns, circles, strict=True)):
        name, text_x, text_y, anchor = "", 0, 0, "start"
        if number < _MAX_NAMES:
            others = (place for place, other in enumerate(towns) if place != number and _matters(other, town))
            taken = [*named, *(_circle_box(circles[place]) for place in others)]
            name, text_x, text_y, anchor, box = _name_place(town, (x, y, radius), taken, projection.height)
            named += [box] if box else []
        yield MapPoint(town, f"{x:.1f}", f"{y:.1f}", f"{radius:.1f}", name, text_x, text_y, anchor)


def _matters(other: Town, town: Town) -> bool:
    """Whether the name of a town must leave the point of another free: a much smaller one may stand below it."""
    return other.count * 6 >= town.count


def _circle_box(circle: tuple[float, float, float]) -> _Box:
    x, y, radius = circle
    return _Box(x - radius, y - radius, x + radius, y + radius)


def _name_place(
    town: Town, circle: tuple[float, float, float], taken: list[_Box], height: int
) -> tuple[str, int, int, str, _Box | None]:
    """Where the name of a town meets nothing: right, left, below or above; without a name where there is no room."""
    x, y, radius = circle
    name = shorten(town.name, _LETTERS)
    width = len(name) * _LETTER
    choices = (
        (x + radius + 4, y + 5, "start", x + radius + 2),
        (x - radius - 4, y + 5, "end", x - radius - 2 - width),
        (x, y + radius + 14, "middle", x - width / 2),
        (x, y - radius - 5, "middle", x - width / 2),
    )
    for text_x, text_y, anchor, left in choices:
        box = _Box(left, text_y - _LINE + 4, left + width, text_y + 4)
        inside = box.left >= 0 and box.right <= WIDTH and box.top >= 0 and box.bottom <= height
        if inside and not any(box.meets(other) for other in taken):
            return name, round(text_x), round(text_y), anchor, box
    return "", 0, 0, "start", None
