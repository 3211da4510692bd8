"""The whole network on a day, bounded: the organisations with most ties, and the ties between them."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q

from maillage.core.actors import Actor
from maillage.core.models import FactQuerySet
from maillage.register.models import Organisation, Tie
from maillage.register.queries import organisations

MAX_ORGANISATIONS, MAX_TIES = 130, 600


@dataclass(frozen=True, slots=True)
class Network:
    """The organisations and ties of a day; how many organisations have ties but are left out, and how many have none.

    `ties_left_out` is the number of ties of that day that are not among `ties`.
    """

    organisations: list[Organisation] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    left_out: int = 0
    untied: int = 0
    ties_left_out: int = 0


def get_network(*, actor: Actor, on: dt.date, kind: str = "", limit: int = MAX_ORGANISATIONS) -> Network:
    """The network on a day, surely or perhaps, as far as the actor may read it; `kind` keeps ties of one kind only.

    Where there are more organisations than `limit`, those with most ties are kept.
    """
    existing = organisations(actor=actor, on=on)
    ties = ties_on(existing, actor=actor, on=on, kind=kind)
    degrees = _degrees(ties, limit)
    kept = dict(sorted(degrees.items(), key=lambda pair: (-pair[1], pair[0]))[:limit])
    drawn = list(existing.filter(pk__in=kept).order_by("kind", "sort_name", "pk"))
    between = ties.filter(subject__in=kept, object__in=kept).select_related("subject", "object")
    listed = list(between.order_by("kind", "subject__sort_name", "pk")[:MAX_TIES])
    tied = existing.order_by().filter(_has_a_tie(ties)).count()
    return Network(
        drawn, listed, tied - len(drawn), existing.order_by().count() - tied, ties.order_by().count() - len(listed)
    )


def ties_on(existing: FactQuerySet[Organisation], *, actor: Actor, on: dt.date, kind: str = "") -> FactQuerySet[Tie]:
    """The ties of a day between these organisations."""
    ties: FactQuerySet[Tie] = Tie.objects.visible_to(actor).possible_on(on)
    ends = existing.order_by()
    ties = ties.filter(subject__in=ends, object__in=ends)
    return ties.filter(kind=kind) if kind else ties


def _has_a_tie(ties: FactQuerySet[Tie]) -> Q:
    return Q(Exists(ties.filter(subject=OuterRef("pk")))) | Q(Exists(ties.filter(object=OuterRef("pk"))))


def _degrees(ties: FactQuerySet[Tie], limit: int) -> Counter[int]:
    """The number of ties of the organisations that have most, by id."""
    degrees: Counter[int] = Counter()
    for end in ("subject_id", "object_id"):
        counted = ties.order_by().values(end).annotate(count=Count("pk")).order_by("-count", end)
        for pk, count in counted.values_list(end, "count")[: 3 * limit]:
            degrees[pk] += count
    return degrees
