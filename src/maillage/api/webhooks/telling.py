"""What webhooks are told: after each action on a record, a pointer to it for those whose person reads it."""

import datetime as dt
import json
import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from maillage.api.values import ROOT
from maillage.api.webhooks.models import Delivery, Webhook
from maillage.kernel.actions import Action, witnesses
from maillage.kernel.listing import listing_of
from maillage.people.queries import actor_of


@witnesses
def tell_webhooks(*, action: Action, at: dt.datetime, value: Any) -> None:
    """Queue a message for each webhook that wants to know of this action and whose person reads the record.

    The message says what was done to which record, no more: what the record holds is read with a token.
    """
    if not _is_record(value):
        return
    for webhook in wanting(action.name):
        if _reads(webhook, value, at):
            queue(webhook, at, action.name, _pointer(value))


def _is_record(value: Any) -> bool:
    return isinstance(value, models.Model) and hasattr(type(value)._default_manager, "visible_to")


def wanting(action: str) -> list[Webhook]:
    """The webhooks that are told of an action."""
    wanted = models.Q(actions__contains=[action]) | models.Q(actions=[])
    running = Webhook.objects.filter(wanted, paused_at=None, person__is_active=True)
    return list(running.select_related("person").order_by("pk"))


def _reads(webhook: Webhook, record: Any, at: dt.datetime) -> bool:
    reader = actor_of(webhook.person, at, webhook.mandate_id)
    if webhook.mandate_id and not (reader.acting and reader.acting.holds_on(timezone.localdate(at))):
        return False
    return bool(type(record)._default_manager.visible_to(reader).filter(pk=record.pk).exists())


def _pointer(record: models.Model) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": record._meta.label_lower, "id": record.pk}
    if listing := listing_of(record._meta.label_lower):
        found["href"] = f"{settings.SITE_URL}{ROOT}{listing.name}/{getattr(record, listing.slug)}"
    return found


def queue(webhook: Webhook, at: dt.datetime, action: str, data: dict[str, Any]) -> Delivery:
    """One message, sent once the transaction is committed and never else."""
    from maillage.api.webhooks.tasks import deliver  # it needs the models loaded

    body = json.dumps({"type": action, "timestamp": at.isoformat(), "data": data}, ensure_ascii=False)
    made = Delivery.objects.create(
        webhook=webhook, key=f"msg_{secrets.token_urlsafe(16)}", action=action, body=body, created_at=at
    )
    deliver.defer(delivery_id=made.pk)
    return made
