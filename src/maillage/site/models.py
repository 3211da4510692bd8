"""Models of a site: its settings, its logo, and its texts on the law and on persons' rights."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maillage.core.models import TranslatedField, tracked


@tracked
class SiteSettings(models.Model):
    """The settings that officers have made: one row. `values` are those of `SiteValues`, by name."""

    values = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="site_settings_are_one_row")]


class Logo(models.Model):
    """The picture of the site, by the SHA-256 of its bytes. Its bytes are not kept in the history."""

    digest = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40)
    content = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest"], name="logo_once")]


@tracked
class SiteText(models.Model):
    """A text of the site in both languages, which its foot leads to."""

    class Kind(models.TextChoices):
        LEGAL = "legal", _("Legal notice")
        PRIVACY = "privacy", _("Personal data")
        ACCESSIBILITY = "accessibility", _("Accessibility")

    kind = models.CharField(max_length=20, choices=Kind)
    text_en = models.TextField(blank=True)
    text_fr = models.TextField(blank=True)
    changed_at = models.DateTimeField()

    text = TranslatedField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind"], name="site_text_once")]

    def __str__(self) -> str:
        return str(self.get_kind_display())
