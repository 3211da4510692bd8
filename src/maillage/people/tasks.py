"""Sending invitations, by the worker: what a server refuses is tried again, then told where the invitation stands."""

from smtplib import SMTPException

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from maillage.kernel.actors import SYSTEM
from maillage.kernel.notices.mails import told_failure
from maillage.people import mandates
from maillage.people.invitations import mail_of
from maillage.people.models import Invitation

ATTEMPTS = 6
_AGAIN = RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=8)


@app.task(name="people.mail_invitation", pass_context=True, retry=_AGAIN)
def mail_invitation(context: JobContext, invitation_id: int) -> None:
    """Send the mail of an invitation, unless it is closed by now."""
    found = Invitation.objects.filter(pk=invitation_id).select_related("organisation", "invited_by").first()
    if found is None or mandates.closed(found, timezone.now()):
        return
    try:
        mail_of(found).send()
    except (SMTPException, OSError) as error:
        if context.job.attempts + 1 < ATTEMPTS:
            raise
        mandates.note_invitation_undelivered(
            actor=SYSTEM, at=timezone.now(), invitation_id=found.pk, why=told_failure(error)
        )
