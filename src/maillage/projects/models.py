"""Past projects as published by their funders: evidence of an organisation's capabilities and collaborations."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maillage.core.models import Fact, tracked
from maillage.core.security.visibility import Visibility, VisibleQuerySet
from maillage.register.models import Organisation


class Funder(models.TextChoices):
    """Whoever pays for projects and publishes them; the value begins the keys of its projects."""

    CORDIS = "cordis", _("European Union (CORDIS)")
    ANR = "anr", _("French National Research Agency (ANR)")


class ProjectKind(models.TextChoices):
    PROJECT = "project", _("research project")
    JOINT_LABORATORY = "joint-lab", _("joint laboratory with a company")
    INVESTMENT = "investment", _("investment of the State")


class PartyKind(models.TextChoices):
    """The kind of a party, by the codes of the European Commission; to these comes the laboratory, a part of one."""

    LAB = "LAB", _("public laboratory")
    PRC = "PRC", _("company")
    HES = "HES", _("higher education")
    REC = "REC", _("research organisation")
    PUB = "PUB", _("public body")
    OTH = "OTH", _("other organisation")


class PartyMatch(models.TextChoices):
    """The evidence by which a party was matched with an organisation of the register."""

    RNSR = "rnsr", _("same RNSR number")
    VAT = "vat", _("same VAT number")
    WEBSITE = "website", _("same website and country")
    NAME = "name", _("same name and country")
    TOWN = "town", _("same name and town")


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
    """A funded project as its funder tells of it; its period is the planned one.

    `language` is that of the title, empty where this is the acronym. `year` is that of the
    signature, or of the call. The committee is the one that evaluated it. `stems` are rare words of its summary, as
    English stems, where the funder publishes no more of it.
    """

    key = models.CharField(_("key"), max_length=80, unique=True)
    funder = models.CharField(_("funder"), max_length=20, choices=Funder)
    kind = models.CharField(_("kind"), max_length=10, choices=ProjectKind, default=ProjectKind.PROJECT)
    number = models.CharField(_("number"), max_length=40)
    acronym = models.CharField(_("acronym"), max_length=100, blank=True)
    title = models.CharField(_("title"), max_length=1000)
    language = models.CharField(_("language"), max_length=2, blank=True)
    objective = models.TextField(_("objective"), blank=True)
    keywords = ArrayField(models.TextField(), default=list, blank=True)
    subjects = ArrayField(models.TextField(), default=list, blank=True)
    stems = ArrayField(models.TextField(), default=list, blank=True)
    status = models.CharField(_("state"), max_length=12, choices=ProjectStatus, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    topic = models.CharField(max_length=100, blank=True)
    topic_title = models.CharField(_("topic"), max_length=1000, blank=True)
    call = models.CharField(_("call"), max_length=100, blank=True)
    scheme = models.CharField(_("scheme"), max_length=60, blank=True)
    programme = models.CharField(_("programme"), max_length=200, blank=True)
    committee = models.CharField(max_length=20, blank=True)
    committee_title = models.CharField(_("committee"), max_length=300, blank=True)
    cost = models.DecimalField(_("cost"), max_digits=18, decimal_places=2, null=True, blank=True)
    contribution = models.DecimalField(_("contribution"), max_digits=18, decimal_places=2, null=True, blank=True)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["year", "signed_on", "id"])]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(fields=["funder", "number"], name="project_of_a_funder_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:record", args=[self.key])


@tracked
class Party(models.Model):
    """An organisation that took part in projects, as described by their source; it may be matched with the register.

    `country` is an ISO 3166 code, `category` the kind in the words of the source. `tie` is the evidence of the match
    with `organisation`, if there is one.
    """

    key = models.CharField(_("key"), max_length=80, unique=True)
    funder = models.CharField(_("funder"), max_length=20, choices=Funder)
    number = models.CharField(_("number"), max_length=40)
    name = models.CharField(_("name"), max_length=400)
    short_name = models.CharField(_("short name"), max_length=400, blank=True)
    kind = models.CharField(_("kind"), max_length=3, choices=PartyKind, blank=True)
    category = models.CharField(_("category"), max_length=100, blank=True)
    small = models.BooleanField(_("small or medium-sized"), null=True, blank=True)
    vat = models.CharField(_("VAT number"), max_length=40, blank=True)
    rnsr = models.CharField(_("RNSR number"), max_length=10, blank=True)
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
            models.UniqueConstraint(fields=["funder", "number"], name="party_of_a_funder_once"),
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
    """The role of a party in a project, under a number that its source gives it there; `ended` if it left early.

    `name` is that of the party as it stands in this project, where the source writes one for each. A party may take
    part twice, with two teams.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="participations", db_index=False)
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="participations")
    number = models.CharField(_("number"), max_length=40)
    name = models.CharField(_("name"), max_length=400, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=ParticipationRole)
    position = models.PositiveIntegerField()
    contribution = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    cost = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    ended = models.BooleanField(default=False)

    shown_with: ClassVar = ("project", "party")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="participation_once")]

    def __str__(self) -> str:
        return f"{self.party} · {self.get_role_display()}"


class EvidenceLoad(models.Model):
    """One load of a folder of projects: `counts` by list, and how many rows it wrote. Never changed later."""

    funder = models.CharField(max_length=20, choices=Funder)
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
