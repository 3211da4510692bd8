"""Register of figures of organisations: rooms that know a figure provide it, with its evidence, to rooms that show it.

    @register_figure("needs-answered-in-time", gettext_lazy("Needs answered in time"))
    def needs_answered_in_time(organisation_id, since, until, actor) -> Figure | None: …

A provider returns `None` where the figure is not known.
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
    """A value with its unit (`%`, `EUR`, a word or empty), the evidence it was counted from, and its address."""

    value: Decimal
    unit: str
    evidence: str
    url: str = ""


FigureProvider = Callable[[int, dt.date, dt.date, Actor], Figure | None]
Function = TypeVar("Function", bound=FigureProvider)


@dataclass(frozen=True, slots=True)
class RegisteredFigure:
    """A registered figure: its title and its provider."""

    title: str | Promise
    tell: FigureProvider


FIGURES: Register[RegisteredFigure] = Register("figures")


def register_figure(name: str, title: str | Promise) -> Callable[[Function], Function]:
    """Register the provider of a figure of an organisation (id) over a period, as far as the actor may read it."""

    def register(provider: Function) -> Function:
        FIGURES[name] = RegisteredFigure(title, provider)
        return provider

    return register
