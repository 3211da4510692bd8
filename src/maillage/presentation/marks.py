"""Marks of certainty and of the state of a fact, which differ by shape and word, not by colour alone."""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from maillage.core.certainty import CERTAINTY_EXPLANATIONS, PLURAL_LABELS, CertaintyLevel
from maillage.core.models import Fact
from maillage.core.periods import TruthOnDay

# Each shape is drawn in a square of 10 units.
_SHAPES: dict[str, str] = {
    "disc": '<circle cx="5" cy="5" r="4.2" fill="currentColor"/>',
    "half": '<circle cx="5" cy="5" r="3.7" fill="none" stroke="currentColor" stroke-width="1.2"/>'
    '<path d="M5 1.3a3.7 3.7 0 0 0 0 7.4z" fill="currentColor"/>',
    "ring": '<circle cx="5" cy="5" r="3.6" fill="none" stroke="currentColor" stroke-width="1.4"/>',
    "clock": '<circle cx="5" cy="5" r="3.9" fill="none" stroke="currentColor" stroke-width="1.1"/>'
    '<path d="M5 2.6V5l1.7 1.2" fill="none" stroke="currentColor" stroke-width="1.1"/>',
    "triangle": '<path d="M5 .7 9.5 9h-9z" fill="currentColor"/>'
    '<path d="M5 3.6v2.6M5 7.2v.9" class="cut" stroke-width="1.1"/>',
    "dash": '<path d="M1.5 5h7" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2 1.2"/>',
    "check": '<path d="M1.2 5.4 4 8.2 8.9 2" fill="none" stroke="currentColor" stroke-width="1.7"/>',
    "wave": '<path d="M1 5.6c1.3-2.4 2.7-2.4 4 0s2.7 2.4 4 0" fill="none" stroke="currentColor" stroke-width="1.5"/>',
    "stop": '<path d="M2 2h6v6H2z" fill="none" stroke="currentColor" stroke-width="1.4"/>',
    "dawn": '<path d="M1 8h8M2.4 8a2.6 2.6 0 0 1 5.2 0" fill="none" stroke="currentColor" stroke-width="1.4"/>',
}
_CERTAINTY_SHAPES: dict[str, str] = {
    CertaintyLevel.CONFIRMED: "disc",
    CertaintyLevel.PARTLY: "half",
    CertaintyLevel.SELF_DECLARED: "ring",
    CertaintyLevel.DATED: "clock",
    CertaintyLevel.CONTRADICTED: "triangle",
    CertaintyLevel.UNSOURCED: "dash",
}


@dataclass(frozen=True, slots=True)
class FactState:
    """Whether a fact is true on a day: a name for exports, a word for pages, the name of a shape."""

    name: str
    word: str | Promise
    shape: str


TRUE_ON_DAY = FactState("yes", _("true on that day"), "check")
IN_FORCE = FactState("yes", _("in force"), "check")  # for labels, which are held rather than true
UNSURE = FactState("unsure", _("not sure"), "wave")
ENDED = FactState("ended", _("ended"), "stop")
NOT_BEGUN = FactState("not-begun", _("not begun"), "dawn")


def fact_state_on(fact: Fact, day: dt.date) -> FactState:
    """The state of a fact on a day; a fact that is not true has ended or not begun."""
    truth = fact.in_force(day)
    if truth is TruthOnDay.YES:
        return TRUE_ON_DAY
    if truth is TruthOnDay.UNSURE:
        return UNSURE
    first_day = fact.possible.lower
    return NOT_BEGUN if first_day is not None and day < first_day else ENDED


def mark_shape(name: str) -> SafeString:
    """The SVG of a mark, hidden from screen readers; the caller adds its word."""
    drawing = mark_safe(_SHAPES[name])  # noqa: S308 - a constant of this module
    return format_html(
        '<svg class="shape" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true" focusable="false">{}</svg>',
        drawing,
    )


def certainty_mark(standing: str, *, words: bool = False, counted: int = 0) -> SafeString:
    """The mark of a certainty level, with its word beside it or, without `words`, for screen readers only.

    The word agrees with the number of things `counted`, if any.
    """
    label = PLURAL_LABELS[standing] if counted > 1 else CertaintyLevel(standing).label
    why = CERTAINTY_EXPLANATIONS[standing]
    text_class = "mark-word" if words or counted else "unseen"
    return format_html(
        '<span class="mark mark-{}" title="{}. {}">{}<span class="{}">{}</span></span>',
        standing,
        label,
        why,
        mark_shape(_CERTAINTY_SHAPES[standing]),
        text_class,
        label,
    )


def fact_state_mark(force: FactState) -> SafeString:
    """The mark of the state of a fact: its shape and its word."""
    return format_html('<span class="force force-{}">{} {}</span>', force.name, mark_shape(force.shape), force.word)
