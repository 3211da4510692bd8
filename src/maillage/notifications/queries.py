"""Queries of notices: those of a person, those not delivered (for officers), those pending."""

import datetime as dt

from django.db.models import Q, QuerySet

from maillage.core.actors import Actor
from maillage.notifications.models import Notice, Preference
from maillage.notifications.notice_kinds import NOTICE_KINDS, NoticeKind, Pace

NOTICES_SHOWN = 50


def notices(*, actor: Actor) -> QuerySet[Notice]:
    """The actor's own notices, latest first; none for the public."""
    if actor.user_id is None:
        return Notice.objects.none()
    return Notice.objects.filter(person_id=actor.user_id).order_by("-created_at", "-id")


def unread_count(*, actor: Actor) -> int:
    """The number of the actor's unread notices, counted up to 100."""
    return notices(actor=actor).filter(read_at=None).order_by()[:100].count()


def undelivered_notices(*, actor: Actor) -> list[Notice]:
    """The notices whose mail finally failed, latest first, at most `NOTICES_SHOWN`; for officers only."""
    if not actor.is_officer:
        return []
    undelivered = Notice.objects.exclude(failed_at=None).select_related("person")
    return list(undelivered.order_by("-failed_at", "-id")[:NOTICES_SHOWN])


def notice_choices(*, actor: Actor) -> list[tuple[NoticeKind, str]]:
    """Each kind of notice with the pace at which the actor gets it."""
    pace_by_kind = dict(Preference.objects.filter(person_id=actor.user_id or 0).values_list("kind", "pace"))
    return [
        (kind, pace_by_kind.get(kind.name, kind.pace))
        for kind in sorted(NOTICE_KINDS.values(), key=lambda kind: kind.name)
    ]


def notices_pending_digest(day: dt.date) -> QuerySet[Notice]:
    """All notices pending for the digest of a day: on Mondays also those that are sent once a week.

    What a Monday left, since the mail server was away or they were too many, goes on the next day.
    """
    weekly = Q(pace=Pace.WEEKLY)
    if days_since_monday := day.weekday():
        weekly &= Q(created_at__date__lt=day - dt.timedelta(days=days_since_monday))
    return Notice.objects.filter(Q(pace=Pace.DIGEST) | weekly, mailed_at=None, failed_at=None)
