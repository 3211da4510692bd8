"""Delivery queue."""

import datetime as dt
import json
import secrets
from typing import Any

from maillage.api.webhooks.models import Delivery, Webhook


def queue_message(webhook: Webhook, at: dt.datetime, action: str, data: dict[str, Any]) -> Delivery:
    """One message, sent once the transaction is committed and never else."""
    from maillage.api.webhooks.tasks import deliver  # it needs the models loaded

    body = json.dumps({"type": action, "timestamp": at.isoformat(), "data": data}, ensure_ascii=False)
    made = Delivery.objects.create(
        webhook=webhook, key=f"msg_{secrets.token_urlsafe(16)}", action=action, body=body, created_at=at
    )
    deliver.defer(delivery_id=made.pk)
    return made
