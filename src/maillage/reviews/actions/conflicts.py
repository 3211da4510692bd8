"""Detecting conflicts of interest."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy

from maillage.calls.models import Call
from maillage.calls.queries import offices_of_call
from maillage.core.action_registry import action
from maillage.core.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.reviews.conflicts import detected_conflicts
from maillage.reviews.models import Conflict, ConflictReason, Reviewer
from maillage.reviews.queries import submitted_applications

_DAYS_PER_YEAR = 365


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Look for conflicts of interest"), concerns=offices_of_call)
def find_conflicts(*, actor: Actor, at: dt.datetime, call_id: int) -> int:
    """Save the conflicts that the register shows; returns how many there are now, declared ones included.

    Detected conflicts that no longer exist are removed; declared ones stay.
    """
    call = Call.objects.get(pk=call_id)
    reviewers = list(Reviewer.objects.filter(call=call))
    since = timezone.localdate(at) - dt.timedelta(days=_DAYS_PER_YEAR * call.last.says.review.years)
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
