"""Offers and capacities of organisations, and the loaded vocabularies."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.core.addresses import record_address
from maillage.core.models import Fact, TranslatedField, tracked
from maillage.register.models import Organisation


@tracked
class Offer(Fact):
    """A capability that an organisation proposes, at a stage or over a range of technology readiness levels."""

    key = models.CharField(_("key"), max_length=80, unique=True)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="offers")
    title_fr = models.CharField(max_length=400)
    title_en = models.CharField(max_length=400)
    keywords = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    stage_en = models.CharField(max_length=120, blank=True)
    stage_fr = models.CharField(max_length=120, blank=True)
    trl_low = models.SmallIntegerField(_("lowest TRL"), null=True, blank=True)
    trl_high = models.SmallIntegerField(_("highest TRL"), null=True, blank=True)
    languages = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    # The usual cost of such work; a quote is made for each need.
    cost = models.DecimalField(_("indicative cost"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")

    title, stage = TranslatedField(), TranslatedField()
    visible_through: ClassVar = ("provider",)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(trl_low=None, trl_high=None)
                | models.Q(trl_low__gte=1, trl_high__lte=9, trl_low__lte=models.F("trl_high")),
                name="offer_trl_is_a_range_of_1_to_9",
            ),
            models.CheckConstraint(condition=models.Q(cost=None) | models.Q(cost__gte=0), name="offer_costs_something"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def trl(self) -> str:
        """The range of technology readiness levels: `3–8`, `4` or empty."""
        if self.trl_low is None:
            return ""
        return str(self.trl_low) if self.trl_low == self.trl_high else f"{self.trl_low}–{self.trl_high}"

    def get_absolute_url(self) -> str:
        return record_address("offers", self.key)


@tracked
class JointPart(models.Model):
    """A part of a joint offer of a network: an offer of one of its members."""

    joint = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="parts")
    part = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="joints")

    shown_with: ClassVar = ("joint", "part")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["joint", "part"], name="part_once_per_joint_offer"),
            models.CheckConstraint(condition=~models.Q(joint=models.F("part")), name="joint_offer_not_its_own_part"),
        ]


@tracked
class Capacity(models.Model):
    """The day from which an organisation can take work; at once if it is empty."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="capacity")
    free_from = models.DateField(_("can take work from"), null=True, blank=True)
    note_fr = models.CharField(max_length=300, blank=True)
    note_en = models.CharField(max_length=300, blank=True)
    said_at = models.DateTimeField()

    note = TranslatedField()
    shown_with: ClassVar = ("organisation",)


class VocabularyConcept(models.Model):
    """A concept of a loaded vocabulary, replaced at each load: one's own (`source` is empty), EuroVoc, HPO …"""

    key = models.CharField(max_length=120, unique=True)
    source = models.CharField(max_length=60, db_index=True)
    labels_fr = ArrayField(models.TextField(), default=list)
    labels_en = ArrayField(models.TextField(), default=list)
    exact = ArrayField(models.TextField(), default=list)
    broader = ArrayField(models.CharField(max_length=120), default=list)
    opposite = ArrayField(models.CharField(max_length=120), default=list)
    facet = models.CharField(max_length=20)


class VocabularyLoad(models.Model):
    """A load of a vocabulary; the id of the last load is the version that indexes are built on."""

    source = models.CharField(max_length=60)
    file = models.CharField(max_length=300)
    concepts = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=200)
