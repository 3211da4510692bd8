"""Reading one's webhooks."""

from django.db import models

from maillage.api.deprecated_names import deprecated_names_of
from maillage.api.webhooks.models import Delivery, Webhook
from maillage.core.actors import Actor

MAX_DELIVERIES = 20


def webhooks_of(actor: Actor) -> list[Webhook]:
    """The webhooks of the person who acts, the latest first."""
    held = Webhook.objects.filter(person=actor.user_id or 0).select_related("mandate__organisation")
    return list(held.order_by("-pk")[:100])


def deliveries_of(actor: Actor) -> list[Delivery]:
    """The last messages to the webhooks of the person who acts."""
    held = Delivery.objects.filter(webhook__person=actor.user_id or 0).select_related("webhook")
    return list(held.order_by("-pk")[:MAX_DELIVERIES])


def list_webhooks_for_action(action: str) -> list[Webhook]:
    """The webhooks that subscribed to an action, under its name of today or an old one, or to all actions."""
    wanted = models.Q(actions__overlap=[action, *deprecated_names_of(action)]) | models.Q(actions=[])
    running = Webhook.objects.filter(wanted, paused_at=None, person__is_active=True)
    return list(running.select_related("person").order_by("pk"))
