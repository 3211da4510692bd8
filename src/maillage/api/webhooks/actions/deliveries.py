"""Deliveries."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.api.webhooks.models import TRIAL_ACTION, Delivery, DeliveryState
from maillage.api.webhooks.notifications import WEBHOOK_PAUSED
from maillage.core.action_registry import action
from maillage.core.actors import Actor
from maillage.notifications.notifier import NoticeText, notify


@action(title=gettext_lazy("Note an attempt to deliver a message"), over_api=False)
def note_attempt(*, actor: Actor, at: dt.datetime, delivery_id: int, answer: str, taken: bool, last: bool) -> None:
    """Keep how a message fared; the last attempt that fails pauses the webhook, and its person is told.

    A trial that fails tells who made it by the list of messages alone.
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
    webhook = delivery.webhook
    webhook.paused_at = at
    webhook.save(update_fields=["paused_at"])

    def words() -> NoticeText:
        body = _("The last message was given up after %(count)d attempts: %(answer)s") % {
            "count": delivery.attempts,
            "answer": delivery.answer,
        }
        return NoticeText(_("Paused: the webhook to %s") % webhook.url[:200], body, reverse("programs"))

    notify(at=at, kind=WEBHOOK_PAUSED, persons=[webhook.person_id], words=words)


@action(title=gettext_lazy("Forget old messages of webhooks"), over_api=False)
def forget_deliveries(*, actor: Actor, at: dt.datetime, before: dt.datetime) -> int:
    """Remove what was taken or given up before a moment; returns how many."""
    old = Delivery.objects.filter(created_at__lt=before).exclude(state=DeliveryState.WAITING)
    return int(old.delete()[0])
