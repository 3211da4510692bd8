"""What organisations propose."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.kernel.addresses import record_address
from maillage.kernel.models import Fact, FactQuerySet, InLanguage, tracked
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

    title, stage = InLanguage(), InLanguage()
    visible_through: ClassVar = ("provider",)
    objects: ClassVar[Any] = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(trl_low=None, trl_high=None)
                | models.Q(trl_low__gte=1, trl_high__lte=9, trl_low__lte=models.F("trl_high")),
                name="offer_trl_is_a_range_of_1_to_9",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def trl(self) -> str:
        """`3–8`, `4` or nothing."""
        if self.trl_low is None:
            return ""
        return str(self.trl_low) if self.trl_low == self.trl_high else f"{self.trl_low}–{self.trl_high}"

    def get_absolute_url(self) -> str:
        return record_address("offers", self.key)


class VocabularyConcept(models.Model):
    """A concept of a larger vocabulary (EuroVoc, HPO …): other people's words, replaced at each load."""

    key = models.CharField(max_length=120, unique=True)
    source = models.CharField(max_length=60, db_index=True)
    labels_fr = ArrayField(models.TextField(), default=list)
    labels_en = ArrayField(models.TextField(), default=list)
    exact = ArrayField(models.TextField(), default=list)
    broader = ArrayField(models.CharField(max_length=120), default=list)
    facet = models.CharField(max_length=20)


class VocabularyLoad(models.Model):
    """One load of a vocabulary; the last one's number is the version that indexes are built on."""

    source = models.CharField(max_length=60)
    file = models.CharField(max_length=300)
    concepts = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=200)
