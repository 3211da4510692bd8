"""Reading one's webhooks."""

from maillage.api.webhooks.models import Delivery, Webhook
from maillage.kernel.actors import Actor

SHOWN = 20


def webhooks_of(actor: Actor) -> list[Webhook]:
    """The webhooks of the person who acts, the latest first."""
    held = Webhook.objects.filter(person=actor.user_id or 0).select_related("mandate__organisation")
    return list(held.order_by("-pk")[:100])


def deliveries_of(actor: Actor) -> list[Delivery]:
    """The last messages to the webhooks of the person who acts."""
    held = Delivery.objects.filter(webhook__person=actor.user_id or 0).select_related("webhook")
    return list(held.order_by("-pk")[:SHOWN])
