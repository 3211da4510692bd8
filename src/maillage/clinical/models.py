"""Clinical trials, as public registers describe them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.core.addresses import record_address
from maillage.core.models import Fact, TranslatedField, tracked
from maillage.register.models import Organisation


@tracked
class Trial(Fact):
    """One registration of a trial. The sponsor and the coordinating groups are told apart."""

    registry = models.CharField(_("register"), max_length=60)
    number = models.CharField(_("number"), max_length=60)
    short_title_en = models.CharField(max_length=400)
    short_title_fr = models.CharField(max_length=400, blank=True)
    phase_en = models.CharField(max_length=60, blank=True)
    phase_fr = models.CharField(max_length=60, blank=True)
    sponsor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="trials_sponsored"
    )
    sponsor_text = models.CharField(max_length=200, blank=True)
    groups = models.ManyToManyField(Organisation, through="TrialGroup", related_name="trials_coordinated")
    status_seen_en = models.CharField(max_length=200, blank=True)
    status_seen_fr = models.CharField(max_length=200, blank=True)
    planned_participants = models.PositiveIntegerField(_("planned participants"), null=True, blank=True)
    sites_en = models.CharField(max_length=400, blank=True)
    sites_fr = models.CharField(max_length=400, blank=True)

    short_title, phase, status_seen, sites = TranslatedField(), TranslatedField(), TranslatedField(), TranslatedField()
    visible_through: ClassVar = ("sponsor", "group_links__group")

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(fields=["registry", "number"], name="trial_once_per_registry"),
        ]

    def __str__(self) -> str:
        return str(self.short_title)

    def get_absolute_url(self) -> str:
        return record_address("trials", self.pk)


@tracked
class TrialGroup(models.Model):
    """A cooperative group that coordinates a trial."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="group_links")
    group = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="trial_links")

    shown_with: ClassVar = ("trial", "group")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trial", "group"], name="trial_group_once")]
