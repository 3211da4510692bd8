"""Actions that record whether the mails of notices were sent."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from maillage.core.action_registry import action
from maillage.core.actors import SYSTEM, Actor
from maillage.notifications.bounces import BOUNCE_HANDLERS, handles_bounces
from maillage.notifications.models import Notice


@action(title=gettext_lazy("Note that a mail left"), over_api=False)
def record_mail_sent(*, actor: Actor, at: dt.datetime, notice_ids: Sequence[int]) -> None:
    """Record that the mail server accepted the mail of these notices."""
    Notice.objects.filter(pk__in=notice_ids).update(mailed_at=at, failure="", failed_at=None)


@action(title=gettext_lazy("Note that a mail was refused"), over_api=False)
def record_mail_failure(*, actor: Actor, at: dt.datetime, notice_ids: Sequence[int], failure: str, final: bool) -> None:
    """Record why the mail of these notices was not sent; `final` if it will not be tried again."""
    notices = Notice.objects.filter(pk__in=notice_ids)
    notices.update(failure=failure, failed_at=at if final else None)
    for notice in notices.select_related("person") if final else ():
        kind = notice.notice_kind
        if kind and kind.failed and notice.record_id:
            kind.failed(notice.record_kind, notice.record_id, notice.person, failure, at)


@action(title=gettext_lazy("Note that a mail came back"), over_api=False)
def record_bounce(*, actor: Actor, at: dt.datetime, letter: str, number: int, failure: str) -> None:
    """Record that a mail, by the letter of its kind and its number, came back, and why."""
    if handler := BOUNCE_HANDLERS.get(letter):
        handler(number, failure, at)


def _address_of_notice(notice_id: int) -> str:
    notice = Notice.objects.filter(pk=notice_id).select_related("person").first()
    return str(notice.person.email) if notice else ""


@handles_bounces("n", _address_of_notice)
def _record_returned_notice(notice_id: int, failure: str, at: dt.datetime) -> None:
    """A mail of one notice, or of several that left in one mail."""
    notice = Notice.objects.filter(pk=notice_id, failed_at=None).first()
    if notice:
        together = Notice.objects.filter(person=notice.person_id, mailed_at=notice.mailed_at, failed_at=None)
        ids = {notice.pk, *(together.values_list("pk", flat=True) if notice.mailed_at else ())}
        record_mail_failure(actor=SYSTEM, at=at, notice_ids=sorted(ids), failure=failure, final=True)
