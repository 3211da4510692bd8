"""What the home page shows: counts of lists, key figures, calls, events and changes. Each read is bounded."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.community.models import Event
from maillage.core import formats
from maillage.core.actors import Actor
from maillage.core.models import Citation
from maillage.core.queries import contradictions
from maillage.core.request import Request
from maillage.listing.listing import LISTINGS
from maillage.listing.paging import COUNT_LIMIT, count_up_to_limit
from maillage.partnerships.queries import working_days_promised
from maillage.register.models import Organisation, Tie
from maillage.register.queries import ties

_COUNTED_LISTS = ("organisations", "offers", "trials", "labels", "events")
_MOST_TIES, _MOST_EVENTS = 400, 4


@dataclass(frozen=True, slots=True)
class ListCount:
    """A list with the number of its records that the reader may see."""

    title: str
    url: str
    count: str


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure with what it counts, the day on which it is so, and the list that it was counted from."""

    title: str
    value: str
    unit: str
    day: dt.date
    source: str
    url: str


def list_counts(*, actor: Actor) -> list[ListCount]:
    """The lists in which one finds who does what, without those that are empty."""
    counts = ((LISTINGS[name], count_up_to_limit(LISTINGS[name].records(actor))) for name in _COUNTED_LISTS)
    return [
        ListCount(str(listing.title), reverse(f"{listing.name}:list"), _bounded(count))
        for listing, count in counts
        if count
    ]


def _bounded(count: int) -> str:
    if count > COUNT_LIMIT:
        return _("more than %(number)s") % {"number": formats.number(COUNT_LIMIT)}
    return formats.number(count)


def ties_of(organisation: Organisation, *, actor: Actor) -> list[Tie]:
    """The ties of an organisation that the reader may see, of any day, at most so many."""
    return list(ties(organisation, actor=actor)[:_MOST_TIES])


def coming_events(day: dt.date, *, actor: Actor) -> list[Event]:
    """The next events: those that begin later, or are certainly not over."""
    not_over = Q(days__startswith__gte=day) | Q(certain__holds=day, certain__upper_inf=False)
    return list(Event.objects.visible_to(actor).filter(not_over).order_by("days__startswith", "pk")[:_MOST_EVENTS])


def key_figures(request: Request, organisation: Organisation | None, own_ties: list[Tie]) -> list[KeyFigure]:
    """The figures of the home page that are known; none stands without its day and its source."""
    today = timezone.localdate()
    figures = [*_promise(organisation, today), *_dated_ties(organisation, own_ties, today), *_sources(request, today)]
    disputed = count_up_to_limit(contradictions(actor=request.actor).filter(settled_side=""))
    if disputed:
        title, url = _("Contradictions between sources"), f"{reverse('contradictions:list')}?state=open"
        unit = _("not settled")
        figures.append(KeyFigure(title, _bounded(disputed), unit, today, _("Both sides of each"), url))
    return figures


def _promise(organisation: Organisation | None, today: dt.date) -> Iterator[KeyFigure]:
    days = working_days_promised(organisation.pk, today) if organisation else None
    if organisation and days:
        title, url = _("A need is answered within"), f"{reverse('answer-delays:list')}?organisation={organisation.key}"
        yield KeyFigure(title, formats.number(days), _("working days"), today, _("Promises of answer"), url)


def _dated_ties(organisation: Organisation | None, own_ties: list[Tie], today: dt.date) -> Iterator[KeyFigure]:
    known = sum(bool(tie.period_start.strip(".")) for tie in own_ties)
    if organisation and own_ties:
        unit = _("of %(number)s") % {"number": formats.number(len(own_ties))}
        url = f"{reverse('ties:list')}?organisation={organisation.key}"
        yield KeyFigure(_("Ties whose start is known"), formats.number(known), unit, today, _("All the ties"), url)


def _sources(request: Request, today: dt.date) -> Iterator[KeyFigure]:
    """How many sources are cited for the organisations that the reader may see."""
    visible = Organisation.objects.visible_to(request.actor).filter(merged_into=None).values("pk")
    cited = Citation.objects.filter(record_kind=Organisation.kind_name(), record_id__in=visible)
    count = count_up_to_limit(cited.order_by("source_id").distinct("source_id"))
    if count:
        title, url = _("Sources read about the organisations"), reverse("organisations:list")
        yield KeyFigure(title, _bounded(count), "", today, _("On the page of each organisation"), url)
