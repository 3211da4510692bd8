"""Jobs of the worker: mails to requesters, tried again on failure, then noted on the page of the need."""

from smtplib import SMTPException

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from maillage.core.actors import SYSTEM
from maillage.notifications.mails import mail_failure_text
from maillage.partnerships.actions import answers
from maillage.partnerships.mails import MAIL_TASK, requester_mail
from maillage.partnerships.models import Need

ATTEMPTS = 6
_AGAIN = RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=8)


@app.task(name=MAIL_TASK, pass_context=True, retry=_AGAIN)
def mail_requester(
    context: JobContext,
    need_id: int,
    kind: str,
    answer_id: int | None = None,
    message_id: int | None = None,
    note: str = "",
) -> None:
    """Send one mail to the requester of a need, unless the need has been deleted."""
    need = Need.objects.filter(pk=need_id, requester__isnull=False).first()
    if need is None:
        return
    try:
        requester_mail(need, kind, answer_id, message_id, note).send()
    except (SMTPException, OSError, ValueError) as error:
        if context.job.attempts + 1 < ATTEMPTS:
            raise
        answers.note_undelivered(actor=SYSTEM, at=timezone.now(), need_id=need.pk, why=mail_failure_text(error))
