"""Calls and their versions; applications with their parties, duties, replies, signatures and verdicts."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from maillage.calls.call_document import CallDocument
from maillage.calls.checks import Verdict
from maillage.core.addresses import record_address
from maillage.core.models import TranslatedField, tracked
from maillage.core.security.visibility import Visibility, VisibleQuerySet
from maillage.documents.models import VersionedDocument, read_version_text
from maillage.labels.models import Label
from maillage.register.models import Organisation

VERDICT_CHOICES = [
    (Verdict.MET.value, _("met")),
    (Verdict.NOT_MET.value, _("not met")),
    (Verdict.UNSURE.value, _("not sure")),
]


@tracked
class Call(models.Model):
    """A call for applications for a label; its content is in its versions."""

    key = models.CharField(_("key"), max_length=60, unique=True)
    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="calls")
    title_fr = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawal_reason = models.TextField(blank=True)
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.PUBLIC)

    title = TranslatedField()
    visible_through: ClassVar = ("label__authority", "label__managed_by")
    disclosed_by_officers: ClassVar = True
    shown_with: ClassVar = ("label",)
    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="call_opens_first")]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return record_address("calls", self.key)

    @property
    def operator_ids(self) -> list[int]:
        """The ids of the organisations that run it: the label's authority and its manager."""
        return self.label.operator_ids

    @classmethod
    def kind_name(cls) -> str:
        return cls._meta.label_lower

    @property
    def last(self) -> "CallVersion":
        """The latest version; new applications use it."""
        return self.versions.latest("version")


@tracked
class CallVersion(VersionedDocument):
    """One version of a call. An application stays on the version it began on, unless an officer moves it."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="versions")

    shown_with: ClassVar = ("call",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "version"], name="call_version_once")]
        triggers = [pgtrigger.Protect(name="call_stays_as_published", operation=pgtrigger.Update | pgtrigger.Delete)]

    @property
    def document(self) -> CallDocument:
        """The content of the version."""
        return read_version_text(CallDocument, self.text)


@tracked
class Application(models.Model):
    """An application to a call, read by its parties, and once sent by who runs the call."""

    key = models.CharField(_("key"), max_length=20, unique=True)
    version = models.ForeignKey(CallVersion, on_delete=models.PROTECT, related_name="applications")
    title = models.CharField(_("title"), max_length=200)
    theme = models.CharField(_("theme"), max_length=60, blank=True)
    begun_at = models.DateTimeField(_("begun"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.ORGANISATION)

    stays_with_its_organisations: ClassVar = True
    visible_through: ClassVar = ("parties__organisation",)
    shown_with: ClassVar = ()
    objects = VisibleQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-begun_at", "-id"], name="application_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None, digest="") | ~Q(digest=""), name="application_sent_is_sealed"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return record_address("dossiers", self.key)

    @classmethod
    def kind_name(cls) -> str:
        return cls._meta.label_lower

    @property
    def call_document(self) -> CallDocument:
        """The content of the call version that the application answers."""
        return self.version.document


class PartyRole(models.TextChoices):
    """The role of an organisation in an application."""

    LEAD = "lead", _("leads")
    HOST = "host", _("host establishment")
    PARTNER = "partner", _("partner")
    OFFICE = "office", _("runs the call")


@tracked
class ApplicationParty(models.Model):
    """An organisation of an application, in its role; who runs the call, proposes and decides is added on sending."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    part = models.CharField(max_length=10, choices=PartyRole)

    shown_with: ClassVar = ("application",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "organisation"], name="party_once_per_application"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(part=PartyRole.LEAD), name="application_has_one_lead"
            ),
        ]


@tracked
class Duty(models.Model):
    """Who writes a section; a section without duties can be written by every party."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="duties")
    section = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")

    shown_with: ClassVar = ("application",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "section", "organisation"], name="duty_once")]


@tracked
class Reply(models.Model):
    """A reply to a question in one filling of its section (`number`, from 1); each change increments `version`."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="replies")
    section = models.CharField(max_length=60)
    number = models.PositiveSmallIntegerField(default=1)
    question = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    on_behalf = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()

    shown_with: ClassVar = ("application",)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "section", "number", "question"], name="reply_once_per_question"
            )
        ]


@tracked
class SignOff(models.Model):
    """The signature of an organisation; `digest` is that of the application as it was signed."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="sign_offs")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    shown_with: ClassVar = ("application",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "organisation"], name="signed_once_per_body")]


@tracked
class RuleVerdict(models.Model):
    """The verdict of an eligibility rule for a sent application; an officer can overrule it, with a reason."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="verdicts")
    rule = models.CharField(max_length=60)
    verdict = models.CharField(max_length=8, choices=VERDICT_CHOICES)
    evidence = models.TextField(blank=True)
    overruling_verdict = models.CharField(max_length=8, choices=VERDICT_CHOICES, blank=True)
    reason = models.TextField(blank=True)

    shown_with: ClassVar = ("application",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "rule"], name="verdict_once_per_rule"),
            models.CheckConstraint(condition=Q(overruling_verdict="") | ~Q(reason=""), name="overruled_with_a_reason"),
        ]

    @property
    def effective_verdict(self) -> str:
        """The overruling verdict where there is one, else that of the check."""
        return self.overruling_verdict or self.verdict
