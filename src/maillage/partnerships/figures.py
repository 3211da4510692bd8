"""Figures of how an organisation deals with needs, for applications and for the follow-up of a charter."""

import datetime as dt
from decimal import Decimal

from django.db.models import Avg, Count, Q
from django.utils.translation import ngettext

from maillage.core.actors import Actor
from maillage.partnerships.actions.requester import COMPLAINT_PROCESS
from maillage.partnerships.models import NeedAddressRole, Rating
from maillage.partnerships.queries import answer_punctuality
from maillage.register.figure_provider import Figure
from maillage.workflow.models import Case


def _may_know(organisation_id: int, actor: Actor) -> bool:
    return actor.is_officer or organisation_id in actor.reach


def share_answered_in_time(organisation_id: int, since: dt.date, until: dt.date, actor: Actor) -> Figure | None:
    """The share of answers given in time, for those who act for the organisation; `None` before the first is due."""
    if not _may_know(organisation_id, actor):
        return None
    punctuality = answer_punctuality(organisation_id, since, until, until)
    if punctuality.share is None:
        return None
    judged = punctuality.in_time + punctuality.late
    message = ngettext("%d need whose day has come", "%d needs whose day has come", judged) % judged
    return Figure(Decimal(round(punctuality.share * 100)), "%", message)


def share_answered_or_redirected(organisation_id: int, since: dt.date, until: dt.date, actor: Actor) -> Figure | None:
    """The share of needs answered or passed on among those dealt with or overdue; the others were declined."""
    if not _may_know(organisation_id, actor):
        return None
    punctuality = answer_punctuality(organisation_id, since, until, until)
    judged = punctuality.in_time + punctuality.late
    if not judged:
        return None
    message = ngettext("%d need whose day has come", "%d needs whose day has come", judged) % judged
    return Figure(Decimal(round(100 * (punctuality.answered + punctuality.redirected) / judged)), "%", message)


def open_complaints(organisation_id: int, since: dt.date, until: dt.date, actor: Actor) -> Figure | None:
    """How many complaints of a period are not settled at its end."""
    if not _may_know(organisation_id, actor):
        return None
    opened = Case.objects.filter(
        definition__name=COMPLAINT_PROCESS, organisation_id=organisation_id, opened_at__date__range=(since, until)
    )
    counts = opened.aggregate(number=Count("pk"), settled=Count("pk", filter=Q(ended_at__date__lte=until)))
    message = ngettext("of %d complaint", "of %d complaints", counts["number"]) % counts["number"]
    return Figure(Decimal(counts["number"] - counts["settled"]), "", message)


def mean_rating(organisation_id: int, since: dt.date, until: dt.date, actor: Actor) -> Figure | None:
    """The mean of the ratings that requesters gave; `None` without any."""
    if not _may_know(organisation_id, actor):
        return None
    ratings = Rating.objects.filter(
        need__addresses__organisation=organisation_id,
        need__addresses__role=NeedAddressRole.ADDRESSEE,
        rated_at__date__range=(since, until),
    )
    summary = ratings.aggregate(mean=Avg("score"), number=Count("pk", distinct=True))
    if not summary["number"]:
        return None
    message = ngettext("%d rating", "%d ratings", summary["number"]) % summary["number"]
    return Figure(Decimal(str(round(summary["mean"], 1))), "/ 5", message)
