"""Agreements, funding lines and events of the ecosystem."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from maillage.core.addresses import record_address
from maillage.core.models import Fact, TranslatedField, tracked
from maillage.core.text import label_and_value
from maillage.register.models import Organisation


@tracked
class Agreement(Fact):
    """An agreement between two or more organisations. Its period begins on the day it was signed."""

    key = models.CharField(_("key"), max_length=80, unique=True)
    kind_en = models.CharField(max_length=200)
    kind_fr = models.CharField(max_length=200, blank=True)
    purpose_en = models.TextField(blank=True)
    purpose_fr = models.TextField(blank=True)

    kind, purpose = TranslatedField(), TranslatedField()
    visible_through: ClassVar = ("parties__organisation",)

    def __str__(self) -> str:
        return label_and_value(self.kind, ", ".join(str(party) for party in self.parties.all()))

    def get_absolute_url(self) -> str:
        return record_address("agreements", self.key)


@tracked
class AgreementParty(models.Model):
    """A party to an agreement: an organisation of the register, or a name as the source gives it."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="agreement_parties"
    )
    text = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField()

    shown_with: ClassVar = ("agreement",)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["agreement", "position"], name="agreement_party_position")]

    def __str__(self) -> str:
        return self.organisation.short_name if self.organisation else self.text


@tracked
class Funding(Fact):
    """Money from one organisation to another. A payer or payee that is no organisation here stays a text."""

    payer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="funding_paid"
    )
    payer_text = models.CharField(max_length=200, blank=True)
    payee = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="funding_received"
    )
    payee_text = models.CharField(max_length=200, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    purpose_en = models.TextField()
    purpose_fr = models.TextField(blank=True)
    year = models.CharField(_("year"), max_length=20, blank=True)

    purpose = TranslatedField()
    visible_through: ClassVar = ("payer", "payee")

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(amount=None) | ~models.Q(currency=""), name="amount_has_a_currency"
            ),
        ]

    def __str__(self) -> str:
        return str(self.purpose)

    def get_absolute_url(self) -> str:
        return record_address("funding", self.pk)


@tracked
class Event(Fact):
    """A meeting, prize or announcement; its period is the day or days it takes place."""

    key = models.CharField(_("key"), max_length=80, unique=True)
    name = models.CharField(_("name as announced"), max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    title_fr = models.CharField(max_length=300, blank=True)
    kind_en = models.CharField(max_length=120)
    kind_fr = models.CharField(max_length=120, blank=True)
    organiser = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="events_organised"
    )
    organiser_text = models.CharField(max_length=200, blank=True)

    title, kind = TranslatedField(), TranslatedField()
    visible_through: ClassVar = ("organiser",)

    def __str__(self) -> str:
        return str(self.title) or self.name

    def get_absolute_url(self) -> str:
        return record_address("events", self.key)
