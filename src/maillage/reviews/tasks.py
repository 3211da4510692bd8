"""Jobs of the worker: publish decisions as planned, remind reviewers."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.core.action_registry import ActionError
from maillage.core.actors import SYSTEM
from maillage.reviews.actions.publication import give_up_publication, publish_decisions
from maillage.reviews.actions.reminders import remind_reviewers
from maillage.reviews.queries import calls_to_publish

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="reviews.publish_planned", queueing_lock="reviews.publish_planned")
def publish_planned_decisions(timestamp: int) -> int:
    """Publish the decisions whose planned minute has come; returns how many calls. Safe to run late or twice."""
    at, published = timezone.now(), 0
    for call_id in calls_to_publish(at):
        try:
            publish_decisions(actor=SYSTEM, at=at, call_id=call_id)
            published += 1
        except ActionError as error:
            give_up_publication(actor=SYSTEM, at=at, call_id=call_id, why=str(error))
        except Exception:
            # One call that fails must not delay the others; the next run tries it again.
            log.exception("The decisions of call %s could not be published", call_id)
    return published


@app.periodic(cron="0 6 * * *")
@app.task(name="reviews.remind", queueing_lock="reviews.remind")
def send_review_reminders(timestamp: int) -> int:
    """Remind reviewers of reviews that are due; running late or twice reminds nobody twice."""
    reminded: int = remind_reviewers(actor=SYSTEM, at=timezone.now())
    return reminded
