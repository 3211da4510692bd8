"""Models of notices and of the pace at which each person wants them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.core.models import TranslatedField
from maillage.notifications.notice_kinds import NOTICE_KINDS, NoticeKind, Pace


class Notice(models.Model):
    """A notice to a person in both languages; `pace` is how the person got such notices when it was created."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    subject_en = models.CharField(max_length=300)
    subject_fr = models.CharField(max_length=300)
    body_en = models.TextField(blank=True)
    body_fr = models.TextField(blank=True)
    link_en = models.CharField(max_length=1000, blank=True)
    link_fr = models.CharField(max_length=1000, blank=True)
    # The record that it is about (such as a message), whose files its mail carries.
    record_kind = models.CharField(max_length=100, blank=True)
    record_id = models.BigIntegerField(null=True, blank=True)
    # The address to which the person may answer, if any.
    reply_to = models.CharField(max_length=320, blank=True)
    pace = models.CharField(max_length=10, choices=Pace)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failure = models.TextField(blank=True)
    # When the link in its mail that stops such notices was used.
    stopped_at = models.DateTimeField(null=True, blank=True)

    subject = TranslatedField()
    body = TranslatedField()
    link = TranslatedField()
    confidential: ClassVar = ("person", "")

    class Meta:
        indexes = [
            models.Index(fields=["person", "-created_at", "-id"]),
            models.Index(fields=["person"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(
                fields=["person"],
                condition=Q(pace__in=[Pace.DIGEST, Pace.WEEKLY], mailed_at=None, failed_at=None),
                name="notice_waits_for_digest",
            ),
            models.Index(fields=["-failed_at"], condition=~Q(failed_at=None), name="notice_not_delivered"),
        ]

    def __str__(self) -> str:
        return str(self.subject)

    @property
    def notice_kind(self) -> NoticeKind | None:
        """The kind of the notice; `None` if the site no longer has that kind."""
        return NOTICE_KINDS.get(self.kind)

    @property
    def why(self) -> str:
        """Why the person gets the notice, in the active language."""
        return str(self.notice_kind.why) if self.notice_kind else ""


class Preference(models.Model):
    """The pace that a person has chosen for the notices of one kind."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preferences")
    kind = models.CharField(max_length=60)
    pace = models.CharField(_("pace"), max_length=10, choices=Pace)

    confidential: ClassVar = ("person", "")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="preference_once_per_kind")]
