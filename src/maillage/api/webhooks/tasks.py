"""Sending messages, by the worker: one that is not taken is sent again for a day and a half, then given up."""

import datetime as dt
from http.client import HTTPException

from cryptography.fernet import InvalidToken
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from maillage.api.webhooks import actions
from maillage.api.webhooks.models import Delivery, State
from maillage.api.webhooks.sending import send
from maillage.kernel.actors import SYSTEM
from maillage.kernel.sealing import unseal

# After 5 s, 25 s, 2, 10 and 52 minutes, 4 and 22 hours.
ATTEMPTS = 8
_AGAIN = RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=5)
_KEPT = dt.timedelta(days=30)


class NotTaken(Exception):
    """The message is to be sent again."""


@app.task(name="webhooks.deliver", pass_context=True, retry=_AGAIN)
def deliver(context: JobContext, delivery_id: int) -> None:
    """Send one message, unless it was taken or its webhook is gone."""
    delivery = Delivery.objects.select_related("webhook").filter(pk=delivery_id, state=State.WAITING).first()
    if delivery is None:
        return
    at = timezone.now()
    answer, taken = _sent(delivery, at)
    last = context.job.attempts + 1 >= ATTEMPTS
    actions.note_attempt(actor=SYSTEM, at=at, delivery_id=delivery.pk, answer=answer, taken=taken, last=last)
    if not (taken or last):
        raise NotTaken(answer)


def _sent(delivery: Delivery, at: dt.datetime) -> tuple[str, bool]:
    """What the address answered, and whether it took the message."""
    try:
        secret = unseal(delivery.webhook.sealed_secret, actions.PURPOSE)
        status = send(delivery.webhook.url, secret=secret, key=delivery.key, moment=at, body=delivery.body)
    except InvalidToken:
        return _("The secret cannot be read: the site has another key now. Make the webhook anew."), False
    except (OSError, HTTPException) as error:
        return str(error) or type(error).__name__, False
    return str(status), 200 <= status < 300


@app.periodic(cron="10 4 * * *")
@app.task(name="webhooks.forget", queueing_lock="webhooks.forget")
def forget(timestamp: int) -> int:
    """Remove the messages taken or given up a month ago; return how many."""
    return int(actions.forget_deliveries(actor=SYSTEM, at=timezone.now(), before=timezone.now() - _KEPT))
