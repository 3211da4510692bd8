"""Which labels bodies hold on a day: asked by rooms that do not know of labels, answered by the room that does.

    @answers
    def held(bodies, day, actor) -> dict[int, list[Held]]: …

Without such a room nobody holds anything.
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from maillage.kernel.actors import Actor
from maillage.kernel.periods import Certainty


@dataclass(frozen=True, slots=True)
class Held:
    """A label that a body holds on a day, surely or perhaps: its key, its name in the active language, its page."""

    label: str
    name: str
    url: str
    certainty: Certainty


Answer = Callable[[Collection[int], dt.date, Actor], dict[int, list[Held]]]
Labels = Callable[[Actor], list[tuple[str, str]]]
_ANSWERS: list[Answer] = []
_LABELS: list[Labels] = []


def answers(held: Answer, labels: Labels) -> None:
    """Have these functions say who holds which labels, and which labels there are (key and name)."""
    _ANSWERS.append(held)
    _LABELS.append(labels)


def labels_held(bodies: Collection[int], day: dt.date, actor: Actor) -> dict[int, list[Held]]:
    """The labels of each of these bodies (ids) that holds any on `day`, as far as the actor reads them."""
    found: dict[int, list[Held]] = {}
    for answer in _ANSWERS:
        for body, held in answer(bodies, day, actor).items():
            found.setdefault(body, []).extend(held)
    return found


def known_labels(actor: Actor) -> list[tuple[str, str]]:
    """The labels there are, by name: key and name in the active language."""
    return sorted((label for labels in _LABELS for label in labels(actor)), key=lambda label: label[1].casefold())
