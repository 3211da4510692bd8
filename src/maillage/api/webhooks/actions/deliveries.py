"""Actions on deliveries, the messages to webhooks."""

import datetime as dt

from django.utils.translation import gettext_lazy

from maillage.api.webhooks.models import TRIAL_ACTION, Delivery, DeliveryState
from maillage.api.webhooks.notifications import notify_pause
from maillage.core.action_registry import action
from maillage.core.actors import Actor


@action(title=gettext_lazy("Note an attempt to deliver a message"), over_api=False)
def note_attempt(*, actor: Actor, at: dt.datetime, delivery_id: int, answer: str, taken: bool, last: bool) -> None:
    """Record an attempt to deliver a message. If the last attempt fails, pause the webhook and notify its person.

    A failed trial neither pauses nor notifies: it is shown in the list of messages only.
    """
    delivery = Delivery.objects.select_for_update().select_related("webhook").get(pk=delivery_id)
    delivery.attempts, delivery.attempted_at, delivery.answer = delivery.attempts + 1, at, answer[:300]
    if taken or last:
        delivery.state = DeliveryState.DELIVERED if taken else DeliveryState.GIVEN_UP
    delivery.save(update_fields=["attempts", "attempted_at", "answer", "state"])
    if (
        delivery.state == DeliveryState.GIVEN_UP
        and delivery.webhook.paused_at is None
        and delivery.action != TRIAL_ACTION
    ):
        _pause(delivery, at)


def _pause(delivery: Delivery, at: dt.datetime) -> None:
    delivery.webhook.paused_at = at
    delivery.webhook.save(update_fields=["paused_at"])
    notify_pause(delivery, at)


@action(title=gettext_lazy("Forget old messages of webhooks"), over_api=False)
def forget_deliveries(*, actor: Actor, at: dt.datetime, before: dt.datetime) -> int:
    """Delete messages created before a moment, unless they are waiting; returns how many rows."""
    old = Delivery.objects.filter(created_at__lt=before).exclude(state=DeliveryState.WAITING)
    return int(old.delete()[0])
