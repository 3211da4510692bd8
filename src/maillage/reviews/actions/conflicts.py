"""Conflicts of interest: those that the register shows, and those that reviewers declare."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.models import Call
from maillage.calls.queries import operators_of_call
from maillage.core.action_registry import ActionError, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, READER, Actor
from maillage.reviews.conflict_detection import detected_conflicts
from maillage.reviews.models import Assignment, AssignmentState, Conflict, ConflictReason, Review, Reviewer
from maillage.reviews.own_assignments import lock_own_assignment
from maillage.reviews.queries import submitted_applications

_DAYS_PER_YEAR = 365


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Look for conflicts of interest"), concerns=operators_of_call)
def detect_conflicts(*, actor: Actor, at: dt.datetime, call_id: int) -> int:
    """Save the conflicts that the register shows; returns how many there are now, declared ones included.

    Detected conflicts that no longer exist are removed; declared ones stay.
    """
    call = Call.objects.get(pk=call_id)
    reviewers = list(Reviewer.objects.filter(call=call))
    since = timezone.localdate(at) - dt.timedelta(days=_DAYS_PER_YEAR * call.last.document.review.years)
    detected = list(detected_conflicts(reviewers, submitted_applications(call), since, timezone.localdate(at)))
    Conflict.objects.filter(reviewer__call=call).exclude(reason=ConflictReason.DECLARED).delete()
    Conflict.objects.bulk_create(
        Conflict(
            reviewer_id=conflict.reviewer,
            application_id=conflict.application,
            reason=conflict.reason,
            evidence=conflict.evidence,
        )
        for conflict in detected
    )
    return Conflict.objects.filter(reviewer__call=call).count()


@action(READER, title=gettext_lazy("Declare a conflict of interest"))
def declare_conflict(*, actor: Actor, at: dt.datetime, assignment_id: int, why: str) -> Assignment:
    """Record the reviewer's conflict of interest and decline; a review already written is deleted."""
    assignment = lock_own_assignment(assignment_id, actor)
    if not why.strip():
        raise ActionError(_("Say in a few words what ties you to the application."))
    evidence = {"evidence": why.strip()[:2000]}
    Conflict.objects.update_or_create(
        reviewer=assignment.reviewer,
        application=assignment.application,
        reason=ConflictReason.DECLARED,
        defaults=evidence,
    )
    Review.objects.filter(assignment=assignment).delete()
    assignment.state, assignment.why = AssignmentState.DECLINED, why.strip()
    assignment.save()
    return assignment
