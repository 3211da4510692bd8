"""Actions on webhooks: create, remove, resume, try."""

import base64
import datetime as dt
import secrets

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.api.deprecated_names import ACTIONS
from maillage.api.webhooks.delivery_queue import queue_delivery, queue_message
from maillage.api.webhooks.http_client import SECRET_PREFIX, UnreachableAddressError, normalised_address
from maillage.api.webhooks.models import SECRET_PURPOSE, TRIAL_ACTION, Delivery, DeliveryState, Webhook
from maillage.core.action_registry import REGISTRY, ActionError, ActionForbiddenError, action
from maillage.core.actors import READER, Actor
from maillage.core.security.encryption import encrypt
from maillage.people.models import Mandate

MAX_WEBHOOKS = 20
_MAX_RESENT = 1_000


# As with tokens: what a program made would outlive the revocation of its token.
@action(READER, title=gettext_lazy("Create a webhook"), over_api=False)
def create_webhook(
    *, actor: Actor, at: dt.datetime, url: str, names: list[str], mandate_id: int | None = None
) -> tuple[Webhook, str]:
    """Subscribe an address to the actions named, or to all; returns the webhook and its secret, shown once.

    Raises `ActionForbiddenError` if the actor is not signed in or does not hold the mandate today, `ActionError` for an
    address that may not be called, an unknown action, or more than `MAX_WEBHOOKS` webhooks.
    """
    if actor.user_id is None:
        raise ActionForbiddenError(_("Sign in first: a webhook tells a person’s program."))
    address = _valid_address(url)
    _check_webhook(actor, names)
    mandates = Mandate.objects.on(timezone.localdate(at)).filter(person=actor.user_id)
    if mandate_id is not None and not mandates.filter(pk=mandate_id).exists():
        raise ActionForbiddenError(_("You do not hold this mandate today."))
    secret = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    webhook = Webhook.objects.create(
        person_id=actor.user_id,
        mandate_id=mandate_id,
        url=address,
        actions=sorted(set(names)),
        sealed_secret=encrypt(secret, SECRET_PURPOSE),
        created_at=at,
    )
    return webhook, secret


def _valid_address(url: str) -> str:
    try:
        return normalised_address(url.strip())
    except UnreachableAddressError as error:
        raise ActionError(str(error)) from error


def _check_webhook(actor: Actor, names: list[str]) -> None:
    if unknown := set(names) - set(REGISTRY) - set(ACTIONS):
        raise ActionError(_("There is no action “%s”.") % sorted(unknown)[0][:80])
    if Webhook.objects.filter(person=actor.user_id).count() >= MAX_WEBHOOKS:
        raise ActionError(_("You have %d webhooks; remove one first.") % MAX_WEBHOOKS)


@action(READER, title=gettext_lazy("Remove a webhook"))
def remove_webhook(*, actor: Actor, at: dt.datetime, webhook_id: int) -> None:
    """Delete a webhook and its messages; allowed to its person and to officers."""
    _own_webhook(actor, webhook_id).delete()


@action(READER, title=gettext_lazy("Resume a webhook"))
def resume_webhook(*, actor: Actor, at: dt.datetime, webhook_id: int) -> int:
    """End the pause of a webhook and queue its failed messages again, the oldest first; returns how many.

    Raises `ActionError` if the webhook is not paused.
    """
    webhook = _own_webhook(actor, webhook_id)
    if webhook.paused_at is None:
        raise ActionError(_("This webhook is not paused."))
    webhook.paused_at = None
    webhook.save(update_fields=["paused_at"])
    failed_ids = list(
        webhook.deliveries.filter(state=DeliveryState.GIVEN_UP)
        .order_by("pk")
        .values_list("pk", flat=True)[:_MAX_RESENT]
    )
    webhook.deliveries.filter(pk__in=failed_ids).update(state=DeliveryState.WAITING, attempts=0)
    for delivery_id in failed_ids:
        queue_delivery(delivery_id)
    return len(failed_ids)


@action(READER, title=gettext_lazy("Try a webhook"))
def try_webhook(*, actor: Actor, at: dt.datetime, webhook_id: int) -> Delivery:
    """Send a trial message without data, once.

    Raises `ActionError` while another trial is waiting.
    """
    webhook = _own_webhook(actor, webhook_id)
    if webhook.deliveries.filter(action=TRIAL_ACTION, state=DeliveryState.WAITING).exists():
        raise ActionError(_("A trial is on its way to this address; wait for its answer, then try again."))
    return queue_message(webhook, at, TRIAL_ACTION, {})


def _own_webhook(actor: Actor, webhook_id: int) -> Webhook:
    webhooks = Webhook.objects.select_for_update()
    webhook: Webhook = (webhooks if actor.is_officer else webhooks.filter(person=actor.user_id or 0)).get(pk=webhook_id)
    return webhook
