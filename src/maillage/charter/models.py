"""Charters and their versions; the follow-up of a holder: proofs, certificates, findings, objectives, reviews."""

import datetime as dt
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.charter.charter_document import CharterDocument
from maillage.core.addresses import record_address
from maillage.core.models import TranslatedField, tracked
from maillage.core.security.visibility import Visibility, VisibleQuerySet
from maillage.documents.models import VersionedDocument, read_version_text
from maillage.files.models import SHA256_LENGTH
from maillage.labels.models import Award, Label
from maillage.register.models import Organisation


@tracked
class Charter(models.Model):
    """The commitments of the holders of a label; its content is in its versions."""

    key = models.CharField(_("key"), max_length=60, unique=True)
    label = models.OneToOneField(Label, on_delete=models.PROTECT, related_name="charter")
    title_fr = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.PUBLIC)

    title = TranslatedField()
    visible_through: ClassVar = ("label__authority", "label__managed_by")
    disclosed_by_officers: ClassVar = True
    shown_with: ClassVar = ("label",)
    objects = VisibleQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return record_address("charters", self.key)

    @classmethod
    def kind_name(cls) -> str:
        return cls._meta.label_lower

    @property
    def last(self) -> "CharterVersion":
        """The latest published version."""
        return self.versions.latest("version")

    def on(self, day: dt.date) -> "CharterVersion":
        """The version that applies on a day: the latest in effect, or the first where none is yet."""
        versions = sorted(self.versions.all(), key=lambda version: version.version)
        begun = [version for version in versions if version.applies_from <= day]
        return begun[-1] if begun else versions[0]


@tracked
class CharterVersion(VersionedDocument):
    """One version of a charter; it never changes, and applies to every holder from `applies_from`."""

    charter = models.ForeignKey(Charter, on_delete=models.PROTECT, related_name="versions")
    applies_from = models.DateField(_("applies from"))

    shown_with: ClassVar = ("charter",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["charter", "version"], name="charter_version_once")]
        triggers = [pgtrigger.Protect(name="charter_stays_as_published", operation=pgtrigger.Update | pgtrigger.Delete)]

    @property
    def document(self) -> CharterDocument:
        """The content of the version."""
        return read_version_text(CharterDocument, self.text)


@tracked
class FollowUp(models.Model):
    """The follow-up of the holder of an award by the charter; read by the holder and by who runs the label."""

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="follow_up")
    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="follow_ups")
    holder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="follow_ups")
    begun_on = models.DateField(_("since"))
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.ORGANISATION)

    visible_through: ClassVar = ("holder", "label__authority", "label__managed_by")
    disclosed_by_officers: ClassVar = True
    shown_with: ClassVar = ()
    objects = VisibleQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.award)

    def get_absolute_url(self) -> str:
        return record_address("follow-ups", self.pk)

    @classmethod
    def kind_name(cls) -> str:
        return cls._meta.label_lower


class FollowUpFileMixin(models.Model):
    """A part with a file, which is attached to the follow-up and identified by its SHA-256 digest."""

    digest = models.CharField(max_length=SHA256_LENGTH, blank=True)

    class Meta:
        abstract = True


@tracked
class Proof(FollowUpFileMixin):
    """A proof for a commitment: a file or a declaration. The latest of each kind counts."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="proofs")
    commitment = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    given_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    shown_with: ClassVar = ("follow_up",)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text="", digest=""), name="proof_says_something")]


class CertificateKind(models.TextChoices):
    """The kind of a certificate."""

    CERTIFICATION = "certification", _("certification")
    ACCREDITATION = "accreditation", _("accreditation")
    COMPLIANCE = "compliance", _("statement of compliance")


@tracked
class Certificate(FollowUpFileMixin):
    """A certificate of a third party about the holder, valid up to and including `valid_until`."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="certificates")
    kind = models.CharField(max_length=14, choices=CertificateKind)
    standard = models.CharField(_("standard"), max_length=120)
    issuer = models.CharField(_("issuer"), max_length=200)
    number = models.CharField(_("number"), max_length=80, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))

    shown_with: ClassVar = ("follow_up",)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="certificate_begins_first")
        ]


class FindingSeverity(models.TextChoices):
    """The severity of a finding."""

    MINOR = "minor", pgettext_lazy("severity of a finding", "minor")
    MAJOR = "major", pgettext_lazy("severity of a finding", "major")
    CRITICAL = "critical", pgettext_lazy("severity of a finding", "critical")


class FindingStage(models.TextChoices):
    """The stage of a finding: the holder plans and acts, who runs the label accepts or asks for another plan."""

    OPEN = "open", _("a plan is awaited")
    PLANNED = "planned", _("plan to be read")
    RUNNING = "running", _("plan being carried out")
    DONE = "done", _("every step done, to be closed")
    CLOSED = "closed", pgettext_lazy("stage of a finding", "closed")


@tracked
class Finding(models.Model):
    """Something wrong with a commitment, to be mended by `due_on`.

    `request_reason` says why a plan, or another one, is asked for.
    """

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="findings")
    commitment = models.CharField(max_length=60)
    text = models.TextField(_("text"))
    severity = models.CharField(max_length=8, choices=FindingSeverity)
    due_on = models.DateField(_("due"))
    found_on = models.DateField()
    stage = models.CharField(max_length=8, choices=FindingStage, default=FindingStage.OPEN)
    request_reason = models.TextField(blank=True)

    shown_with: ClassVar = ("follow_up",)

    @property
    def about(self) -> str:
        """Its key among the due items of a follow-up."""
        return f"finding-{self.pk}"


@tracked
class Step(FollowUpFileMixin):
    """A step of the holder's plan: what, who, by when; `reason` says what was done."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="steps")
    text = models.TextField()
    who = models.CharField(max_length=200)
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)

    shown_with: ClassVar = ("finding",)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(done_on=None) | ~Q(reason="", digest=""), name="step_done_with_a_reason")
        ]


@tracked
class Objective(models.Model):
    """An objective of the holder, in numbers; counted by a figure of the register where `figure` names one.

    A target is a minimum; with `fewer`, a maximum.
    """

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="objectives")
    key = models.CharField(_("key"), max_length=60)
    text = models.CharField(_("text"), max_length=300)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    figure = models.CharField(max_length=60, blank=True)
    fewer = models.BooleanField(default=False)

    shown_with: ClassVar = ("follow_up",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["follow_up", "key"], name="objective_once")]


@tracked
class Target(FollowUpFileMixin):
    """The target of an objective for a year, and the declared result with its evidence."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="targets")
    year = models.PositiveSmallIntegerField()
    target = models.DecimalField(max_digits=16, decimal_places=2)
    reached = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    evidence = models.TextField(blank=True)

    shown_with: ClassVar = ("objective",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["objective", "year"], name="target_once_per_year"),
            models.CheckConstraint(
                condition=Q(reached=None) | ~Q(evidence="", digest=""), name="reached_with_evidence"
            ),
        ]


@tracked
class ReviewMeeting(FollowUpFileMixin):
    """The meeting of a review of the period (a key of the charter), with its minutes and conclusion."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="meetings")
    review = models.CharField(max_length=60)
    held_on = models.DateField()
    minutes = models.TextField(blank=True)
    conclusion = models.TextField()

    shown_with: ClassVar = ("follow_up",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["follow_up", "review"], name="review_held_once")]


class Reminder(models.Model):
    """A reminder of a due item, sent to the holder and who runs the label; one for each `DueItem.about`."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="reminders")
    about = models.CharField(max_length=120)
    sent_at = models.DateTimeField()

    shown_with: ClassVar = ("follow_up",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["follow_up", "about"], name="reminded_once")]
