"""Reviewers are reminded by the worker, each morning."""

from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.kernel.actors import SYSTEM
from maillage.reviews.reminding import remind_reviewers


@app.periodic(cron="0 6 * * *")
@app.task(name="reviews.remind", queueing_lock="reviews.remind")
def remind(timestamp: int) -> int:
    """Remind reviewers of what is due; a run that is late or comes again reminds nobody twice."""
    reminded: int = remind_reviewers(actor=SYSTEM, at=timezone.now())
    return reminded
