"""Models of webhooks, and of the messages sent to them."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.people.models import Mandate


class Webhook(models.Model):
    """An address notified of `actions` (all, if empty) for a person, within one mandate or none.

    The secret that signs its messages is encrypted: the database alone does not allow signing. After a message was
    given up, the webhook is paused until its person resumes it.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks")
    mandate = models.ForeignKey(Mandate, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    url = models.URLField(_("address"), max_length=1000)
    actions = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    sealed_secret = models.TextField()
    created_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager()
    confidential: ClassVar = ("person", "")

    def __str__(self) -> str:
        return self.url


class DeliveryState(models.TextChoices):
    """The state of a message."""

    WAITING = "waiting", pgettext_lazy("message", "waiting")
    DELIVERED = "delivered", pgettext_lazy("message", "delivered")
    GIVEN_UP = "given-up", pgettext_lazy("message", "given up")


class Delivery(models.Model):
    """A message to a webhook, sent until accepted or given up; `answer` is the status or error of the last attempt."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    key = models.CharField(max_length=40, unique=True)
    action = models.CharField(max_length=80)
    body = models.TextField()
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)

    objects = models.Manager()
    shown_with: ClassVar = ("webhook",)

    class Meta:
        indexes = [
            models.Index(fields=["webhook", "-id"], name="delivery_of_webhook"),
            models.Index(fields=["created_at"], condition=~Q(state=DeliveryState.WAITING), name="delivery_done"),
        ]


SECRET_PURPOSE = "webhook"  # noqa: S105 - a purpose, no secret
TRIAL_ACTION = "api.try_webhook"
