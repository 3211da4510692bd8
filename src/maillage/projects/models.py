"""Past projects as published by their funders: evidence of an organisation's capabilities and collaborations."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.core.models import Fact, tracked
from maillage.core.security.visibility import Visibility, VisibleQuerySet
from maillage.register.models import Organisation


class PartyKind(models.TextChoices):
    """The kind of a party, by the codes of the European Commission."""

    PRC = "PRC", _("company")
    HES = "HES", _("higher education")
    REC = "REC", _("research organisation")
    PUB = "PUB", _("public body")
    OTH = "OTH", _("other organisation")


class PartyMatch(models.TextChoices):
    """The evidence by which a party was matched with an organisation of the register."""

    VAT = "vat", _("same VAT number")
    WEBSITE = "website", _("same website and country")
    NAME = "name", _("same name and country")


class ParticipationRole(models.TextChoices):
    COORDINATOR = "coordinator", _("coordinator")
    PARTICIPANT = "participant", _("participant")
    ASSOCIATED = "associatedPartner", _("associated partner")
    THIRD_PARTY = "thirdParty", _("third party")


class ProjectStatus(models.TextChoices):
    SIGNED = "SIGNED", _("signed")
    CLOSED = "CLOSED", _("closed")
    TERMINATED = "TERMINATED", _("terminated early")


@tracked
class Project(Fact):
    """A funded project, in the language of its source; its period is the planned one."""

    key = models.CharField(_("key"), max_length=80, unique=True)
    source = models.CharField(max_length=20)
    number = models.CharField(_("number"), max_length=40)
    acronym = models.CharField(_("acronym"), max_length=100, blank=True)
    title = models.CharField(_("title"), max_length=1000)
    objective = models.TextField(_("objective"), blank=True)
    keywords = ArrayField(models.TextField(), default=list, blank=True)
    subjects = ArrayField(models.TextField(), default=list, blank=True)
    status = models.CharField(_("state"), max_length=12, choices=ProjectStatus)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    topic = models.CharField(max_length=100, blank=True)
    topic_title = models.CharField(_("topic"), max_length=1000, blank=True)
    call = models.CharField(_("call"), max_length=100, blank=True)
    scheme = models.CharField(_("scheme"), max_length=60, blank=True)
    programme = models.CharField(_("programme"), max_length=200, blank=True)
    cost = models.DecimalField(_("cost"), max_digits=18, decimal_places=2, null=True, blank=True)
    contribution = models.DecimalField(_("contribution"), max_digits=18, decimal_places=2, null=True, blank=True)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["signed_on", "id"])]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(fields=["source", "number"], name="project_of_a_source_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:record", args=[self.key])


@tracked
class Party(models.Model):
    """An organisation that took part in projects, as described by their source; it may be matched with the register.

    `country` is an ISO 3166 code. `tie` is the evidence of the match with `organisation`, if there is one.
    """

    key = models.CharField(_("key"), max_length=80, unique=True)
    source = models.CharField(max_length=20)
    number = models.CharField(_("number"), max_length=40)
    name = models.CharField(_("name"), max_length=400)
    short_name = models.CharField(_("short name"), max_length=400, blank=True)
    kind = models.CharField(_("kind"), max_length=3, choices=PartyKind)
    small = models.BooleanField(_("small or medium-sized"), null=True, blank=True)
    vat = models.CharField(_("VAT number"), max_length=40, blank=True)
    city = models.CharField(_("town"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    region = models.CharField(_("region (NUTS)"), max_length=8, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    website = models.CharField(_("website"), max_length=500, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="parties"
    )
    tie = models.CharField(max_length=8, blank=True, choices=PartyMatch)
    visibility = models.CharField(_("visibility"), max_length=12, choices=Visibility, default=Visibility.PUBLIC)

    visible_through: ClassVar = ("organisation",)
    objects = VisibleQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["name", "id"])]
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="party_of_a_source_once"),
            models.CheckConstraint(
                condition=models.Q(organisation=None, tie="")
                | models.Q(organisation__isnull=False) & ~models.Q(tie=""),
                name="party_says_how_it_is_tied",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("parties:record", args=[self.key])

    @classmethod
    def kind_name(cls) -> str:
        """The name by which citations refer to this kind of record."""
        return cls._meta.label_lower


@tracked
class Participation(models.Model):
    """The role of a party in a project; `ended` if it left before the end."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="participations", db_index=False)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="participations")
    role = models.CharField(_("role"), max_length=20, choices=ParticipationRole)
    position = models.PositiveIntegerField()
    contribution = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    cost = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    ended = models.BooleanField(default=False)

    shown_with: ClassVar = ("project", "party")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["project", "party"], name="participation_once")]

    def __str__(self) -> str:
        return f"{self.party} · {self.get_role_display()}"


class EvidenceLoad(models.Model):
    """One load of a folder of projects: `counts` by list, and how many rows it wrote. Never changed later."""

    source = models.CharField(max_length=20)
    folder = models.CharField(max_length=400)
    counts = models.JSONField(default=dict)
    written = models.PositiveIntegerField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=200)


class EvidenceRefusal(models.Model):
    """A row refused by a load: its place in the file, and the reason."""

    load = models.ForeignKey(EvidenceLoad, on_delete=models.CASCADE, related_name="refusals")
    file = models.CharField(max_length=100)
    row = models.PositiveBigIntegerField()
    column = models.CharField(max_length=60, blank=True)
    reason = models.TextField()

    class Meta:
        ordering = ["pk"]
