"""Notifications."""

from django.utils.translation import gettext_lazy

from maillage.notifications.notice_kinds import NoticeKind, register_notice_kind

WEBHOOK_PAUSED = register_notice_kind(
    NoticeKind(
        "webhooks",
        gettext_lazy("my webhooks, when one is paused"),
        gettext_lazy("You made this webhook, and it is told of nothing until you resume it."),
    )
)
