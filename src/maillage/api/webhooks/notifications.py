"""Notices about webhooks."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.api.webhooks.models import Delivery
from maillage.notifications.notice_kinds import NoticeKind, register_notice_kind
from maillage.notifications.notifier import NoticeText, notify

WEBHOOK_PAUSED = register_notice_kind(
    NoticeKind(
        "webhooks",
        gettext_lazy("my webhooks, when one is paused"),
        gettext_lazy("You made this webhook, and it is notified of nothing until you resume it."),
    )
)


def notify_pause(delivery: Delivery, at: dt.datetime) -> None:
    """Notify the person of a webhook that it is paused, because this message was given up."""

    def words() -> NoticeText:
        body = _("The last message was given up after %(count)d attempts: %(answer)s") % {
            "count": delivery.attempts,
            "answer": delivery.answer,
        }
        return NoticeText(_("Paused: the webhook to %s") % delivery.webhook.url[:200], body, reverse("programs"))

    notify(at=at, kind=WEBHOOK_PAUSED, persons=[delivery.webhook.person_id], words=words)
