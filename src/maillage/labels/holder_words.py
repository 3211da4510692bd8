"""What is known of who holds a label on a day, in plain words: what was published, and where knowledge ends."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maillage.core import formats
from maillage.core.actors import Actor
from maillage.core.models import Contradiction, ContradictionSubject
from maillage.core.periods import OPEN, UNKNOWN, span
from maillage.labels.models import Label, Parameter, Wave
from maillage.labels.schemes import MOST_WAVES, count_holders, list_parameters
from maillage.labels.vocabulary import CertaintyMark, ParameterName

# The properties of a label by which contradictions name the number of its holders.
HOLDER_PROPERTIES = frozenset({"holder", "holders"})


@dataclass(frozen=True, slots=True)
class Reception:
    """How many organisations received a label in the year of a wave, as published; some of them on probation."""

    year: int
    number: int
    on_probation: int = 0


@dataclass(frozen=True, slots=True)
class HolderKnowledge:
    """What is known of the holders of a label on a day: those that surely hold it, those that perhaps do."""

    day: dt.date
    sure: int
    unsure: int
    received: Reception | None = None
    disputed: bool = False


def known_holders(label: Label, day: dt.date, *, actor: Actor) -> HolderKnowledge:
    """What is known of the holders of a label on a day, as far as the actor may read it."""
    count = count_holders(label, {day}, actor=actor)[day]
    waves = Wave.objects.visible_to(actor).filter(label=label).order_by("pk")[:MOST_WAVES]
    received = last_reception(waves, list_parameters(label, actor=actor), day)
    disputed = bool(holder_contradictions(label, actor=actor))
    return HolderKnowledge(day, count.sure, count.unsure, received, disputed)


def holder_contradictions(label: Label, *, actor: Actor) -> list[Contradiction]:
    """The open contradictions about the number of holders of a label."""
    subjects = ContradictionSubject.objects.filter(
        record_kind=Label.kind_name(), record_id=label.pk, property__in=HOLDER_PROPERTIES
    )
    visible = Contradiction.objects.visible_to(actor).filter(pk__in=subjects.values("contradiction"), settled_side="")
    return list(visible.order_by("topic_en")[:5])


def last_reception(waves: Iterable[Wave], parameters: Iterable[Parameter], day: dt.date) -> Reception | None:
    """The published number of the last wave that had begun by a day; `None` where none is published."""
    numbers = {
        (parameter.wave_id, parameter.name): parameter
        for parameter in parameters
        if parameter.wave_id and parameter.mark != CertaintyMark.UNCERTAIN
    }
    begun = [(begins, wave) for wave in waves if (begins := _beginning(wave)) and begins <= day]
    for begins, wave in sorted(begun, key=lambda pair: pair[0], reverse=True):
        if awarded := numbers.get((wave.pk, ParameterName.AWARDED)):
            probation = numbers.get((wave.pk, ParameterName.ON_PROBATION))
            on_probation = probation.whole_number if probation else 0
            return Reception(begins.year, awarded.whole_number + on_probation, on_probation)
    return None


def _beginning(wave: Wave) -> dt.date | None:
    begins = wave.period_start or wave.decided
    return None if begins in (OPEN, UNKNOWN) else span(begins).first


def holders_sentence(known: HolderKnowledge, today: dt.date) -> str:
    """What is known, in one or two sentences: `39 organisations received the label in 2020; who holds it today …`."""
    sentences = [_surely(known) if known.sure else _unsurely(known, today)]
    if known.disputed:
        sentences.append(_("This number is disputed: the sources disagree."))
    return formats.with_french_spaces(" ".join(sentences))


def _surely(known: HolderKnowledge) -> str:
    words = {"number": formats.number(known.sure), "day": formats.day(known.day)}
    sentence = ngettext(
        "On %(day)s, %(number)s organisation holds it", "On %(day)s, %(number)s organisations hold it", known.sure
    )
    if not known.unsure:
        return sentence % words + "."
    rest = ngettext(
        "; whether %(number)s other does is not known.", "; whether %(number)s others do is not known.", known.unsure
    )
    return sentence % words + rest % {"number": formats.number(known.unsure)}


def _unsurely(known: HolderKnowledge, today: dt.date) -> str:
    if known.received:
        return _received(known.received) + _not_published(known.day, today)
    if not known.unsure:
        return _("No holder is known on %(day)s.") % {"day": formats.day(known.day)}
    words = {"number": formats.number(known.unsure), "day": formats.day(known.day)}
    message = ngettext(
        "%(number)s organisation has received it; whether it holds it on %(day)s is not known.",
        "%(number)s organisations have received it; whether they hold it on %(day)s is not known.",
        known.unsure,
    )
    return message % words


def _received(received: Reception) -> str:
    message = ngettext(
        "%(number)s organisation received the label in %(year)d",
        "%(number)s organisations received the label in %(year)d",
        received.number,
    )
    words = message % {"number": formats.number(received.number), "year": received.year}
    if received.on_probation:
        words += _(", %(number)s of them on probation") % {"number": formats.number(received.on_probation)}
    return words


def _not_published(day: dt.date, today: dt.date) -> str:
    if day == today:
        return _("; who holds it today has not been published.")
    return _("; who held it on %(day)s has not been published.") % {"day": formats.day(day)}
