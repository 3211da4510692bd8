"""Periodic task: send the reminders of cases, every 15 minutes."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.core.actors import SYSTEM
from maillage.workflow import queries
from maillage.workflow.actions.reminders import remind

log = logging.getLogger(__name__)


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="reminders")
def raise_reminders(timestamp: int) -> int:
    """Send every reminder that is due now and return their number; a late or repeated run sends none twice."""
    at, sent = timezone.now(), 0
    for case_id in queries.case_ids_to_remind(at):
        try:
            sent += remind(actor=SYSTEM, at=at, case_id=case_id)
        except Exception:
            # Whatever a listener did wrong, one case must not keep the others waiting; the next run tries again.
            log.exception("The reminder of case %s could not be raised", case_id)
    return sent
