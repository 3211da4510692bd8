"""Labels, the waves of their calls, and who was awarded them."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.kernel.addresses import record_address
from maillage.kernel.models import Fact, FactQuerySet, InLanguage, tracked
from maillage.register.models import Organisation


@tracked
class Label(Fact):
    """A recognition given to organisations by an authority. `authority_text` names one that is no organisation here."""

    key = models.CharField(_("key"), max_length=80, unique=True)
    authority = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="labels_granted"
    )
    authority_text = models.CharField(max_length=200, blank=True)
    managed_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="labels_managed"
    )
    name_fr = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    purpose_en = models.TextField(blank=True)
    purpose_fr = models.TextField(blank=True)

    name, purpose = InLanguage(), InLanguage()
    visible_through: ClassVar = ("authority", "managed_by")
    disclosed_by_officers: ClassVar = True
    objects: ClassVar[Any] = FactQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return record_address("labels", self.key)

    @property
    def offices(self) -> list[int]:
        """The bodies (ids) that run it: its authority and who manages it."""
        return sorted({one for one in (self.authority_id, self.managed_by_id) if one})


class Mark(models.TextChoices):
    """How sure a parameter of a scheme is. An uncertain one is shown, never applied as a rule."""

    CONFIRMED = "confirmed", _("confirmed")
    DERIVED = "derived", _("derived")
    UNCERTAIN = "uncertain", _("uncertain")


@tracked
class Wave(Fact):
    """One edition of a label's call: its period is the term of the label then awarded."""

    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="waves")
    key = models.CharField(max_length=40)
    decided = models.CharField(_("decided on"), max_length=20, blank=True)
    outcome_en = models.TextField(blank=True)
    outcome_fr = models.TextField(blank=True)
    mark = models.CharField(max_length=10, choices=Mark, default=Mark.UNCERTAIN)

    outcome = InLanguage()
    visible_through: ClassVar = ("label__authority", "label__managed_by")
    disclosed_by_officers: ClassVar = True
    shown_with: ClassVar = ("label",)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(fields=["label", "key"], name="wave_once_per_label"),
        ]


@tracked
class Award(Fact):
    """A label held over a period; its end is unknown until a source gives it.

    The holder is an organisation, or, as `holder_text`, something else that a label can distinguish, such as an event.
    """

    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="awards")
    holder = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="awards")
    holder_text = models.CharField(max_length=200, blank=True)
    evidence_en = models.CharField(max_length=300, blank=True)
    evidence_fr = models.CharField(max_length=300, blank=True)

    evidence = InLanguage()
    visible_through: ClassVar = ("holder",)
    disclosed_by_officers: ClassVar = True
    shown_with: ClassVar = ("label", "holder")
    objects: ClassVar[Any] = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["label", "holder", "holder_text", "period_start"], name="award_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.holder or self.holder_text}"

    def get_absolute_url(self) -> str:
        return record_address("awards", self.pk)
