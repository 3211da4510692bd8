"""Organisations, their names and identifiers, the ties between them, and who holds office in them."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Q
from django.db.models.expressions import Combinable
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maillage.core.actors import Actor
from maillage.core.addresses import record_address
from maillage.core.models import Fact, LastingKey, TranslatedField, source_domain, tracked
from maillage.core.periods import OPEN, TruthOnDay
from maillage.core.text import fold
from maillage.register.vocabulary import (
    IDENTIFIER_SCHEMES,
    INVERSE_LABELS,
    UNIQUE_IDENTIFIER_SCHEMES,
    ManagedBy,
    NameKind,
    OrganisationKind,
    StructureLevel,
    StructureType,
    TieKind,
)


class SingleNumberRange(Func):
    """A range of one number, `int8range(id, id, '[]')`: GiST can then exclude equal values without btree_gist."""

    template = "int8range(%(expressions)s, '[]')"
    output_field = BigIntegerRangeField()

    def __init__(self, number: Combinable | str, *_same: object) -> None:
        super().__init__(number, number)


class TextHash(Func):
    """The 64-bit hash of a text, for use in a `SingleNumberRange`."""

    template = "hashtextextended(%(expressions)s, 0)"
    output_field = models.BigIntegerField()


class WebDomain(Func):
    """The host name in a web address without `www.`, as `core.models.source_domain` gives it; null for no address."""

    template = "regexp_replace(lower(substring(%(expressions)s from '://(?:[^/@]*@)?([^/:?#]+)')), '^www\\.', '')"
    output_field = models.TextField()


WEBSITE_DOMAIN = WebDomain("website")


@tracked
class Organisation(Fact):
    """An organisation of any kind. The names here are the current ones; `names` has all of them, dated.

    `domains` are domains of the web that officers keep as its own beside that of its website. The domain of a website
    that is changed stays among them, so that nobody makes an own page look independent by naming another website.
    `contact_mail` is a public mailbox of a function, never that of a person.
    """

    key = models.CharField(_("key"), max_length=80)
    kind = models.CharField(_("kind"), max_length=30, choices=OrganisationKind)
    name_fr = models.CharField(max_length=400, blank=True)
    name_en = models.CharField(max_length=400, blank=True)
    acronym = models.CharField(_("acronym"), max_length=80, blank=True)
    sort_name = models.CharField(max_length=400, editable=False)
    sort_name_en = models.CharField(max_length=400, editable=False)
    city = models.CharField(_("town"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    region = models.CharField(_("region"), max_length=6, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    website = models.URLField(_("website"), max_length=500, blank=True)
    contact_mail = models.EmailField(_("contact"), max_length=254, blank=True)
    domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed")

    name = TranslatedField()
    visible_through: ClassVar = ("id",)
    disclosed_by_officers: ClassVar = True

    class Meta(Fact.Meta):
        indexes = [
            models.Index(fields=["sort_name", "id"]),
            models.Index(fields=["sort_name_en", "id"]),
            models.Index(fields=["kind", "sort_name", "id"]),
            models.Index(fields=["kind", "sort_name_en", "id"]),
            models.Index(fields=["country", "sort_name", "id"]),
            models.Index(fields=["country", "sort_name_en", "id"]),
            models.Index(WEBSITE_DOMAIN, name="organisation_website_domain"),
            GinIndex(fields=["domains"], name="organisation_domains"),
        ]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(fields=["key"], name="organisation_key_once"),
            models.CheckConstraint(condition=~Q(name_fr="", name_en=""), name="organisation_is_named"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=models.F("id")), name="organisation_not_its_own_twin"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    # Any: what Django takes, given on as it came.
    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **options: Any) -> Self:
        organisation = super().from_db(db, field_names, values, **options)
        organisation.recorded_website = organisation.__dict__.get("website", "")
        return organisation

    # The website as the database had it.
    recorded_website = ""

    def prepare(self) -> None:
        super().prepare()
        self.sort_name = fold(self.name_fr or self.name_en)[:400]
        self.sort_name_en = fold(self.name_en or self.name_fr)[:400]
        if self.recorded_website and self.recorded_website != self.website:
            self._keep_domain(source_domain(self.recorded_website))

    def _keep_domain(self, domain: str) -> None:
        if domain != source_domain(self.website):
            self.domains = sorted({*self.domains, domain})

    @property
    def localised_sort_name(self) -> str:
        """The name by which it is sorted in the active language."""
        return self.sort_name if (get_language() or "fr").startswith("fr") else self.sort_name_en

    @property
    def short_name(self) -> str:
        return self.acronym or str(self.name)

    def get_absolute_url(self) -> str:
        return record_address("organisations", self.key)


def _organisation_key(related_name: str) -> "models.ForeignKey[Organisation, Organisation]":
    """A foreign key to the organisation without its own index, for models with a constraint that begins with it."""
    return models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name=related_name, db_index=False)


@tracked
class Name(Fact):
    """A name that an organisation bears or bore, in one language, over a period."""

    organisation = _organisation_key("names")
    text = models.CharField(max_length=400)
    language = models.CharField(max_length=8, blank=True)
    kind = models.CharField(max_length=10, choices=NameKind)

    visible_through: ClassVar = ("organisation",)
    part_of_another: ClassVar = True

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation", "kind", "language", "text", "period_start"], name="name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def in_force(self, day: dt.date) -> TruthOnDay:
        """Whether it is borne on `day`: an organisation that has ended bears no name any more."""
        ended = self.organisation.possible.upper
        return TruthOnDay.NO if ended is not None and day >= ended else super().in_force(day)


@tracked
class ResearchStructure(models.Model):
    """A public research structure as the national register (RNSR) describes it, and the organisation that it is.

    `closed` is the EDTF date of its end, `..` while it is active. `domains` and `erc_panels` are codes, `grid` its
    identifier in GRID as that register states it. `described_on` is the day of the latest export that describes it,
    `tied_on` that of the latest whose ties were read.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="research_structures")
    rnsr = models.CharField(max_length=10)
    structure_type = models.CharField(max_length=4, blank=True, choices=StructureType)
    level = models.PositiveSmallIntegerField(null=True, blank=True, choices=StructureLevel)
    address = models.CharField(max_length=300, blank=True)
    postal_code = models.CharField(max_length=12, blank=True)
    domains = ArrayField(models.CharField(max_length=4), default=list, blank=True)
    erc_panels = ArrayField(models.CharField(max_length=6), default=list, blank=True)
    grid = models.CharField(max_length=30, blank=True)
    closed = models.CharField(max_length=20, blank=True, default=OPEN)
    described_on = models.DateField()
    tied_on = models.DateField(null=True, blank=True)

    shown_with: ClassVar = ("organisation",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rnsr"], name="research_structure_once")]

    def __str__(self) -> str:
        return f"RNSR {self.rnsr}"


class IdentifierQuerySet(models.QuerySet["Identifier"]):
    def visible_to(self, actor: Actor) -> Self:
        """The identifiers of organisations that this actor may read."""
        return self if actor.is_officer else self.filter(organisation__in=Organisation.objects.visible_to(actor))


@tracked
class Identifier(LastingKey):
    """A checked identifier of an organisation in a public register, read by whoever reads the organisation.

    It names the organisation for ever, also once its register has closed it, so that it has no period.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=20)
    value = models.CharField(max_length=60)

    visible_through: ClassVar = ("organisation",)
    shown_with: ClassVar = ("organisation",)
    objects = IdentifierQuerySet.as_manager()

    class Meta:
        constraints = [
            # In this order, its index also finds the organisations of an identifier.
            models.UniqueConstraint(fields=["scheme", "value", "organisation"], name="identifier_once"),
            models.UniqueConstraint(
                fields=["scheme", "value"],
                condition=Q(scheme__in=UNIQUE_IDENTIFIER_SCHEMES),
                name="identifier_of_one_organisation",
            ),
        ]

    def __str__(self) -> str:
        scheme = IDENTIFIER_SCHEMES.get(self.scheme)
        return f"{scheme.label if scheme else self.scheme} {self.value}"


@tracked
class Tie(Fact):
    """A dated, sourced relation: `subject` is *kind* `object` (member of, supervises, hosts …)."""

    subject = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="ties_out")
    object = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="ties_in")
    kind = models.CharField(_("tie"), max_length=20, choices=TieKind)
    # The end whose managers may act for the other end; empty for none.
    managed_by = models.CharField(_("managed by"), max_length=7, blank=True, choices=ManagedBy)

    visible_through: ClassVar = ("subject", "object")

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(condition=~Q(subject=models.F("object")), name="tie_joins_two"),
            ExclusionConstraint(
                name="tie_holds_once_at_a_time",
                expressions=[
                    (SingleNumberRange("subject"), RangeOperators.OVERLAPS),
                    (SingleNumberRange("object"), RangeOperators.OVERLAPS),
                    (SingleNumberRange(TextHash("kind")), RangeOperators.OVERLAPS),
                    ("days", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The same tie already holds over part of that period."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.get_kind_display()} {self.object}"

    @property
    def inverse(self) -> str:
        return str(INVERSE_LABELS[self.kind])

    def get_absolute_url(self) -> str:
        return record_address("ties", self.pk)


@tracked
class PendingTie(models.Model):
    """A tie whose other end is not in the register yet; it is made when that organisation arrives.

    `period_start` is its beginning where that is known, `stated_on` the day on which its source stated it.
    """

    subject = _organisation_key("pending_ties")
    kind = models.CharField(max_length=20, choices=TieKind)
    reversed = models.BooleanField(default=False)
    scheme = models.CharField(max_length=20)
    value = models.CharField(max_length=60)
    label = models.CharField(max_length=400, blank=True)
    period_start = models.CharField(max_length=20, blank=True, db_default="")
    stated_on = models.DateField(null=True, blank=True)

    shown_with: ClassVar = ("subject",)

    class Meta:
        indexes = [models.Index(fields=["scheme", "value"])]
        constraints = [
            models.UniqueConstraint(fields=["subject", "kind", "reversed", "scheme", "value"], name="pending_tie_once"),
        ]


@tracked
class Office(Fact):
    """A public office held in an organisation: director, president, medical coordinator …"""

    person_name = models.CharField(_("name"), max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="offices")
    role_en = models.CharField(max_length=200)
    role_fr = models.CharField(max_length=200, blank=True)

    role = TranslatedField()
    visible_through: ClassVar = ("organisation",)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["person_name", "organisation", "role_en", "period_start"], name="office_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_name}, {self.role}"

    def get_absolute_url(self) -> str:
        return record_address("offices", self.pk)


@tracked
class Merge(models.Model):
    """A merge of two records of one organisation. `moved` is the log of what was moved, by which it can be undone."""

    kept = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="merges_kept")
    absorbed = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="merges_absorbed")
    reason = models.TextField()
    moved = models.JSONField(default=list)
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    # What was moved may be anything: only officers review it.
    confidential: ClassVar = ("", "")


@tracked
class Lookalike(models.Model):
    """An incoming record that may be an organisation of the register; an officer decides."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="lookalikes")
    incoming = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="lookalikes_incoming")
    reasons = models.JSONField(default=list)
    decision = models.CharField(
        max_length=10, blank=True, choices=[("same", _("the same")), ("different", _("different"))]
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    confidential: ClassVar = ("", "")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "incoming"], name="lookalike_once")]


@tracked
class ShownOrganisation(models.Model):
    """An organisation whose ecosystem the site shows, at its position among them."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    shown_with: ClassVar = ("organisation",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="shown_organisation_once")]


class ImportRun(models.Model):
    """One import of a large file, batch by batch; an interrupted run resumes after the lines it has done.

    `day` is that of the export, for a file that is the state of a register on a day.
    """

    digest = models.CharField(max_length=64, db_index=True)
    file = models.CharField(max_length=400)
    day = models.DateField(null=True, blank=True)
    size = models.BigIntegerField()
    done = models.BigIntegerField(default=0)
    tied = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    began_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)


class ImportRefusal(models.Model):
    """What an import refused and why: a whole record, or one `part` of it (an identifier, a tie …)."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="refusals")
    line = models.BigIntegerField()
    record = models.CharField(max_length=80, blank=True)
    part = models.CharField(max_length=20, blank=True)
    reason = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["run", "line"])]

    def __str__(self) -> str:
        return f"{self.run.file}:{self.line}: {self.record}: {self.reason}"
