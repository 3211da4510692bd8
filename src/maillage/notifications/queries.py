"""Reading notices. Each person reads their own; officers also read which mails could not be delivered."""

from django.db.models import QuerySet

from maillage.core.actors import Actor
from maillage.notifications.models import Notice, Preference
from maillage.notifications.notice_kinds import NOTICE_KINDS, NoticeKind, Pace

NOTICES_SHOWN = 50


def notices(*, actor: Actor) -> QuerySet[Notice]:
    """The notices of the person who acts, the latest first; none for the public."""
    if actor.user_id is None:
        return Notice.objects.none()
    return Notice.objects.filter(person_id=actor.user_id).order_by("-created_at", "-id")


def unread_count(*, actor: Actor) -> int:
    """How many notices the person has not read, counted up to 100."""
    return notices(actor=actor).filter(read_at=None).order_by()[:100].count()


def undelivered_notices(*, actor: Actor) -> list[Notice]:
    """The mails given up, the latest first, at most 50; for officers."""
    if not actor.is_officer:
        return []
    failed = Notice.objects.exclude(failed_at=None).select_related("person")
    return list(failed.order_by("-failed_at", "-id")[:NOTICES_SHOWN])


def notice_choices(*, actor: Actor) -> list[tuple[NoticeKind, str]]:
    """Each kind of notice with the pace at which the person gets it."""
    held = Preference.objects.filter(person_id=actor.user_id or 0).values_list("kind", "pace")
    chosen = dict(held)
    return [
        (kind, chosen.get(kind.name, kind.pace)) for kind in sorted(NOTICE_KINDS.values(), key=lambda kind: kind.name)
    ]


def notices_pending_digest() -> QuerySet[Notice]:
    """What waits for the next digest of whomever."""
    return Notice.objects.filter(pace=Pace.DIGEST, mailed_at=None, failed_at=None)
