"""Models of the API: tokens, and stored responses of idempotent requests."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.people.models import Mandate


class TokenScope(models.TextChoices):
    """What a token allows."""

    READ = "read", pgettext_lazy("what a token may do", "read")
    WRITE = "write", pgettext_lazy("what a token may do", "write")


class ApiToken(models.Model):
    """A secret with which a program acts for a person, within one mandate or none. Only its digest is stored."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    mandate = models.ForeignKey(Mandate, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=100)
    scopes = ArrayField(models.CharField(max_length=10, choices=TokenScope))
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("expires on"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(_("last use"), null=True, blank=True)

    objects = models.Manager()
    confidential: ClassVar = ("person", "")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(scopes=[]), name="token_opens_something"),
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("created_at")), name="token_expires_later"),
        ]

    @property
    def scope_labels(self) -> str:
        """The scopes in the reader's language."""
        return ", ".join(str(TokenScope(scope).label) for scope in self.scopes)


class StoredResponse(models.Model):
    """The response to a request with an `Idempotency-Key`: the same request sent again gets it, and changes nothing."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    body = models.TextField(blank=True)
    etag = models.CharField(max_length=200, blank=True)

    objects = models.Manager()
    confidential: ClassVar = ("person", "")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="answer_once_per_key")]
