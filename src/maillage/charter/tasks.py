"""Daily task: send reminders of what is due by a charter, before the digests are sent."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.charter.actions.follow_ups import begin_follow_ups
from maillage.charter.actions.reminders import remind
from maillage.charter.queries import current_follow_ups
from maillage.core.actors import SYSTEM

log = logging.getLogger(__name__)


@app.periodic(cron="30 4 * * *")
@app.task(name="charter.look_what_is_due", queueing_lock="charter.look_what_is_due")
def send_due_reminders(timestamp: int) -> int:
    """Follow new holders, then remind of new due items; return their number. A repeated run sends none twice."""
    at, reminded = timezone.now(), 0
    begin_follow_ups(actor=SYSTEM, at=at)
    for follow_up_id in current_follow_ups(actor=SYSTEM, day=timezone.localdate(at)).values_list("pk", flat=True):
        try:
            reminded += remind(actor=SYSTEM, at=at, follow_up_id=follow_up_id)
        except Exception:
            # One holder must not keep the others waiting; the next run tries again.
            log.exception("What is due of the follow-up %s could not be told", follow_up_id)
    return reminded
