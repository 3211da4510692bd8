"""Jobs that send messages to webhooks: each is retried for about 27 hours, then given up."""

import datetime as dt
from http.client import HTTPException

from cryptography.fernet import InvalidToken
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from maillage.api.webhooks.actions import deliveries
from maillage.api.webhooks.delivery_queue import DELIVER_TASK, DELIVERY_QUEUE
from maillage.api.webhooks.http_client import post_message
from maillage.api.webhooks.models import SECRET_PURPOSE, TRIAL_ACTION, Delivery, DeliveryState
from maillage.core.actors import SYSTEM
from maillage.core.security.encryption import decrypt

# After 5 s, 25 s, 2, 10 and 52 minutes, 4 and 22 hours.
MAX_ATTEMPTS = 8
_RETRY_STRATEGY = RetryStrategy(max_attempts=MAX_ATTEMPTS, exponential_wait=5)
_RETENTION = dt.timedelta(days=30)


class DeliveryFailedError(Exception):
    """The attempt failed, and the job is to be retried."""


@app.task(name=DELIVER_TASK, queue=DELIVERY_QUEUE, pass_context=True, retry=_RETRY_STRATEGY)
def deliver(context: JobContext, delivery_id: int) -> None:
    """Send one message, unless it is no longer waiting or its webhook was removed.

    Raises `DeliveryFailedError` to have the job retried.
    """
    delivery = Delivery.objects.select_related("webhook").filter(pk=delivery_id, state=DeliveryState.WAITING).first()
    if delivery is None:
        return
    at = timezone.now()
    answer, accepted = _send_delivery(delivery, at)
    is_last_attempt = context.job.attempts + 1 >= MAX_ATTEMPTS or delivery.action == TRIAL_ACTION
    deliveries.note_attempt(
        actor=SYSTEM, at=at, delivery_id=delivery.pk, answer=answer, taken=accepted, last=is_last_attempt
    )
    if not (accepted or is_last_attempt):
        raise DeliveryFailedError(answer)


def _send_delivery(delivery: Delivery, at: dt.datetime) -> tuple[str, bool]:
    """The status or error, and whether the message was accepted (status 2xx)."""
    try:
        secret = decrypt(delivery.webhook.sealed_secret, SECRET_PURPOSE)
        status = post_message(delivery.webhook.url, secret=secret, key=delivery.key, moment=at, body=delivery.body)
    except InvalidToken:
        return _("The secret cannot be read: the site has another key now. Make the webhook anew."), False
    except (OSError, HTTPException, ValueError) as error:
        return str(error) or type(error).__name__, False
    return str(status), 200 <= status < 300


@app.periodic(cron="10 4 * * *")
@app.task(name="webhooks.forget", queueing_lock="webhooks.forget")
def forget_old_deliveries(timestamp: int) -> int:
    """Delete messages older than 30 days, unless they are waiting; returns how many rows."""
    return int(deliveries.forget_deliveries(actor=SYSTEM, at=timezone.now(), before=timezone.now() - _RETENTION))
