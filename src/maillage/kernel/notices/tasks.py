"""Sending the mails of notices, by the worker: what a server refuses is tried again, then told as not delivered."""

from collections.abc import Sequence
from smtplib import SMTPException
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from maillage.kernel.actors import SYSTEM
from maillage.kernel.notices import actions
from maillage.kernel.notices.mails import digest_of, mail_of, told_failure
from maillage.kernel.notices.models import Notice
from maillage.kernel.notices.queries import waiting_for_digest

# After 8 s, 1, 9 and 68 minutes, and 9 hours: a server that is down for the night does not lose a mail.
ATTEMPTS = 6
_AGAIN = RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=8)
_DIGEST_SIZE = 200


@app.task(name="notices.mail_notice", pass_context=True, retry=_AGAIN)
def mail_notice(context: JobContext, notice_id: int) -> None:
    """Send one notice by mail, unless it was sent or its person is gone."""
    notice = Notice.objects.select_related("person").filter(pk=notice_id, mailed_at=None).first()
    if notice and notice.person.is_active:
        _send(context, mail_of(notice), [notice])


@app.periodic(cron="0 5 * * *")
@app.task(name="notices.mail_digests", queueing_lock="notices.mail_digests")
def mail_digests(timestamp: int) -> int:
    """Each morning, queue the digest of every person for whom something waits; return for how many."""
    persons = sorted(set(waiting_for_digest().values_list("person_id", flat=True)))
    for person in persons:
        mail_digest.defer(person_id=person)
    return len(persons)


@app.task(name="notices.mail_digest", pass_context=True, retry=_AGAIN)
def mail_digest(context: JobContext, person_id: int) -> None:
    """Send one person what waits for them, as one mail."""
    waiting = waiting_for_digest().filter(person_id=person_id).select_related("person").order_by("created_at", "id")
    notices = list(waiting[:_DIGEST_SIZE])
    if notices and notices[0].person.is_active:
        _send(context, digest_of(notices[0].person, notices), notices)


def _send(context: JobContext, mail: EmailMultiAlternatives, notices: Sequence[Notice]) -> None:
    told: dict[str, Any] = {"actor": SYSTEM, "notice_ids": [notice.pk for notice in notices]}
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        failed = context.job.attempts + 1 >= ATTEMPTS
        actions.note_failure(at=timezone.now(), failure=told_failure(error), final=failed, **told)
        if failed:
            return
        raise
    actions.note_mailed(at=timezone.now(), **told)
