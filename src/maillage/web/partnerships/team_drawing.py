"""Drawing of a team for SVG: members, the capabilities of each, and ties as arcs; lengths in whole points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from maillage.register.models import Organisation

_BOX, _TALL, _GAP, _WORD, _LINE, _MARGIN = 190, 54, 26, 230, 30, 12
_LETTERS, _LETTERS_OF_WORD = 26, 34


DrawnPair: TypeAlias = Mapping[str, Any]  # Any: two organisations, `one` and `other`, and the `value` of their tie


class DrawnMember(Protocol):
    """A member of a team, with its offers and the capabilities that each covers."""

    @property
    def provider(self) -> Organisation: ...

    @property
    def parts(self) -> Sequence[tuple[object, list[str]]]: ...


@dataclass(frozen=True, slots=True)
class MemberBox:
    """A member: position of its box, name and town."""

    x: int
    y: int
    name: str
    place: str
    url: str
    full: str


@dataclass(frozen=True, slots=True)
class CapabilityWord:
    """A capability: position of its text, and the path of the line from its member (empty where uncovered)."""

    x: int
    y: int
    text: str
    full: str
    line: str


@dataclass(frozen=True, slots=True)
class TieArc:
    """A tie between two members: path of the arc, and its width (1 to 4 points)."""

    line: str
    width: float


@dataclass(frozen=True, slots=True)
class TeamDrawing:
    """The whole drawing, `width` by `height` points."""

    width: int
    height: int
    box_width: int
    box_height: int
    members: list[MemberBox]
    words: list[CapabilityWord]
    missing: list[CapabilityWord]
    arcs: list[TieArc]


def team_drawing(members: Sequence[DrawnMember], pairs: Sequence[DrawnPair], uncovered: Sequence[str]) -> TeamDrawing:
    """Draw each member in a row of its own with its capabilities, then the uncovered capabilities."""
    boxes, words, y = [], list[CapabilityWord](), _MARGIN
    left = _MARGIN + 60
    for member in members:
        capabilities = [word for _offer, names in member.parts for word in names] or ["—"]
        row_height = max(_TALL, len(capabilities) * _LINE)
        middle = y + row_height // 2
        boxes.append(_box(left, middle - _TALL // 2, member.provider))
        words += [
            _word(left + _BOX + 60, y + row_height // 2 + _LINE * number - _LINE * (len(capabilities) - 1) // 2, text,
                  (left + _BOX, middle))
            for number, text in enumerate(capabilities)
        ]  # fmt: skip
        y += row_height + _GAP
    missing = [
        _word(left + _BOX + 60, y + _LINE * number + _LINE // 2, text, None) for number, text in enumerate(uncovered)
    ]
    height = y + _LINE * len(uncovered) + _MARGIN
    boxes_by_provider = {member.provider.pk: box for member, box in zip(members, boxes, strict=True)}
    arcs = [
        _arc(boxes_by_provider[pair["one"].pk], boxes_by_provider[pair["other"].pk], pair["value"]) for pair in pairs
    ]
    return TeamDrawing(left + _BOX + 60 + _WORD + _MARGIN, height, _BOX, _TALL, boxes, words, missing, arcs)


def _box(x: int, y: int, provider: Organisation) -> MemberBox:
    name = provider.short_name
    return MemberBox(x, y, _shorten(name, _LETTERS), provider.city, provider.get_absolute_url(), str(provider))


def _word(x: int, y: int, text: str, origin: tuple[int, int] | None) -> CapabilityWord:
    line = ""
    if origin:
        bend = (origin[0] + x) // 2
        line = f"M{origin[0]} {origin[1]}C{bend} {origin[1]} {bend} {y} {x - 8} {y}"
    return CapabilityWord(x, y, _shorten(text, _LETTERS_OF_WORD), text, line)


def _arc(first: MemberBox, second: MemberBox, value: float) -> TieArc:
    top, bottom = sorted((first.y + _TALL // 2, second.y + _TALL // 2))
    bend_x = first.x - min(56, 18 + (bottom - top) // 6)
    return TieArc(f"M{first.x} {top}C{bend_x} {top} {bend_x} {bottom} {first.x} {bottom}", round(1 + 3 * value, 1))


def _shorten(text: str, max_length: int) -> str:
    return text if len(text) <= max_length else text[: max_length - 1].rstrip() + "…"
