"""Laboratories of a network that were near needs of the last year and never offered anything."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from maillage.core.actors import Actor
from maillage.offers.models import Offer
from maillage.partnerships.demand import PERIOD_DAYS
from maillage.partnerships.laboratory_matching import nearest_laboratory_ids
from maillage.partnerships.models import Need
from maillage.partnerships.queries import needs, requesters_of
from maillage.partnerships.requester_ties import Asker
from maillage.register.models import Organisation, Tie
from maillage.register.queries import member_ids_of, member_ids_of_any
from maillage.register.vocabulary import TieKind

# Each need is ranked anew, which takes some ten milliseconds.
_MAX_NEEDS = 40
_NEAR, _MAX_LINES = 10, 30


@dataclass(frozen=True, slots=True)
class SilentLaboratory:
    """A laboratory that offers nothing, and the needs for which it was among the ten nearest, the latest first."""

    laboratory: Organisation
    needs: tuple[Need, ...]


def laboratory_ids_of(network_id: int, day: dt.date) -> set[int]:
    """The organisations (ids) that surely belong to a network on a day, to its members, or that it supervises."""
    members = member_ids_of(network_id, day)
    supervised = Tie.objects.certain_on(day).filter(kind=TieKind.SUPERVISOR, subject=network_id)
    return members | member_ids_of_any(members, day) | set(supervised.values_list("object_id", flat=True))


def silent_laboratories(network_id: int, *, actor: Actor, at: dt.datetime) -> list[SilentLaboratory]:
    """Laboratories of a network near needs of the 365 days before `at` that the actor may read, without any offer.

    Those near most needs come first. Of the needs the latest forty are read; none while a large register is being read.
    """
    day = timezone.localdate(at)
    ours = laboratory_ids_of(network_id, day)
    offering = set(Offer.objects.filter(provider__in=ours).values_list("provider_id", flat=True))
    needs_by_laboratory: dict[int, list[Need]] = defaultdict(list)
    for need, asker in _latest_needs(ours | {network_id}, day, actor):
        text = f"{need.title} {need.text}".strip()
        for pk in nearest_laboratory_ids(text, actor=actor, on=day, asker=asker, limit=_NEAR):
            if pk in ours - offering:
                needs_by_laboratory[pk].append(need)
    visible = Organisation.objects.visible_to(actor).in_bulk(list(needs_by_laboratory))
    lines = [SilentLaboratory(one, tuple(needs_by_laboratory[pk])) for pk, one in visible.items()]
    return sorted(lines, key=lambda line: (-len(line.needs), line.laboratory.localised_sort_name))[:_MAX_LINES]


def _latest_needs(organisation_ids: set[int], day: dt.date, actor: Actor) -> list[tuple[Need, Asker | None]]:
    """The needs that came to these organisations, with who asks as far as the actor may know."""
    since = day - dt.timedelta(days=PERIOD_DAYS)
    came = Q(stated_at__date__gte=since, addresses__organisation__in=organisation_ids)
    ids = needs(actor=actor).filter(came).order_by().values("pk").distinct()
    latest = list(needs(actor=actor).filter(pk__in=ids).order_by("-stated_at")[:_MAX_NEEDS])
    requesters = {one.need_id: one for one in requesters_of([need.pk for need in latest], actor=actor)}
    return [(need, Asker.of(requesters.get(need.pk))) for need in latest]
