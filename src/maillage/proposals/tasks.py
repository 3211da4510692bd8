"""Jobs of the worker: mails to those who propose changes, and the erasure of who they were."""

import datetime as dt
from smtplib import SMTPException

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from maillage.core.actors import SYSTEM
from maillage.notifications.mails import is_permanent, mail_failure_text
from maillage.proposals.access_tokens import CONFIRMATION_DELAY
from maillage.proposals.actions import proposals
from maillage.proposals.mails import MAIL_TASK, proposer_mail
from maillage.proposals.models import Proposer

ATTEMPTS = 6
# Days after the answer for which it is known who proposed a change.
PROPOSER_RETENTION = dt.timedelta(days=90)
_AGAIN = RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=8)


@app.task(name=MAIL_TASK, pass_context=True, retry=_AGAIN)
def mail_proposer(context: JobContext, proposal_id: int, kind: str) -> None:
    """Send one mail to who proposed a change, unless they have been erased."""
    proposer = Proposer.objects.filter(proposal=proposal_id).select_related("proposal").first()
    if proposer is None:
        return
    try:
        proposer_mail(proposer, kind).send()
    except (SMTPException, OSError, ValueError) as error:
        if context.job.attempts + 1 < ATTEMPTS and not is_permanent(error):
            raise
        why = mail_failure_text(error)
        proposals.note_undelivered(actor=SYSTEM, at=timezone.now(), proposal_id=proposal_id, why=why)


@app.periodic(cron="50 3 * * *")
@app.task(name="proposals.erase_old_proposers", queueing_lock="proposals.erase_old_proposers")
def erase_old_proposers(timestamp: int) -> int:
    """Delete what was never confirmed, and who proposed what was answered long ago; return how many."""
    return proposals.erase_old_proposers(
        actor=SYSTEM,
        at=timezone.now(),
        unconfirmed_days=CONFIRMATION_DELAY.days,
        answered_days=PROPOSER_RETENTION.days,
    )
