"""Jobs that send the mails of notices; a failed mail is tried again, then recorded as not delivered."""

from collections.abc import Sequence
from smtplib import SMTPException

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from maillage.core.action_registry import Arguments
from maillage.core.actors import SYSTEM
from maillage.notifications.actions import deliveries
from maillage.notifications.mails import digest_mail, is_permanent, mail_failure_text, notice_mail
from maillage.notifications.models import Notice
from maillage.notifications.queries import notices_pending_digest

# Retries after 8 s, 1, 9 and 68 minutes, and 9 hours, so that a mail server may be down for a night.
MAX_ATTEMPTS = 6
_RETRY = RetryStrategy(max_attempts=MAX_ATTEMPTS, exponential_wait=8)
_DIGEST_SIZE = 200


@app.task(name="notices.mail_notice", pass_context=True, retry=_RETRY)
def mail_notice(context: JobContext, notice_id: int) -> None:
    """Send one notice by mail, unless it has been sent or its person is not active."""
    notice = Notice.objects.select_related("person").filter(pk=notice_id, mailed_at=None).first()
    if notice and notice.person.is_active:
        _send(context, notice_mail(notice), [notice])


@app.periodic(cron="0 5 * * *")
@app.task(name="notices.mail_digests", queueing_lock="notices.mail_digests")
def queue_digests(timestamp: int) -> int:
    """Each morning, queue the digest of every person with pending notices; return the number of persons."""
    persons = sorted(set(notices_pending_digest(timezone.localdate()).values_list("person_id", flat=True)))
    for person in persons:
        mail_digest.defer(person_id=person)
    return len(persons)


@app.task(name="notices.mail_digest", pass_context=True, retry=_RETRY)
def mail_digest(context: JobContext, person_id: int) -> None:
    """Send the pending notices of one person as one mail, at most `_DIGEST_SIZE` of them."""
    pending = (
        notices_pending_digest(timezone.localdate())
        .filter(person_id=person_id)
        .select_related("person")
        .order_by("created_at", "id")
    )
    notices = list(pending[:_DIGEST_SIZE])
    if notices and notices[0].person.is_active:
        _send(context, digest_mail(notices[0].person, notices), notices)


def _send(context: JobContext, mail: EmailMultiAlternatives, notices: Sequence[Notice]) -> None:
    arguments: Arguments = {"actor": SYSTEM, "notice_ids": [notice.pk for notice in notices]}
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        final = is_permanent(error) or context.job.attempts + 1 >= MAX_ATTEMPTS
        deliveries.record_mail_failure(at=timezone.now(), failure=mail_failure_text(error), final=final, **arguments)
        if final:
            return
        raise
    deliveries.record_mail_sent(at=timezone.now(), **arguments)
