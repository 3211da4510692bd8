"""Drawing of an organisation and its neighbours, for SVG; the same facts give the same drawing.

Neighbours stand on two arcs, left and right of the organisation, each on a line of its own, so that no label can meet
another whatever their number. The list of ties on the page has the same content in words.
"""

import math
from dataclasses import dataclass

from maillage.core.periods import TruthOnDay
from maillage.core.request import Request
from maillage.presentation.links import link_as_of
from maillage.register.models import Organisation, Tie

MAX_NEIGHBOURS = 24
_WIDTH, _LINE, _MARGIN = 720, 36, 26
_REACH, _INNER = 165, 66
_LETTERS = 22


@dataclass(frozen=True, slots=True)
class NeighbourNode:
    """A neighbour: position of its node and label, name, and the words of its ties."""

    x: int
    y: int
    text_x: int
    anchor: str
    name: str
    full_name: str
    word: str
    url: str
    unsure: bool
    path: str


@dataclass(frozen=True, slots=True)
class NeighbourhoodDrawing:
    width: int
    height: int
    centre_x: int
    centre_y: int
    name: list[str]
    nodes: list[NeighbourNode]
    others: int


def neighbourhood_drawing(request: Request, organisation: Organisation, ties: list[Tie]) -> NeighbourhoodDrawing | None:
    """Draw the ties that are true on the day read, surely or perhaps; None where there are none."""
    neighbours = _neighbours(request, organisation, ties)
    if not neighbours:
        return None
    drawn, lines = neighbours[:MAX_NEIGHBOURS], math.ceil(min(len(neighbours), MAX_NEIGHBOURS) / 2)
    height = lines * _LINE + 2 * _MARGIN
    height = max(height, 150)
    left, right = drawn[: (len(drawn) + 1) // 2], drawn[(len(drawn) + 1) // 2 :]
    nodes = [*_side(left, -1, height, request), *_side(right, 1, height, request)]
    name = _two_lines(organisation.short_name)
    return NeighbourhoodDrawing(_WIDTH, height, _WIDTH // 2, height // 2, name, nodes, len(neighbours) - len(drawn))


def _neighbours(request: Request, organisation: Organisation, ties: list[Tie]) -> list[tuple[Organisation, str, bool]]:
    """Each neighbour once, with the words of its ties and whether all are unsure; grouped by these words."""
    words: dict[int, list[str]] = {}
    sure: dict[int, bool] = {}
    others: dict[int, Organisation] = {}
    for tie in ties:
        answer = tie.in_force(request.as_of.on)
        if answer is TruthOnDay.NO:
            continue
        outwards = tie.subject_id == organisation.pk
        other = tie.object if outwards else tie.subject
        others[other.pk] = other
        words.setdefault(other.pk, []).append(str(tie.get_kind_display()) if outwards else tie.inverse)
        sure[other.pk] = sure.get(other.pk, False) or answer is TruthOnDay.YES
    rows = [(others[pk], ", ".join(dict.fromkeys(tie_words)), not sure[pk]) for pk, tie_words in words.items()]
    return sorted(rows, key=lambda row: (row[2], row[1], row[0].localised_sort_name))


def _side(
    neighbours: list[tuple[Organisation, str, bool]], side: int, height: int, request: Request
) -> list[NeighbourNode]:
    step = (height - 2 * _MARGIN) / max(1, len(neighbours))
    nodes = []
    for number, (other, word, unsure) in enumerate(neighbours):
        y = round(_MARGIN + step * (number + 0.5))
        nodes.append(_node(other, word, unsure, side, y, height, link_as_of(other.get_absolute_url(), request.as_of)))
    return nodes


def _node(other: Organisation, word: str, unsure: bool, side: int, y: int, height: int, url: str) -> NeighbourNode:
    """A node on an elliptic arc: the further from the middle line, the nearer to the centre; `side` is -1 or 1."""
    away = (y - height / 2) / (height / 2)
    x = round(_WIDTH / 2 + side * (_INNER + (_REACH - _INNER) * math.sqrt(max(0.0, 1 - away * away))))
    path = f"M{_WIDTH // 2} {height // 2}Q{round((x + _WIDTH / 2) / 2)} {y} {x} {y}"
    anchor = "end" if side < 0 else "start"
    return NeighbourNode(
        x, y, x + side * 12, anchor, _short(other), str(other), _shorten(word, _LETTERS), url, unsure, path
    )


def _short(organisation: Organisation) -> str:
    return organisation.acronym or _shorten(str(organisation), _LETTERS)


def _shorten(text: str, max_length: int) -> str:
    return text if len(text) <= max_length else text[: max_length - 1].rstrip() + "…"


def _two_lines(name: str) -> list[str]:
    """The name of the centre on one or two short lines."""
    if len(name) <= 12:
        return [name]
    words = name.split()
    half, first = len(name) / 2, ""
    while words and len(first) + len(words[0]) <= half + 3:
        first = f"{first} {words.pop(0)}".strip()
    return [_shorten(line, 14) for line in (first, " ".join(words)) if line]
