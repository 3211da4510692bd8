"""Read webhooks and their messages."""

from django.db import models

from maillage.api.deprecated_names import deprecated_names_of
from maillage.api.webhooks.models import Delivery, Webhook
from maillage.core.actors import Actor

MAX_DELIVERIES = 20


def webhooks_of(actor: Actor) -> list[Webhook]:
    """The webhooks of the actor, the latest first."""
    webhooks = Webhook.objects.filter(person=actor.user_id or 0).select_related("mandate__organisation")
    return list(webhooks.order_by("-pk")[:100])


def deliveries_of(actor: Actor) -> list[Delivery]:
    """The last messages to the webhooks of the actor."""
    deliveries = Delivery.objects.filter(webhook__person=actor.user_id or 0).select_related("webhook")
    return list(deliveries.order_by("-pk")[:MAX_DELIVERIES])


def list_webhooks_for_action(action: str) -> list[Webhook]:
    """The active webhooks that subscribed to an action, under its current or an old name, or to all actions."""
    subscribed = models.Q(actions__overlap=[action, *deprecated_names_of(action)]) | models.Q(actions=[])
    webhooks = Webhook.objects.filter(subscribed, paused_at=None, person__is_active=True)
    return list(webhooks.select_related("person").order_by("pk"))
