"""What can be done to webhooks."""

import base64
import datetime as dt
import secrets

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.api.webhooks.models import Delivery, State, Webhook
from maillage.api.webhooks.sending import SECRET_PREFIX, Unreachable, parsed
from maillage.kernel.actions import REGISTRY, Forbidden, Impossible, action
from maillage.kernel.actors import READER, Actor
from maillage.kernel.notices.kinds import Kind, declare
from maillage.kernel.notices.writing import Words, notify
from maillage.kernel.sealing import seal
from maillage.people.models import Mandate

PURPOSE = "webhook"
MOST = 20
_RESENT = 1_000

PAUSED = declare(
    Kind(
        "webhooks",
        gettext_lazy("my webhooks, when one is paused"),
        gettext_lazy("You made this webhook, and it is told of nothing until you resume it."),
    )
)


# As with tokens: what a program made would outlive the revocation of its token.
@action(READER, title=gettext_lazy("Create a webhook"), over_api=False)
def create_webhook(
    *, actor: Actor, at: dt.datetime, url: str, names: list[str], mandate_id: int | None = None
) -> tuple[Webhook, str]:
    """Have an address told of the actions named, or of all; returns the webhook and its secret, shown once.

    Raises `Forbidden` for one who is not signed in or names the mandate of another, `Impossible` for an address that
    may not be called, an action there is not, or one webhook too many.
    """
    if actor.user_id is None:
        raise Forbidden(_("Sign in first: a webhook tells a person’s program."))
    _refuse_odd(actor, url, names)
    held = Mandate.objects.on(timezone.localdate(at)).filter(person=actor.user_id)
    if mandate_id is not None and not held.filter(pk=mandate_id).exists():
        raise Forbidden(_("You do not hold this mandate today."))
    secret = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    webhook = Webhook.objects.create(
        person_id=actor.user_id,
        mandate_id=mandate_id,
        url=url.strip(),
        actions=sorted(set(names)),
        sealed_secret=seal(secret, PURPOSE),
        created_at=at,
    )
    return webhook, secret


def _refuse_odd(actor: Actor, url: str, names: list[str]) -> None:
    try:
        parsed(url.strip())
    except Unreachable as error:
        raise Impossible(str(error)) from error
    if unknown := set(names) - set(REGISTRY):
        raise Impossible(_("There is no action “%s”.") % sorted(unknown)[0][:80])
    if Webhook.objects.filter(person=actor.user_id).count() >= MOST:
        raise Impossible(_("You have %d webhooks; remove one first.") % MOST)


@action(READER, title=gettext_lazy("Remove a webhook"))
def remove_webhook(*, actor: Actor, at: dt.datetime, webhook_id: int) -> None:
    """Tell its address nothing more, and forget its messages; its own person may, and an officer."""
    _own(actor, webhook_id).delete()


@action(READER, title=gettext_lazy("Resume a webhook"))
def resume_webhook(*, actor: Actor, at: dt.datetime, webhook_id: int) -> int:
    """End the pause of a webhook and send again what was given up, the oldest first; returns how many messages.

    Raises `Impossible` for one that is not paused.
    """
    from maillage.api.webhooks.tasks import deliver  # it knows these actions

    webhook = _own(actor, webhook_id)
    if webhook.paused_at is None:
        raise Impossible(_("This webhook is not paused."))
    webhook.paused_at = None
    webhook.save(update_fields=["paused_at"])
    left = list(webhook.deliveries.filter(state=State.GIVEN_UP).order_by("pk").values_list("pk", flat=True)[:_RESENT])
    webhook.deliveries.filter(pk__in=left).update(state=State.WAITING, attempts=0)
    for pk in left:
        deliver.defer(delivery_id=pk)
    return len(left)


@action(READER, title=gettext_lazy("Try a webhook"))
def try_webhook(*, actor: Actor, at: dt.datetime, webhook_id: int) -> Delivery:
    """Send a message that says nothing but that it is a trial."""
    from maillage.api.webhooks.telling import queue  # it knows these actions

    return queue(_own(actor, webhook_id), at, "api.try_webhook", {})


def _own(actor: Actor, webhook_id: int) -> Webhook:
    webhooks = Webhook.objects.select_for_update()
    found: Webhook = (webhooks if actor.is_officer else webhooks.filter(person=actor.user_id or 0)).get(pk=webhook_id)
    return found


@action(title=gettext_lazy("Note an attempt to deliver a message"), over_api=False)
def note_attempt(*, actor: Actor, at: dt.datetime, delivery_id: int, answer: str, taken: bool, last: bool) -> None:
    """Keep how a message fared; the last attempt that fails pauses the webhook, and its person is told."""
    delivery = Delivery.objects.select_for_update().select_related("webhook").get(pk=delivery_id)
    delivery.attempts, delivery.attempted_at, delivery.answer = delivery.attempts + 1, at, answer[:300]
    if taken or last:
        delivery.state = State.DELIVERED if taken else State.GIVEN_UP
    delivery.save(update_fields=["attempts", "attempted_at", "answer", "state"])
    if delivery.state == State.GIVEN_UP and delivery.webhook.paused_at is None:
        _pause(delivery, at)


def _pause(delivery: Delivery, at: dt.datetime) -> None:
    webhook = delivery.webhook
    webhook.paused_at = at
    webhook.save(update_fields=["paused_at"])

    def words() -> Words:
        body = _("The last message was given up after %(count)d attempts: %(answer)s") % {
            "count": delivery.attempts,
            "answer": delivery.answer,
        }
        return Words(_("Paused: the webhook to %s") % webhook.url[:200], body, reverse("programs"))

    notify(at=at, kind=PAUSED, persons=[webhook.person_id], words=words)


@action(title=gettext_lazy("Forget old messages of webhooks"), over_api=False)
def forget_deliveries(*, actor: Actor, at: dt.datetime, before: dt.datetime) -> int:
    """Remove what was taken or given up before a moment; returns how many."""
    old = Delivery.objects.filter(created_at__lt=before).exclude(state=State.WAITING)
    return int(old.delete()[0])
