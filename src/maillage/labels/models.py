"""Labels, the waves of their calls, the parameters of their schemes, awards, and keys that sign badges."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _say
from django.utils.translation import gettext_lazy as _

from maillage.core.addresses import record_address
from maillage.core.models import Fact, TranslatedField, tracked
from maillage.labels.vocabulary import PARAMETER_KINDS, CertaintyMark, ParameterKind, ParameterName
from maillage.register.models import Organisation


@tracked
class Label(Fact):
    """A recognition given to organisations by an authority; `authority_text` names one that is not in the register."""

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

    name, purpose = TranslatedField(), TranslatedField()
    visible_through: ClassVar = ("authority", "managed_by")
    disclosed_by_officers: ClassVar = True

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return record_address("labels", self.key)

    @property
    def operator_ids(self) -> list[int]:
        """The ids of the organisations that run it: its authority and its manager."""
        return sorted(
            {organisation_id for organisation_id in (self.authority_id, self.managed_by_id) if organisation_id}
        )


@tracked
class Wave(Fact):
    """One edition of a label's call: its period is the term of the label then awarded."""

    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="waves")
    key = models.CharField(max_length=40)
    name_fr = models.CharField(max_length=120, blank=True)
    name_en = models.CharField(max_length=120, blank=True)
    decided = models.CharField(_("decided on"), max_length=20, blank=True)
    outcome_en = models.TextField(blank=True)
    outcome_fr = models.TextField(blank=True)
    mark = models.CharField(max_length=10, choices=CertaintyMark, default=CertaintyMark.UNCERTAIN)

    name, outcome = TranslatedField(), TranslatedField()
    visible_through: ClassVar = ("label__authority", "label__managed_by")
    disclosed_by_officers: ClassVar = True
    shown_with: ClassVar = ("label",)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(fields=["label", "key"], name="wave_once_per_label"),
        ]

    def __str__(self) -> str:
        return str(self.name or self.key)

    def get_absolute_url(self) -> str:
        return record_address("waves", self.pk)


@tracked
class Parameter(Fact):
    """A parameter of a scheme, or of one of its waves, over a period. Its `name` determines the kind of its value.

    A value is a `number` (of months, of applications …, or an amount in `currency`), a `day` in EDTF, values of a
    vocabulary (`chosen`), an `organisation`, or a text in both languages, which may name an organisation that is not in
    the register. A parameter that no source gives has no row.
    """

    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="parameters")
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, null=True, blank=True, related_name="parameters")
    name = models.CharField(_("parameter"), max_length=20, choices=ParameterName)
    number = models.DecimalField(max_digits=15, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    day = models.CharField(max_length=20, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="scheme_parameters"
    )
    chosen = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    text_fr = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    mark = models.CharField(max_length=10, choices=CertaintyMark, default=CertaintyMark.UNCERTAIN)

    text = TranslatedField()
    visible_through: ClassVar = ("label__authority", "label__managed_by")
    disclosed_by_officers: ClassVar = True
    shown_with: ClassVar = ("label", "wave", "organisation")

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["label", "wave", "name", "period_start"], name="parameter_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=False)
                | ~Q(day="")
                | Q(organisation__isnull=False)
                | ~Q(text_fr="")
                | ~Q(chosen=[]),
                name="parameter_has_a_value",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_name_display()}, {self.wave or self.label}"

    def get_absolute_url(self) -> str:
        return record_address("parameters", self.pk)

    @property
    def kind(self) -> ParameterKind:
        """The kind of its value."""
        return PARAMETER_KINDS[self.name]

    @property
    def whole_number(self) -> int:
        """Its number as an integer, for months and counts; 0 without a number."""
        return int(self.number or 0)

    @property
    def is_rule(self) -> bool:
        """Whether it may be applied as a rule: an uncertain parameter is only shown."""
        return self.mark != CertaintyMark.UNCERTAIN


@tracked
class Award(Fact):
    """A label held over a period; its end is unknown until a source gives it.

    The holder is an organisation, or, as `holder_text`, something else that can hold a label, such as an event. A
    `simulated` award was made to try something out, and is marked wherever it is shown.
    """

    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="awards")
    holder = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="awards")
    holder_text = models.CharField(max_length=200, blank=True)
    evidence_en = models.CharField(max_length=300, blank=True)
    evidence_fr = models.CharField(max_length=300, blank=True)
    probation_until = models.DateField(_("on probation until"), null=True, blank=True)
    simulated = models.BooleanField(_("simulated"), default=False)

    evidence = TranslatedField()
    visible_through: ClassVar = ("holder",)
    disclosed_by_officers: ClassVar = True
    shown_with: ClassVar = ("label", "holder")

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["label", "holder", "holder_text", "period_start"], name="award_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        text = f"{self.label}, {self.holder or self.holder_text}"
        return _say("%s (simulated)") % text if self.simulated else text

    def get_absolute_url(self) -> str:
        return record_address("awards", self.pk)


class SigningKey(models.Model):
    """A key that signs badges. Retired keys are kept to verify earlier badges; a leaked key is no longer trusted.

    The private key is encrypted: the database alone is not enough to sign.
    """

    thumbprint = models.CharField(max_length=43, unique=True)
    public = models.JSONField()
    sealed_private = models.TextField()
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    leaked = models.BooleanField(default=False)

    confidential: ClassVar = ("",)
    objects = models.Manager()

    def __str__(self) -> str:
        return self.thumbprint
