"""After each action on a record, queue a message to the webhooks whose person may read it."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone

from maillage.api.addresses import record_pointer
from maillage.api.deprecated_names import deprecated_names_of
from maillage.api.webhooks.delivery_queue import queue_message
from maillage.api.webhooks.models import Webhook
from maillage.api.webhooks.queries import list_webhooks_for_action
from maillage.core.action_registry import Action, ActionValue, follows_every_action
from maillage.core.security.visibility import visible_records
from maillage.people.personal_data import PersonalData, register_personal_data
from maillage.people.queries import actor_of

register_personal_data(PersonalData("webhooks", Webhook, "person", ("url", "actions", "created_at", "paused_at")))


@follows_every_action
def queue_webhook_messages(*, action: Action, at: dt.datetime, value: ActionValue) -> None:
    """Queue a message for each webhook that subscribed to this action and whose person may read the record.

    The message has the action and a pointer to the record; its content is read with a token.
    """
    if not _is_record(value):
        return
    for webhook in list_webhooks_for_action(action.name):
        if _can_read(webhook, value, at):
            queue_message(webhook, at, _subscribed_name(webhook, action), record_pointer(value, settings.SITE_URL))


def _is_record(value: object) -> bool:
    return isinstance(value, models.Model) and hasattr(type(value)._default_manager, "visible_to")


def _can_read(webhook: Webhook, record: models.Model, at: dt.datetime) -> bool:
    reader = actor_of(webhook.person, at, webhook.mandate_id)
    if webhook.mandate_id and not (reader.acting and reader.acting.holds_on(timezone.localdate(at))):
        return False
    return visible_records(type(record), reader).filter(pk=record.pk).exists()


def _subscribed_name(webhook: Webhook, action: Action) -> str:
    """The name of an action for a webhook: an old name if it subscribed under old names only."""
    subscribed = {action.name, *deprecated_names_of(action.name)} & set(webhook.actions)
    return action.name if not subscribed or action.name in subscribed else min(subscribed)
