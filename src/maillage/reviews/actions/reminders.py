"""Reminders of reviews that are due."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import action
from maillage.core.actors import Actor
from maillage.reviews.models import Assignment
from maillage.reviews.notifications import due_soon_subject, notify_reviewers, overdue_subject
from maillage.reviews.queries import reviews_due_soon_and_overdue


@action(title=gettext_lazy("Remind reviewers"), over_api=False)
def remind_reviewers(*, actor: Actor, at: dt.datetime) -> int:
    """Remind reviewers of reviews due soon or overdue, once each, as their call says; returns how many reviews."""
    soon, late = reviews_due_soon_and_overdue(timezone.localdate(at))
    notify_reviewers(soon, at, due_soon_subject)
    notify_reviewers(late, at, overdue_subject)
    Assignment.objects.filter(pk__in=[assignment.pk for assignment in soon]).update(reminder_at=at)
    Assignment.objects.filter(pk__in=[assignment.pk for assignment in late]).update(overdue_reminder_at=at)
    return len(soon) + len(late)
