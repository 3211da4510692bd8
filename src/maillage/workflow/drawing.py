"""The drawing of a definition: where its states and transitions stand, in whole points; the page makes SVG of it.

States stand in columns by how many transitions lead to them at most, and each transition is a word between two columns
on a line of its own, so that no word can meet another. A way back runs underneath, on a lane of its own.
"""

from dataclasses import dataclass

from maillage.workflow.definition import CaseState, Definition, Transition

_BOX, _WORD, _GAP = 132, 128, 26
_TALL, _LINE, _MARGIN = 40, 56, 14
_LANE = 16
_LETTERS = 19
_SWEEPS = 8
_COLUMN = _BOX + _WORD + 2 * _GAP


@dataclass(frozen=True, slots=True)
class StateBox:
    """A state: the corner and the middle of its box."""

    state: CaseState
    x: int
    y: int
    middle: int
    short: str


@dataclass(frozen=True, slots=True)
class TransitionArrow:
    """A transition: its word, and the paths that lead to it and from it (the last one ends in an arrow)."""

    transition: Transition
    x: int
    y: int
    short: str
    paths: tuple[str, ...]
    arrow: str


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    box_width: int
    box_height: int
    boxes: list[StateBox]
    arrows: list[TransitionArrow]
    start: str


def draw_definition(definition: Definition) -> Drawing:
    """The drawing of a definition; the same for the same definition."""
    columns = _columns(definition)
    levels: dict[int, list[str]] = {}
    for name, column in columns.items():
        levels.setdefault(column, []).append(name)
    words = _transitions_by_column(definition, columns)
    _untangle(definition, levels, words)
    rows = max(*map(len, levels.values()), *map(len, words.values()), 1)
    height = rows * _LINE + 2 * _MARGIN
    boxes = {
        name: _box(definition.states[name], column, _spread(number, len(names), height))
        for column, names in levels.items()
        for number, name in enumerate(names)
    }
    ways, lanes = _arrows(boxes, words, columns, height)
    first = boxes[definition.opening.state]
    width = _MARGIN * 2 + _GAP + max([*(box.x + _BOX for box in boxes.values()), *(way.x + _WORD for way in ways)])
    start = f"M{first.x - _GAP} {first.middle}H{first.x - 2}"
    return Drawing(width, height + lanes * _LANE, _BOX, _TALL, list(boxes.values()), ways, start)


def _columns(definition: Definition) -> dict[str, int]:
    """The column of each state: the most transitions from the opening, going only to states that are told later.

    What nothing earlier leads to stands beside its successor, in the first column at the latest.
    """
    order = list(definition.states)
    found = {definition.opening.state: 0}
    for name in order:
        into = [source for way in definition.transitions.values() if way.target == name for source in way.sources]
        before = [found[source] for source in into if source in found and order.index(source) < order.index(name)]
        found.setdefault(name, max(before, default=0) + 1)
    return found


def _untangle(definition: Definition, levels: dict[int, list[str]], words: dict[int, list[Transition]]) -> None:
    """Order states and words within their columns by where their neighbours stand, some times over (Sugiyama 1981)."""
    for _sweep in range(_SWEEPS):
        place = {name: (n + 0.5) / len(names) for names in levels.values() for n, name in enumerate(names)}
        for ways in words.values():
            ways.sort(key=lambda way: _mean([*(place[name] for name in way.sources), place[way.target]]))
        at = {way.name: (n + 0.5) / len(ways) for ways in words.values() for n, way in enumerate(ways)}
        for names in levels.values():
            names.sort(key=lambda name: _mean(_around(definition, name, at)))


def _around(definition: Definition, name: str, at: dict[str, float]) -> list[float]:
    return [at[way.name] for way in definition.transitions.values() if name in (*way.sources, way.target)]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.5


def _transitions_by_column(definition: Definition, columns: dict[str, int]) -> dict[int, list[Transition]]:
    """The transitions by the column of the last state they leave, in the order of the states they lead to."""
    order = {name: number for number, name in enumerate(definition.states)}
    words: dict[int, list[Transition]] = {}
    for way in definition.transitions.values():
        words.setdefault(max(columns[name] for name in way.sources), []).append(way)
    return {column: sorted(ways, key=lambda way: order[way.target]) for column, ways in words.items()}


def _spread(number: int, count: int, height: int) -> int:
    """The line of one of `count` things spread evenly over the height."""
    return round(_MARGIN + (height - 2 * _MARGIN) / count * (number + 0.5))


def _box(state: CaseState, column: int, middle: int) -> StateBox:
    x = _MARGIN + _GAP + column * _COLUMN
    return StateBox(state, x, middle - _TALL // 2, middle, _shorten(str(state.title)))


def _arrows(
    boxes: dict[str, StateBox], words: dict[int, list[Transition]], columns: dict[str, int], height: int
) -> tuple[list[TransitionArrow], int]:
    ways, lanes = [], 0
    for column, transitions in words.items():
        for number, way in enumerate(transitions):
            x = _MARGIN + _GAP + column * _COLUMN + _BOX + _GAP
            y = _spread(number, len(transitions), height)
            ahead = columns[way.target] > column
            lanes += not ahead
            target, lane = boxes[way.target], height + lanes * _LANE - _LANE // 2
            arrow = (
                _curve(x + _WORD, y, target.x - 2, target.middle) if ahead else _return_path(x + _WORD, y, lane, target)
            )
            inward = tuple(_curve(boxes[name].x + _BOX, boxes[name].middle, x, y) for name in way.sources)
            ways.append(TransitionArrow(way, x, y, _shorten(str(way.title)), inward, arrow))
    return ways, lanes


def _curve(x1: int, y1: int, x2: int, y2: int) -> str:
    bend = (x1 + x2) // 2
    return f"M{x1} {y1}C{bend} {y1} {bend} {y2} {x2} {y2}"


def _return_path(x: int, y: int, lane: int, target: StateBox) -> str:
    """Down beside the word, along the lane, and up into the state from below."""
    entry = target.x + _BOX // 2
    return f"M{x} {y}h8V{lane}H{entry}V{target.y + _TALL + 2}"


def _shorten(text: str) -> str:
    return text if len(text) <= _LETTERS else text[: _LETTERS - 1].rstrip() + "…"
