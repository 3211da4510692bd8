"""Drawing of a network, for SVG: organisations on a ring, by kind, and ties as curves across it.

Each organisation has a place of its own on the ring, so that no name can meet another whatever their number. The same
facts give the same drawing. The table on the page has the same content in words.
"""

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from maillage.core import formats
from maillage.core.periods import TruthOnDay
from maillage.core.request import Request
from maillage.presentation.links import link_as_of
from maillage.register.models import Organisation, Tie
from maillage.register.network import Network
from maillage.web.overview.text_lines import shorten

_STEP, _LETTERS, _LETTER, _LEAST_RADIUS = 16.5, 26, 7.2, 120
_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class NetworkEdge:
    """A tie: its curve, and whether it is not sure on the day."""

    path: str
    unsure: bool


@dataclass(frozen=True, slots=True)
class NetworkNode:
    """An organisation: its point, the place and turn of its name, its ties in words, and the curves of its ties."""

    x: str
    y: str
    turn: str
    anchor: str
    shift: int
    name: str
    words: str
    url: str
    edges: list[NetworkEdge]


@dataclass(frozen=True, slots=True)
class KindHeading:
    """The name of a kind, on the ring before the organisations of that kind."""

    x: str
    y: str
    turn: str
    anchor: str
    shift: int
    name: str


@dataclass(frozen=True, slots=True)
class NetworkDrawing:
    size: int
    edges: list[NetworkEdge]
    nodes: list[NetworkNode]
    headings: list[KindHeading]


@dataclass(frozen=True, slots=True)
class _Ring:
    """Places on a ring, from the top clockwise."""

    places: int
    radius: float
    middle: float

    @classmethod
    def of(cls, places: int) -> "_Ring":
        radius = max(_LEAST_RADIUS, places * _STEP / (2 * math.pi))
        return cls(places, radius, radius + _LETTERS * _LETTER + 24)

    def angle(self, place: int) -> float:
        return 2 * math.pi * (place + 0.5) / self.places - math.pi / 2

    def point(self, place: int, distance: float = 1.0) -> tuple[float, float]:
        angle = self.angle(place)
        return (
            self.middle + math.cos(angle) * self.radius * distance,
            self.middle + math.sin(angle) * self.radius * distance,
        )

    def text(self, place: int) -> tuple[str, str, int]:
        """The turn, the anchor and the shift of a text that stands outwards, never upside down."""
        degrees = math.degrees(self.angle(place))
        left = 90 < degrees % 360 < 270
        return f"{degrees + 180 if left else degrees:.1f}", "end" if left else "start", -9 if left else 9

    def curve(self, first: int, last: int) -> str:
        """A curve between two places: the further they are, the nearer it comes to the middle."""
        (x1, y1), (x2, y2) = self.point(first), self.point(last)
        apart = abs(first - last) / self.places
        pull = 1 - min(1.0, 2.6 * min(apart, 1 - apart)) * 0.85
        x, y = (self.middle + ((end1 + end2) / 2 - self.middle) * pull for end1, end2 in ((x1, x2), (y1, y2)))
        return f"M{x1:.1f} {y1:.1f}Q{x:.1f} {y:.1f} {x2:.1f} {y2:.1f}"


def network_drawing(network: Network, request: Request) -> NetworkDrawing | None:
    """Draw the network; None where no organisation has a tie."""
    if not network.ties:
        return None
    slots = _slots(network)
    ring = _Ring.of(len(slots))
    places = {slot.pk: place for place, slot in enumerate(slots) if isinstance(slot, Organisation)}
    ties_by_organisation: dict[int, list[Tie]] = defaultdict(list)
    for tie in network.ties:
        ties_by_organisation[tie.subject_id].append(tie)
        ties_by_organisation[tie.object_id].append(tie)
    edges = {tie.pk: _edge(tie, places, ring, request) for tie in network.ties}
    names = _names([slot for slot in slots if isinstance(slot, Organisation)])
    nodes, headings = [], []
    for place, slot in enumerate(slots):
        if isinstance(slot, str):
            headings.append(_heading(slot, place, ring))
        else:
            own = ties_by_organisation[slot.pk]
            name = names[slot.pk]
            nodes.append(_node(slot, name, place, ring, own, [edges[tie.pk] for tie in own], request))
    return NetworkDrawing(round(2 * ring.middle), list(edges.values()), nodes, headings)


# What a node is called: its short name, or the first of these that tells it from others of that name.
_NAMINGS: tuple[Callable[[Organisation], str], ...] = (
    lambda organisation: organisation.short_name,
    str,
    lambda organisation: f"{organisation.short_name} ({organisation.city})",
    lambda organisation: f"{organisation.short_name} ({organisation.key})",
)


def _names(organisations: list[Organisation]) -> dict[int, str]:
    """The name of each node, cut to fit; those alike are named more fully."""
    names: dict[int, str] = {}
    alike = [organisations]
    for naming in _NAMINGS:
        named: dict[str, list[Organisation]] = defaultdict(list)
        for organisation in (each for group in alike for each in group):
            name = names[organisation.pk] = shorten(naming(organisation), _LETTERS)
            named[name].append(organisation)
        alike = [group for group in named.values() if len(group) > 1]
    return names


def _slots(network: Network) -> list[Organisation | str]:
    """The organisations in the order of the ring, the name of each kind before its own."""
    slots: list[Organisation | str] = []
    for _kind, group in groupby(_ordered(network), key=lambda organisation: organisation.kind):
        members = list(group)
        slots += [str(members[0].get_kind_display()), *members]
    return slots


def _ordered(network: Network) -> list[Organisation]:
    """By kind, and within a kind near those that an organisation is tied to, so that curves are short."""
    tied = {tie.subject_id for tie in network.ties} | {tie.object_id for tie in network.ties}
    ordered = [organisation for organisation in network.organisations if organisation.pk in tied]
    others: dict[int, list[int]] = defaultdict(list)
    for tie in network.ties:
        others[tie.subject_id].append(tie.object_id)
        others[tie.object_id].append(tie.subject_id)
    for _round in range(_ROUNDS):
        angles = {each.pk: 2 * math.pi * place / len(ordered) for place, each in enumerate(ordered)}
        starts = {kind: angles[next(group).pk] for kind, group in groupby(ordered, key=lambda each: each.kind)}
        pulls = {each.pk: _mean_angle([angles[pk] for pk in others[each.pk]], starts[each.kind]) for each in ordered}
        ordered.sort(key=lambda each: (each.kind, pulls[each.pk], each.sort_name, each.pk))
    return ordered


def _mean_angle(angles: list[float], start: float) -> float:
    """The mean direction of angles, counted from `start`."""
    mean = math.atan2(sum(map(math.sin, angles)), sum(map(math.cos, angles)))
    # Rounded, so that the order does not depend on the last digits.
    return round((mean - start + math.pi) % (2 * math.pi), 6)


def _edge(tie: Tie, places: dict[int, int], ring: _Ring, request: Request) -> NetworkEdge:
    curve = ring.curve(places[tie.subject_id], places[tie.object_id])
    return NetworkEdge(curve, tie.in_force(request.as_of.on) is TruthOnDay.UNSURE)


def _heading(name: str, place: int, ring: _Ring) -> KindHeading:
    (x, y), (turn, anchor, shift) = ring.point(place), ring.text(place)
    return KindHeading(f"{x:.1f}", f"{y:.1f}", turn, anchor, shift, shorten(name, _LETTERS))


def _node(
    organisation: Organisation,
    name: str,
    place: int,
    ring: _Ring,
    ties: list[Tie],
    edges: list[NetworkEdge],
    request: Request,
) -> NetworkNode:
    (x, y), (turn, anchor, shift) = ring.point(place), ring.text(place)
    words = f"{organisation} ({organisation.get_kind_display()})"
    tied = formats.join_items(dict.fromkeys(_tie_words(organisation, tie) for tie in ties))
    url = link_as_of(organisation.get_absolute_url(), request.as_of)
    return NetworkNode(f"{x:.1f}", f"{y:.1f}", turn, anchor, shift, name, f"{words} — {tied}", url, edges)


def _tie_words(organisation: Organisation, tie: Tie) -> str:
    outwards = tie.subject_id == organisation.pk
    word = str(tie.get_kind_display()) if outwards else tie.inverse
    return f"{word} {(tie.object if outwards else tie.subject).short_name}"
