"""Reviewers, conflicts, assignments, reviews, rankings, decisions and appeals of a call.

All of it is read by the reviewer concerned and by whoever runs the call; applicants read a decision once it is
published.
"""

import datetime as dt
from typing import ClassVar

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
    """What reviewers see: their own reviews alone, then those of the others on the same application."""

    INDEPENDENT = "independent", _("independent reviews")
    DISCUSSION = "discussion", _("discussion")
    CLOSED = "closed", pgettext_lazy("phase of a review", "closed")


@tracked
class Panel(models.Model):
    """The review of a call: its phase, and when decisions are to be published.

    `operator_ids` are the ids of the organisations that run the call.
    """

    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="panel")
    phase = models.CharField(max_length=12, choices=ReviewPhase, default=ReviewPhase.INDEPENDENT)
    publish_at = models.DateTimeField(null=True, blank=True)
    operator_ids = ArrayField(models.BigIntegerField(), default=list)

    confidential: ClassVar = ("", "operator_ids")

    @classmethod
    def get_or_create_for(cls, call: Call) -> "Panel":
        """The panel of a call, created where there is none yet."""
        panel: Panel = cls.objects.get_or_create(call=call, defaults={"operator_ids": call.operator_ids})[0]
        return panel


@tracked
class Reviewer(models.Model):
    """A person who reviews for a call: employer, competences (words), and how many reviews they take at most."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="reviewers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    employer = models.ForeignKey(Organisation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    competences = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    most = models.PositiveSmallIntegerField(default=6)
    operator_ids = ArrayField(models.BigIntegerField(), default=list)

    confidential: ClassVar = ("person", "operator_ids")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "person"], name="reviewer_once_per_call")]


class ConflictReason(models.TextChoices):
    """What keeps a reviewer from an application."""

    DECLARED = "declared", _("declared by the reviewer")
    APPLICANT = "applicant", _("works or acts for an organisation of the application")
    SUPERVISION = "supervision", _("works for an organisation tied to one of the application")
    TOGETHER = "together", _("their organisations have worked together")


@tracked
class Conflict(models.Model):
    """A conflict of interest, declared by the reviewer or detected in the register, with its evidence."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="conflicts")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="conflicts")
    reason = models.CharField(max_length=12, choices=ConflictReason)
    evidence = models.TextField(blank=True)

    shown_with: ClassVar = ("reviewer",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reviewer", "application", "reason"], name="conflict_once")]


class AssignmentState(models.TextChoices):
    """The state of one assignment."""

    ASKED = "asked", _("asked")
    DONE = "done", pgettext_lazy("state of a review", "done")
    DECLINED = "declined", pgettext_lazy("state of a review", "declined")
    REPLACED = "replaced", pgettext_lazy("state of a review", "replaced")


ACTIVE_STATES = (AssignmentState.ASKED, AssignmentState.DONE)


@tracked
class Assignment(models.Model):
    """A reviewer is asked to review an application by a day; the moments of the two reminders are kept."""

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
        """The number of reminders sent."""
        return sum(1 for moment in (self.reminder_at, self.overdue_reminder_at) if moment)

    def days_late(self, day: dt.date) -> int:
        """How many days the review is overdue; 0 where it is not."""
        return max(0, -self.days_left(day)) if self.state == AssignmentState.ASKED else 0

    def days_left(self, day: dt.date) -> int:
        """Days until the review is due, negative once it is overdue; 0 without a due day."""
        return (self.due_on - day).days if self.due_on else 0


@tracked
class Review(models.Model):
    """A review: a mark (as text) for each criterion, and separate texts for the applicant and for the panel."""

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="review")
    marks = models.JSONField(default=dict)
    to_applicant = models.TextField(blank=True)
    to_panel = models.TextField(blank=True)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    shown_with: ClassVar = ("assignment",)


@tracked
class RankingMove(models.Model):
    """The panel moves an application to a place of the ranking (from 1), from the place before (`was`), with a reason.

    The moves of a call, applied one after the other, turn the order by marks into the panel's order.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="places")
    place = models.PositiveIntegerField()
    was = models.PositiveIntegerField(null=True)
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200, blank=True)
    operator_ids = ArrayField(models.BigIntegerField(), default=list)

    confidential: ClassVar = ("", "operator_ids")


@tracked
class Minutes(models.Model):
    """Minutes of a panel session: who was present. All else is read from the history of that moment."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="minutes")
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    present = ArrayField(models.CharField(max_length=200))
    operator_ids = ArrayField(models.BigIntegerField(), default=list)

    confidential: ClassVar = ("", "operator_ids")

    class Meta:
        verbose_name_plural = "minutes"


@tracked
class Decision(models.Model):
    """The decision on an application: proposed by whoever runs the call, decided by the authority, then published.

    `outcome` is a key of the call's document: of its last version until it is decided, then of `version` for good.
    `readers` are the ids of the organisations that may read it.
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

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(decided_at__isnull=False), name="decided_before_published"
            )
        ]

    @property
    def call_document(self) -> CallDocument:
        """The version of the call's document to which `outcome` belongs."""
        return (self.version or self.application.version.call.last).document


@tracked
class Appeal(models.Model):
    """The lead of an application asks the authority to reconsider its decision, and the authority answers.

    Where it is upheld, another outcome of the call replaces the one that was decided (`before`).
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
