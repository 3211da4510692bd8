"""Figures of how a body deals with needs, for dossiers and for the follow-up of a charter."""

import datetime as dt
from decimal import Decimal

from django.db.models import Avg, Count, Q
from django.utils.translation import gettext_lazy, ngettext

from maillage.core.actors import Actor
from maillage.partnerships.actions.requester import COMPLAINT_PROCESS
from maillage.partnerships.models import NeedAddressRole, Rating
from maillage.partnerships.queries import answer_punctuality
from maillage.register.figure_provider import Figure, register_figure
from maillage.workflow.models import Case


def _may_know(body: int, actor: Actor) -> bool:
    return actor.is_officer or body in actor.reach


@register_figure("needs-answered-in-time", gettext_lazy("Needs answered within the delay promised"))
def _share_answered_in_time(body: int, since: dt.date, until: dt.date, actor: Actor) -> Figure | None:
    """The share of promises kept, for those who act for the body; nothing before the first is due."""
    if not _may_know(body, actor):
        return None
    found = answer_punctuality(body, since, until, until)
    if found.share is None:
        return None
    judged = found.in_time + found.late
    told = ngettext("%d need whose day has come", "%d needs whose day has come", judged) % judged
    return Figure(Decimal(round(found.share * 100)), "%", told)


@register_figure("needs-answered-or-passed-on", gettext_lazy("Needs answered, or passed on to who can answer"))
def _share_answered_or_redirected(body: int, since: dt.date, until: dt.date, actor: Actor) -> Figure | None:
    """The share of the needs dealt with, or overdue, that were answered or passed on; the others were declined."""
    if not _may_know(body, actor):
        return None
    found = answer_punctuality(body, since, until, until)
    judged = found.in_time + found.late
    if not judged:
        return None
    told = ngettext("%d need whose day has come", "%d needs whose day has come", judged) % judged
    return Figure(Decimal(round(100 * (found.answered + found.redirected) / judged)), "%", told)


@register_figure("complaints-open", gettext_lazy("Complaints not settled"))
def _open_complaints(body: int, since: dt.date, until: dt.date, actor: Actor) -> Figure | None:
    """How many of the complaints of a time are not settled at its end."""
    if not _may_know(body, actor):
        return None
    opened = Case.objects.filter(
        definition__name=COMPLAINT_PROCESS, organisation_id=body, opened_at__date__range=(since, until)
    )
    found = opened.aggregate(number=Count("pk"), settled=Count("pk", filter=Q(ended_at__date__lte=until)))
    told = ngettext("of %d complaint", "of %d complaints", found["number"]) % found["number"]
    return Figure(Decimal(found["number"] - found["settled"]), "", told)


@register_figure("needs-rated", gettext_lazy("What requesters say, from 1 to 5"))
def _mean_rating(body: int, since: dt.date, until: dt.date, actor: Actor) -> Figure | None:
    """The mean of the ratings that requesters gave."""
    if not _may_know(body, actor):
        return None
    given = Rating.objects.filter(
        need__addresses__organisation=body,
        need__addresses__role=NeedAddressRole.ADDRESSEE,
        rated_at__date__range=(since, until),
    )
    found = given.aggregate(mean=Avg("score"), number=Count("pk", distinct=True))
    if not found["number"]:
        return None
    told = ngettext("%d rating", "%d ratings", found["number"]) % found["number"]
    return Figure(Decimal(str(round(found["mean"], 1))), "/ 5", told)
