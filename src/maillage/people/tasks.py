"""Worker task that sends invitations: it retries, then marks the invitation as undelivered."""

from smtplib import SMTPException

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from maillage.core.actors import SYSTEM
from maillage.notifications.mails import is_permanent, mail_failure_text
from maillage.people import queries
from maillage.people.actions import invitations
from maillage.people.invitation_mail import MAIL_TASK, render_invitation_mail
from maillage.people.models import Invitation

ATTEMPTS = 6
_RETRY = RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=8)


@app.task(name=MAIL_TASK, pass_context=True, retry=_RETRY)
def send_invitation_mail(context: JobContext, invitation_id: int) -> None:
    """Send the mail of an invitation, unless it can no longer be accepted."""
    invitation = Invitation.objects.filter(pk=invitation_id).select_related("organisation", "invited_by").first()
    if invitation is None or queries.invitation_closed_reason(invitation, timezone.now()):
        return
    try:
        render_invitation_mail(invitation).send()
    except (SMTPException, OSError) as error:
        if context.job.attempts + 1 < ATTEMPTS and not is_permanent(error):
            raise
        invitations.note_invitation_undelivered(
            actor=SYSTEM, at=timezone.now(), invitation_id=invitation.pk, why=mail_failure_text(error)
        )
