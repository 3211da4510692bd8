"""Who reviews which dossier, what keeps them apart, what they say, where the panel ranks it, and what is decided.

All of it is between the reviewer and who runs the call; a decision is read by the applicants once it is published.
"""

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.calls.call_document import CallDocument
from maillage.calls.models import Application, Call, CallVersion
from maillage.core.models import tracked
from maillage.labels.models import Award
from maillage.register.models import Organisation


class ReviewPhase(models.TextChoices):
    """What reviewers see: their own reviews alone, then those of the others on the same dossier."""

    INDEPENDENT = "independent", _("independent reviews")
    DISCUSSION = "discussion", _("discussion")
    CLOSED = "closed", pgettext_lazy("phase of a review", "closed")


@tracked
class Panel(models.Model):
    """The review of a call: the phase it is in, and when what is decided is to be published.

    `offices` are the bodies (ids) that run it.
    """

    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="panel")
    phase = models.CharField(max_length=12, choices=ReviewPhase, default=ReviewPhase.INDEPENDENT)
    publish_at = models.DateTimeField(null=True, blank=True)
    offices = ArrayField(models.BigIntegerField(), default=list)

    confidential: ClassVar = ("", "offices")
    objects: ClassVar[Any] = models.Manager()

    @classmethod
    def of(cls, call: Call) -> "Panel":
        """The panel of a call, begun where it has none yet."""
        made: Panel = cls.objects.get_or_create(call=call, defaults={"offices": call.offices})[0]
        return made


@tracked
class Reviewer(models.Model):
    """A person who reviews for a call: for whom they work, what they know (words), how many reviews they take."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="reviewers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    employer = models.ForeignKey(Organisation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    competences = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    most = models.PositiveSmallIntegerField(default=6)
    offices = ArrayField(models.BigIntegerField(), default=list)

    confidential: ClassVar = ("person", "offices")
    objects: ClassVar[Any] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "person"], name="reviewer_once_per_call")]


class ConflictReason(models.TextChoices):
    """What keeps a reviewer from a dossier."""

    DECLARED = "declared", _("declared by the reviewer")
    APPLICANT = "applicant", _("works or acts for a body of the dossier")
    SUPERVISION = "supervision", _("works for a body tied to one of the dossier")
    TOGETHER = "together", _("their bodies have worked together")


@tracked
class Conflict(models.Model):
    """A conflict of interest, declared or found in the register, with what it rests on."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="conflicts")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="conflicts")
    reason = models.CharField(max_length=12, choices=ConflictReason)
    evidence = models.TextField(blank=True)

    shown_with: ClassVar = ("reviewer",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reviewer", "application", "reason"], name="conflict_once")]


class AssignmentState(models.TextChoices):
    """Where one review stands."""

    ASKED = "asked", _("asked")
    DONE = "done", pgettext_lazy("state of a review", "done")
    DECLINED = "declined", pgettext_lazy("state of a review", "declined")
    REPLACED = "replaced", pgettext_lazy("state of a review", "replaced")


ACTIVE_STATES = (AssignmentState.ASKED, AssignmentState.DONE)


@tracked
class Assignment(models.Model):
    """A reviewer is asked to review a dossier by a day, and was reminded of it before that day and after."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="assignments")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="assignments")
    state = models.CharField(max_length=10, choices=AssignmentState, default=AssignmentState.ASKED)
    due_on = models.DateField(_("due"), null=True, blank=True)
    why = models.TextField(blank=True)
    reminder_at = models.DateTimeField(null=True, blank=True)
    overdue_reminder_at = models.DateTimeField(null=True, blank=True)

    shown_with: ClassVar = ("reviewer",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reviewer", "application"], name="assigned_once")]

    @property
    def reminders(self) -> int:
        """How many were sent."""
        return sum(1 for one in (self.reminder_at, self.overdue_reminder_at) if one)

    def days_late(self, day: dt.date) -> int:
        """For how many days the review was due and is not there; 0 where it is not late."""
        return max(0, -self.days_left(day)) if self.state == AssignmentState.ASKED else 0

    def days_left(self, day: dt.date) -> int:
        """How many days are left until the review is due, less than 0 once it was; 0 where no day is set."""
        return (self.due_on - day).days if self.due_on else 0


@tracked
class Review(models.Model):
    """What a reviewer says: a mark (as text) for each criterion, and words kept apart for applicant and panel."""

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="review")
    marks = models.JSONField(default=dict)
    to_applicant = models.TextField(blank=True)
    to_panel = models.TextField(blank=True)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    shown_with: ClassVar = ("assignment",)


@tracked
class RankingMove(models.Model):
    """The panel puts a dossier in a place of its ranking (from 1), away from where it was, and says why.

    Those of a call, one after the other, make the panel's order from that of the marks.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="places")
    place = models.PositiveIntegerField()
    was = models.PositiveIntegerField(null=True)
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200, blank=True)
    offices = ArrayField(models.BigIntegerField(), default=list)

    confidential: ClassVar = ("", "offices")
    objects: ClassVar[Any] = models.Manager()


@tracked
class Minutes(models.Model):
    """A session of the panel is put on record: who was there. All else is read from the history of that moment."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="minutes")
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    present = ArrayField(models.CharField(max_length=200))
    offices = ArrayField(models.BigIntegerField(), default=list)

    confidential: ClassVar = ("", "offices")
    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name_plural = "minutes"


@tracked
class Decision(models.Model):
    """What is decided of a dossier: proposed by who runs the call, decided by the authority, then published.

    `outcome` is a key of the call's document, of its last version until it is decided, then of that `version` for good;
    `readers` are the bodies (ids) that may read it.
    """

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=60)
    reason = models.TextField(blank=True)
    feedback = models.TextField(blank=True)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    appeal_until = models.DateField(null=True, blank=True)
    version = models.ForeignKey(CallVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    award = models.OneToOneField(Award, on_delete=models.PROTECT, null=True, blank=True, related_name="decision")
    readers = ArrayField(models.BigIntegerField(), default=list)

    confidential: ClassVar = ("", "readers")
    objects: ClassVar[Any] = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(decided_at__isnull=False), name="decided_before_published"
            )
        ]

    @property
    def says(self) -> CallDocument:
        """What the call says that the outcome is read in."""
        return (self.version or self.application.version.call.last).says


@tracked
class Appeal(models.Model):
    """The lead of a dossier asks the authority to look at its decision again; the authority says what comes of it.

    Upheld, another outcome of the call takes the place of the one that was decided (`before`).
    """

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    text = models.TextField()
    filed_at = models.DateTimeField()
    on_behalf = models.CharField(max_length=400)
    answered_at = models.DateTimeField(null=True, blank=True)
    upheld = models.BooleanField(null=True, blank=True)
    before = models.CharField(max_length=60, blank=True)
    answer = models.TextField(blank=True)

    shown_with: ClassVar = ("decision",)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, upheld=None) | (Q(answered_at__isnull=False, upheld__isnull=False)),
                name="appeal_answered_yes_or_no",
            )
        ]
