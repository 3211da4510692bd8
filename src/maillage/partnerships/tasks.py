"""Jobs of the worker: mails about needs, tried again on failure, then noted on the page of the need."""

from smtplib import SMTPException

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from maillage.core.actors import SYSTEM
from maillage.notifications.mails import mail_failure_text
from maillage.partnerships.actions import answers
from maillage.partnerships.addressee_mails import ADDRESSEE_MAIL_TASK, addressee_mail
from maillage.partnerships.mails import MAIL_TASK, requester_mail
from maillage.partnerships.models import Need, NeedAddress

ATTEMPTS = 6
_AGAIN = RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=8)


@app.task(name=MAIL_TASK, pass_context=True, retry=_AGAIN)
def mail_requester(context: JobContext, need_id: int, kind: str, answer_id: int | None = None) -> None:
    """Send one mail to the requester of a need, unless the need has been deleted."""
    need = Need.objects.filter(pk=need_id, requester__isnull=False).first()
    if need is None:
        return
    try:
        requester_mail(need, kind, answer_id).send()
    except (SMTPException, OSError, ValueError) as error:
        if context.job.attempts + 1 < ATTEMPTS:
            raise
        answers.note_undelivered(actor=SYSTEM, at=timezone.now(), need_id=need.pk, why=mail_failure_text(error))


@app.task(name=ADDRESSEE_MAIL_TASK, retry=_AGAIN)
def mail_addressee(address_id: int) -> None:
    """Mail a need to the contact of its addressee, unless it has been dealt with meanwhile."""
    address = NeedAddress.objects.select_related("organisation").filter(pk=address_id, dealt_at=None).first()
    if address and address.mailed_to:
        addressee_mail(address).send()
