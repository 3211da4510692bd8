"""Start-ups that grew from the ecosystem or live in it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.core.addresses import record_address
from maillage.core.models import Fact, TranslatedField, tracked
from maillage.register.models import Organisation


@tracked
class Startup(Fact):
    """A start-up: its organisation, the organisation it came from, its field. Its period begins at its founding."""

    key = models.CharField(_("key"), max_length=80, unique=True)
    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="startup")
    origin = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="spin_offs")
    origin_text_en = models.CharField(max_length=300, blank=True)
    origin_text_fr = models.CharField(max_length=300, blank=True)
    field_en = models.TextField(blank=True)
    field_fr = models.TextField(blank=True)

    origin_text, field = TranslatedField(), TranslatedField()
    visible_through: ClassVar = ("organisation", "origin")

    def __str__(self) -> str:
        return str(self.organisation)

    def get_absolute_url(self) -> str:
        return record_address("startups", self.key)
