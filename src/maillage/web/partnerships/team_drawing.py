"""A team as a drawing: its members, what each brings, ties between them as arcs; in whole points, for SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_BOX, _TALL, _GAP, _WORD, _LINE, _MARGIN = 190, 54, 26, 230, 30, 12
_LETTERS, _LETTERS_OF_WORD = 26, 34


@dataclass(frozen=True, slots=True)
class MemberBox:
    """A member: where its box stands, its name and town."""

    x: int
    y: int
    name: str
    place: str
    url: str
    full: str


@dataclass(frozen=True, slots=True)
class CapabilityWord:
    """A capability brought by a member, or by nobody: where it stands and the line that leads to it."""

    x: int
    y: int
    text: str
    full: str
    line: str


@dataclass(frozen=True, slots=True)
class TieArc:
    """Two members who have worked together: the line between them, and how strong it is (1 to 4 points)."""

    line: str
    width: float


@dataclass(frozen=True, slots=True)
class TeamDrawing:
    """All of it, `width` by `height` points."""

    width: int
    height: int
    box_width: int
    box_height: int
    members: list[MemberBox]
    words: list[CapabilityWord]
    missing: list[CapabilityWord]
    arcs: list[TieArc]


def team_drawing(members: Sequence[Any], pairs: Sequence[Any], uncovered: Sequence[str]) -> TeamDrawing:
    """The drawing of a team: each member in a row of its own with what it brings, then what nobody does."""
    boxes, words, y = [], list[CapabilityWord](), _MARGIN
    left = _MARGIN + 60
    for member in members:
        brought = [word for _offer, names in member.parts for word in names] or ["—"]
        tall = max(_TALL, len(brought) * _LINE)
        middle = y + tall // 2
        boxes.append(_box(left, middle - _TALL // 2, member.provider))
        words += [
            _word(left + _BOX + 60, y + tall // 2 + _LINE * number - _LINE * (len(brought) - 1) // 2, text,
                  (left + _BOX, middle))
            for number, text in enumerate(brought)
        ]  # fmt: skip
        y += tall + _GAP
    missing = [
        _word(left + _BOX + 60, y + _LINE * number + _LINE // 2, text, None) for number, text in enumerate(uncovered)
    ]
    height = y + _LINE * len(uncovered) + _MARGIN
    place = {member.provider.pk: box for member, box in zip(members, boxes, strict=True)}
    arcs = [_arc(place[pair["one"].pk], place[pair["other"].pk], pair["value"]) for pair in pairs]
    return TeamDrawing(left + _BOX + 60 + _WORD + _MARGIN, height, _BOX, _TALL, boxes, words, missing, arcs)


def _box(x: int, y: int, provider: Any) -> MemberBox:
    name = provider.short_name
    return MemberBox(x, y, _cut(name, _LETTERS), provider.city, provider.get_absolute_url(), str(provider))


def _word(x: int, y: int, text: str, origin: tuple[int, int] | None) -> CapabilityWord:
    line = ""
    if origin:
        bend = (origin[0] + x) // 2
        line = f"M{origin[0]} {origin[1]}C{bend} {origin[1]} {bend} {y} {x - 8} {y}"
    return CapabilityWord(x, y, _cut(text, _LETTERS_OF_WORD), text, line)


def _arc(one: MemberBox, other: MemberBox, value: float) -> TieArc:
    top, bottom = sorted((one.y + _TALL // 2, other.y + _TALL // 2))
    out = one.x - min(56, 18 + (bottom - top) // 6)
    return TieArc(f"M{one.x} {top}C{out} {top} {out} {bottom} {one.x} {bottom}", round(1 + 3 * value, 1))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
