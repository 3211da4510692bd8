"""The layout of the drawing of a definition, in whole points; the template turns it into SVG.

States are in columns, by the largest number of transitions that lead to them. Each transition is a label between two
columns on a line of its own, so that no labels overlap. A transition back runs below the states, on its own lane.
"""

from dataclasses import dataclass

from maillage.workflow.definition import CaseState, Definition, Transition

_BOX_WIDTH, _LABEL_WIDTH, _GAP = 132, 128, 26
_BOX_HEIGHT, _LINE_HEIGHT, _MARGIN = 40, 56, 14
_LANE_HEIGHT = 16
_MAX_LABEL_LENGTH = 19
_SWEEPS = 8
_COLUMN_WIDTH = _BOX_WIDTH + _LABEL_WIDTH + 2 * _GAP


@dataclass(frozen=True, slots=True)
class StateBox:
    """The box of a state: its top left corner (`x`, `y`) and the height of its middle."""

    state: CaseState
    x: int
    y: int
    middle: int
    short: str


@dataclass(frozen=True, slots=True)
class TransitionArrow:
    """The label of a transition, the `paths` from its sources to it, and the `arrow` from it to its target."""

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
    """The drawing of a definition; it is deterministic."""
    columns = _columns(definition)
    levels: dict[int, list[str]] = {}
    for name, column in columns.items():
        levels.setdefault(column, []).append(name)
    by_column = _transitions_by_column(definition, columns)
    _untangle(definition, levels, by_column)
    rows = max(*map(len, levels.values()), *map(len, by_column.values()), 1)
    height = rows * _LINE_HEIGHT + 2 * _MARGIN
    boxes = {
        name: _box(definition.states[name], column, _spread(number, len(names), height))
        for column, names in levels.items()
        for number, name in enumerate(names)
    }
    arrows, lanes = _arrows(boxes, by_column, columns, height)
    first = boxes[definition.opening.state]
    width = (
        _MARGIN * 2
        + _GAP
        + max([*(box.x + _BOX_WIDTH for box in boxes.values()), *(arrow.x + _LABEL_WIDTH for arrow in arrows)])
    )
    start = f"M{first.x - _GAP} {first.middle}H{first.x - 2}"
    return Drawing(width, height + lanes * _LANE_HEIGHT, _BOX_WIDTH, _BOX_HEIGHT, list(boxes.values()), arrows, start)


def _columns(definition: Definition) -> dict[str, int]:
    """The column of each state: the longest path from the opening through states in the order of the document.

    A state that no earlier state leads to is in column 1.
    """
    order = list(definition.states)
    column_by_state = {definition.opening.state: 0}
    for name in order:
        incoming = [transition for transition in definition.transitions.values() if transition.target == name]
        sources = [source for transition in incoming for source in transition.sources]
        preceding = [
            source for source in sources if source in column_by_state and order.index(source) < order.index(name)
        ]
        earlier = [column_by_state[source] for source in preceding]
        column_by_state.setdefault(name, max(earlier, default=0) + 1)
    return column_by_state


def _untangle(definition: Definition, levels: dict[int, list[str]], by_column: dict[int, list[Transition]]) -> None:
    """Order states and labels in their columns by the mean height of their neighbours, in sweeps (Sugiyama 1981)."""
    for _sweep in range(_SWEEPS):
        state_heights = {name: (n + 0.5) / len(names) for names in levels.values() for n, name in enumerate(names)}
        for transitions in by_column.values():
            transitions.sort(
                key=lambda transition: _mean([state_heights[name] for name in (*transition.sources, transition.target)])
            )
        transition_heights = {
            transition.name: (n + 0.5) / len(transitions)
            for transitions in by_column.values()
            for n, transition in enumerate(transitions)
        }
        for names in levels.values():
            names.sort(key=lambda name: _mean(_around(definition, name, transition_heights)))


def _around(definition: Definition, name: str, transition_heights: dict[str, float]) -> list[float]:
    return [
        transition_heights[transition.name]
        for transition in definition.transitions.values()
        if name in (*transition.sources, transition.target)
    ]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.5


def _transitions_by_column(definition: Definition, columns: dict[str, int]) -> dict[int, list[Transition]]:
    """The transitions by the last column of their sources, sorted by the order of their targets."""
    order = {name: number for number, name in enumerate(definition.states)}
    by_column: dict[int, list[Transition]] = {}
    for transition in definition.transitions.values():
        by_column.setdefault(max(columns[name] for name in transition.sources), []).append(transition)
    return {
        column: sorted(transitions, key=lambda transition: order[transition.target])
        for column, transitions in by_column.items()
    }


def _spread(number: int, count: int, height: int) -> int:
    """The y coordinate of item `number` (from 0) of `count` items spread evenly over the height."""
    return round(_MARGIN + (height - 2 * _MARGIN) / count * (number + 0.5))


def _box(state: CaseState, column: int, middle: int) -> StateBox:
    x = _MARGIN + _GAP + column * _COLUMN_WIDTH
    return StateBox(state, x, middle - _BOX_HEIGHT // 2, middle, _shorten(str(state.title)))


def _arrows(
    boxes: dict[str, StateBox], by_column: dict[int, list[Transition]], columns: dict[str, int], height: int
) -> tuple[list[TransitionArrow], int]:
    arrows, lanes = [], 0
    for column, transitions in by_column.items():
        for number, transition in enumerate(transitions):
            x = _MARGIN + _GAP + column * _COLUMN_WIDTH + _BOX_WIDTH + _GAP
            y = _spread(number, len(transitions), height)
            ahead = columns[transition.target] > column
            lanes += not ahead
            target, lane = boxes[transition.target], height + lanes * _LANE_HEIGHT - _LANE_HEIGHT // 2
            arrow = (
                _curve(x + _LABEL_WIDTH, y, target.x - 2, target.middle)
                if ahead
                else _return_path(x + _LABEL_WIDTH, y, lane, target)
            )
            inward = tuple(_curve(boxes[name].x + _BOX_WIDTH, boxes[name].middle, x, y) for name in transition.sources)
            arrows.append(TransitionArrow(transition, x, y, _shorten(str(transition.title)), inward, arrow))
    return arrows, lanes


def _curve(x1: int, y1: int, x2: int, y2: int) -> str:
    bend = (x1 + x2) // 2
    return f"M{x1} {y1}C{bend} {y1} {bend} {y2} {x2} {y2}"


def _return_path(x: int, y: int, lane: int, target: StateBox) -> str:
    """The path of a transition back: down beside the label, along the lane, and up into the state from below."""
    entry = target.x + _BOX_WIDTH // 2
    return f"M{x} {y}h8V{lane}H{entry}V{target.y + _BOX_HEIGHT + 2}"


def _shorten(title: str) -> str:
    return title if len(title) <= _MAX_LABEL_LENGTH else title[: _MAX_LABEL_LENGTH - 1].rstrip() + "…"
