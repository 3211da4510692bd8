"""Queue messages to webhooks for the worker."""

import datetime as dt
import json
import secrets
from collections.abc import Mapping

from procrastinate.contrib.django import app

from maillage.api.webhooks.models import Delivery, Webhook

DELIVER_TASK, DELIVERY_QUEUE = "webhooks.deliver", "webhooks"


def queue_message(webhook: Webhook, at: dt.datetime, action: str, data: Mapping[str, object]) -> Delivery:
    """Queue one message; it is sent only if the transaction is committed."""
    body = json.dumps({"type": action, "timestamp": at.isoformat(), "data": data}, ensure_ascii=False)
    delivery: Delivery = Delivery.objects.create(
        webhook=webhook, key=f"msg_{secrets.token_urlsafe(16)}", action=action, body=body, created_at=at
    )
    queue_delivery(delivery.pk)
    return delivery


def queue_delivery(delivery_id: int) -> None:
    """Queue a delivery. The task is given by its name, since its module imports this one."""
    app.configure_task(DELIVER_TASK, queue=DELIVERY_QUEUE).defer(delivery_id=delivery_id)
