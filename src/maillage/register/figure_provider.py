"""Figures of a body, told by the rooms that hold them and pulled by those that ask for them, with their evidence.

    @figure("needs-answered-in-time", gettext_lazy("Needs answered in time"))
    def answered(body, since, until, actor) -> Figure | None: …

Nothing is told where the room knows nothing; a figure that no room tells is not known.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from django.utils.functional import Promise

from maillage.core.actors import Actor
from maillage.core.registers import Register


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its unit (`%`, `EUR`, a word, or nothing), what it was counted from, and where that can be read."""

    value: Decimal
    unit: str
    evidence: str
    url: str = ""


FigureProvider = Callable[[int, dt.date, dt.date, Actor], Figure | None]
Function = TypeVar("Function", bound=FigureProvider)


@dataclass(frozen=True, slots=True)
class RegisteredFigure:
    """A figure that can be asked for."""

    title: str | Promise
    tell: FigureProvider


FIGURES: Register[RegisteredFigure] = Register("figures")


def register_figure(name: str, title: str | Promise) -> Callable[[Function], Function]:
    """Have a function tell a figure of a body (id) over a time, as far as the actor may know it."""

    def register(tell: Function) -> Function:
        FIGURES[name] = RegisteredFigure(title, tell)
        return tell

    return register
