"""Timelines: the dated moments of a record in order, with partial dates as sources give them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from maillage.core import formats
from maillage.core.models import Contradiction, Fact
from maillage.core.periods import OPEN, UNKNOWN, span
from maillage.listing.values import LocalisedText

_MAX_MOMENTS = 60


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment: its first possible day, its date in words, a text, a subject, and whether it is after the day read."""

    day: dt.date
    date: str
    text: str
    subject: LocalisedText | None
    later: bool


def moment_at(edtf: str, text: str, on: dt.date, subject: LocalisedText | None = None) -> Moment | None:
    """The moment at a partial date; `None` if the date is open or unknown."""
    if edtf in (OPEN, UNKNOWN):
        return None
    first = span(edtf).first
    return Moment(first, formats.partial_date(edtf), text, subject, first > on)


def period_moments(
    fact: Fact, begins: str, ended: str, on: dt.date, subject: LocalisedText | None = None
) -> Iterator[Moment]:
    """The moments of the two ends of a fact; one moment if they are the same."""
    labelled_ends = [(fact.period_start, begins)]
    if fact.period_end != fact.period_start:
        labelled_ends.append((fact.period_end, ended))
    yield from (moment for edtf, text in labelled_ends if (moment := moment_at(edtf, text, on, subject)))


def record_moments(fact: Fact, contradictions: Iterable[Contradiction], on: dt.date) -> list[Moment]:
    """The moments of a fact: its start, its end, its last attestation and its settled contradictions."""
    moments = [*period_moments(fact, pgettext("period", "begins"), pgettext("period", "ends"), on)]
    if attested := moment_at(fact.attested.rpartition("/")[2], _("last attested"), on):
        moments.append(attested)
    for contradiction in contradictions:
        if contradiction.settled_at:
            day = dt.datetime.date(contradiction.settled_at).isoformat()
            moments.append(moment_at(day, _("contradiction settled:"), on, LocalisedText(str(contradiction.topic))))  # type: ignore[arg-type]
    return sorted_moments(moments)


def sorted_moments(moments: Iterable[Moment]) -> list[Moment]:
    """The moments in order of their first possible day, at most 60."""
    return sorted(moments, key=lambda moment: (moment.day, moment.text))[:_MAX_MOMENTS]
