"""Label agreements: versions, clauses, entities of the perimeter, signatures.

They are read by the organisations concerned. Which entities belong to a holder is a fact of the register
(`PerimeterMember`); their shares are not.
"""

from collections.abc import Callable
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from maillage.calls.call_document import CallDocument
from maillage.calls.models import CallVersion, PartyRole
from maillage.core.addresses import record_address
from maillage.core.models import Fact, tracked
from maillage.core.security.visibility import Visibility, VisibleQuerySet
from maillage.labels.models import Award
from maillage.register.models import Organisation


@tracked
class LabelAgreement(models.Model):
    """What an award binds its holder to, under the headings of one version of the call (`terms`).

    `in_force` is the last version that all have signed; its perimeter counts.
    """

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="agreement")
    terms = models.ForeignKey(CallVersion, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened"))
    in_force = models.OneToOneField(
        "LabelAgreementVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="current_of"
    )
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.ORGANISATION)

    stays_with_its_organisations: ClassVar = True
    visible_through: ClassVar = ("parties__organisation",)
    shown_with: ClassVar = ()
    objects = VisibleQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-opened_at", "-id"], name="convention_newest")]

    def __str__(self) -> str:
        return str(self.award)

    def get_absolute_url(self) -> str:
        return record_address("conventions", self.pk)

    @classmethod
    def kind_name(cls) -> str:
        return cls._meta.label_lower

    @property
    def call_document(self) -> CallDocument:
        """The document of the call that gives the headings."""
        return self.terms.document

    @property
    def last(self) -> "LabelAgreementVersion":
        """The version being written, else the one in force."""
        return self.versions.latest("number")


@tracked
class LabelAgreementParty(models.Model):
    """An organisation that an agreement concerns: it reads it, and may write what is not in force yet."""

    agreement = models.ForeignKey(LabelAgreement, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=PartyRole)

    shown_with: ClassVar = ("agreement",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "organisation"], name="party_once_per_convention")]


@tracked
class LabelAgreementVersion(models.Model):
    """The first text of an agreement, or an amendment with its reason; it cannot change once all have signed."""

    agreement = models.ForeignKey(LabelAgreement, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    reason = models.TextField(_("reason"), blank=True)
    begun_at = models.DateTimeField(_("begun"))
    in_force_at = models.DateTimeField(_("in force since"), null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    shown_with: ClassVar = ("agreement",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="convention_version_once"),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(in_force_at=None), name="convention_has_one_draft"
            ),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="amended_with_a_reason"),
            models.CheckConstraint(
                condition=Q(in_force_at=None, digest="") | ~Q(in_force_at=None) & ~Q(digest=""),
                name="convention_in_force_is_sealed",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="in_force_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__in_force_at__isnull=False),
            )
        ]


def _stays_as_signed(*columns: str) -> pgtrigger.Trigger:
    """A trigger that refuses changes of these columns in a version in force; merging organisations stays possible."""
    update_of: Callable[..., Any] = pgtrigger.UpdateOf  # Any: the library gives it no type
    what = update_of(*columns) | pgtrigger.Insert | pgtrigger.Delete
    version_in_force = (
        "SELECT 1 FROM label_agreements_labelagreementversion one WHERE one.in_force_at IS NOT NULL AND one.id ="
    )
    return pgtrigger.Trigger(
        name="stays_as_signed",
        when=pgtrigger.Before,
        operation=what,
        func=f"""
            IF TG_OP <> 'INSERT' AND EXISTS ({version_in_force} OLD.version_id)
                OR TG_OP <> 'DELETE' AND EXISTS ({version_in_force} NEW.version_id) THEN
              RAISE EXCEPTION 'This version of the convention is in force: it stays as it was signed.';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;""",
    )


@tracked
class Clause(models.Model):
    """The content of a version under one heading. Each change increments its edition."""

    version = models.ForeignKey(LabelAgreementVersion, on_delete=models.CASCADE, related_name="clauses")
    heading = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    edition = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    on_behalf = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()

    shown_with: ClassVar = ("version",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "heading"], name="clause_once_per_heading")]
        triggers = [_stays_as_signed("heading", "value")]


@tracked
class PerimeterEntity(models.Model):
    """A unit or team that belongs to the holder, under its host establishment.

    `share` is the percentage of the entity that belongs to the holder. `since` and `until` are its first and last day;
    empty, it belongs from the first or to the last day of the award. An entity copied from the application or from an
    earlier agreement waits to be confirmed.
    """

    version = models.ForeignKey(LabelAgreementVersion, on_delete=models.CASCADE, related_name="entities")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    host = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    share = models.DecimalField(_("share"), max_digits=5, decimal_places=2, null=True, blank=True)
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("to"), null=True, blank=True)
    confirmed = models.BooleanField(default=False)
    edition = models.PositiveIntegerField(default=1)

    shown_with: ClassVar = ("version",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "organisation"], name="entity_once_per_version"),
            models.CheckConstraint(condition=Q(share=None) | Q(share__gt=0, share__lte=100), name="share_of_a_whole"),
            models.CheckConstraint(
                condition=Q(confirmed=False) | Q(host__isnull=False, share__isnull=False), name="confirmed_in_full"
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")), name="entity_begins_first"
            ),
        ]
        triggers = [_stays_as_signed("share", "since", "until")]


@tracked
class LabelAgreementSignature(models.Model):
    """An organisation signs a version; `digest` is that of the text it signed."""

    version = models.ForeignKey(LabelAgreementVersion, on_delete=models.CASCADE, related_name="signatures")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    shown_with: ClassVar = ("version",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "organisation"], name="convention_signed_once")]


@tracked
class PerimeterMember(Fact):
    """An entity belongs to the holder of an award, by the agreement in force; read by whoever reads the award."""

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="members")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")

    visible_through: ClassVar = ("organisation",)
    disclosed_by_officers: ClassVar = True
    shown_with: ClassVar = ("award", "organisation")

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(fields=["award", "organisation"], name="member_once_per_award"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.award}"

    def get_absolute_url(self) -> str:
        return record_address("perimeters", self.pk)
