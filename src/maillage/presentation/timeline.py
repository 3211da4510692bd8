"""A record's moments in order, each with its partial date as the source gives it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from maillage.core import formats
from maillage.core.periods import OPEN, UNKNOWN, span
from maillage.listing.values import LocalisedText

_MOST = 60


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened: its first possible day, its date in words, what it was."""

    day: dt.date
    date: str
    text: str
    subject: LocalisedText | None
    later: bool


def moment_at(edtf: str, text: str, on: dt.date, subject: LocalisedText | None = None) -> Moment | None:
    """A moment at a partial date; nothing where the date is open or unknown."""
    if edtf in (OPEN, UNKNOWN):
        return None
    first = span(edtf).first
    return Moment(first, formats.partial_date(edtf), text, subject, first > on)


def period_moments(
    fact: Any, begins: str, ended: str, on: dt.date, subject: LocalisedText | None = None
) -> Iterator[Moment]:
    """The two ends of a fact; one moment where they are the same."""
    marks = [(fact.period_start, begins)]
    if fact.period_end != fact.period_start:
        marks.append((fact.period_end, ended))
    yield from (found for edtf, text in marks if (found := moment_at(edtf, text, on, subject)))


def record_moments(fact: Any, contradictions: Iterable[Any], on: dt.date) -> list[Moment]:
    """What every record has: its beginning, its last attestation, its end, the settling of what disagreed about it."""
    found = [*period_moments(fact, pgettext("period", "begins"), pgettext("period", "ends"), on)]
    if attested := moment_at(fact.attested.rpartition("/")[2], _("last attested"), on):
        found.append(attested)
    for one in contradictions:
        if one.settled_at:
            day = dt.datetime.date(one.settled_at).isoformat()
            found.append(moment_at(day, _("contradiction settled:"), on, LocalisedText(str(one.topic))))  # type: ignore[arg-type]
    return sorted_moments(found)


def sorted_moments(moments: Iterable[Moment]) -> list[Moment]:
    """The moments from the first to the last, and no more than a page can show."""
    return sorted(moments, key=lambda each: (each.day, each.text))[:_MOST]
