"""Figures of how a body deals with needs, for dossiers and for the follow-up of a charter."""

import datetime as dt
from decimal import Decimal

from django.db.models import Avg, Count
from django.utils.translation import gettext_lazy, ngettext

from maillage.kernel.actors import Actor
from maillage.partnerships.models import AddressRole, Rating
from maillage.partnerships.queries import kept
from maillage.register.figures import Figure, figure


def _may_know(body: int, actor: Actor) -> bool:
    return actor.is_officer or body in actor.reach


@figure("needs-answered-in-time", gettext_lazy("Needs answered within the delay promised"))
def _answered_in_time(body: int, since: dt.date, until: dt.date, actor: Actor) -> Figure | None:
    """The share of promises kept, for those who act for the body; nothing before the first is due."""
    if not _may_know(body, actor):
        return None
    found = kept(body, since, until, until)
    if found.share is None:
        return None
    judged = found.in_time + found.late
    told = ngettext("%d need whose day has come", "%d needs whose day has come", judged) % judged
    return Figure(Decimal(round(found.share * 100)), "%", told)


@figure("needs-rated", gettext_lazy("What requesters say, from 1 to 5"))
def _rated(body: int, since: dt.date, until: dt.date, actor: Actor) -> Figure | None:
    """The mean of the ratings that requesters gave."""
    if not _may_know(body, actor):
        return None
    given = Rating.objects.filter(
        need__addresses__organisation=body,
        need__addresses__role=AddressRole.ADDRESSEE,
        rated_at__date__range=(since, until),
    )
    found = given.aggregate(mean=Avg("score"), number=Count("pk", distinct=True))
    if not found["number"]:
        return None
    told = ngettext("%d rating", "%d ratings", found["number"]) % found["number"]
    return Figure(Decimal(str(round(found["mean"], 1))), "/ 5", told)
