"""Models of files: content, stored once, and its uses as files of records."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.core.models import tracked
from maillage.core.security.visibility import Visibility, VisibleQuerySet

SHA256_LENGTH = 64


class Content(models.Model):
    """The content of files, stored once per SHA-256 (`digest`, in hexadecimal); `size` is in bytes."""

    digest = models.CharField(max_length=SHA256_LENGTH)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=120)
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="content_once"),
            models.CheckConstraint(condition=Q(size__gt=0), name="content_is_not_empty"),
        ]

    @property
    def storage_path(self) -> str:
        """The path of the content in the storage."""
        return storage_path(self.digest)


def storage_path(digest: str) -> str:
    """The path in the storage of the content with this digest, in one of 256 folders: `3f/3fa1…`."""
    return f"{digest[:2]}/{digest}"


@tracked
class File(models.Model):
    """A file of a record: content with a name and a visibility.

    `organisation_id` is the organisation that owns the file; a file of the visibility *organisation* may be read by
    actors whose mandate reaches it.
    """

    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="uses")
    name = models.CharField(_("name"), max_length=200)
    record_kind = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    visibility = models.CharField(_("visibility"), max_length=12, choices=Visibility, default=Visibility.ORGANISATION)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded"))

    visible_through: ClassVar = ("organisation_id",)
    shown_with: ClassVar = ()
    owner: ClassVar = "uploaded_by"

    objects = VisibleQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["record_kind", "record_id"])]

    def __str__(self) -> str:
        return self.name
