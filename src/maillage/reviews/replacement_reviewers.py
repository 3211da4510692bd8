"""Reviewers who can take over an overdue review."""

from dataclasses import dataclass

from django.db.models import Count, Q

from maillage.reviews.models import ACTIVE_STATES, Assignment, Conflict, Reviewer
from maillage.reviews.queries import competence_matches


@dataclass(frozen=True, slots=True)
class ReplacementReviewer:
    """A reviewer who can take over: competence for the application (0 to 1), and number of reviews they have."""

    reviewer: Reviewer
    competence: float
    load: int


def list_replacement_reviewers(assignment: Assignment) -> list[ReplacementReviewer]:
    """The reviewers who can take over a review, the most competent first, then those with the fewest reviews.

    They have no conflict with the application, were never asked to review it, take more reviews, and have an active
    account.
    """
    running = Count("assignments", filter=Q(assignments__state__in=ACTIVE_STATES))
    others = Reviewer.objects.filter(call=assignment.reviewer.call_id, person__is_active=True).select_related("person")
    apart = Conflict.objects.filter(application=assignment.application_id).values("reviewer")
    already_requested = Assignment.objects.filter(application=assignment.application_id).values("reviewer")
    free = [
        reviewer
        for reviewer in others.exclude(pk__in=apart).exclude(pk__in=already_requested).annotate(load=running)
        if reviewer.load < reviewer.most
    ]
    known = competence_matches(free, [assignment.application])
    replacements = [
        ReplacementReviewer(reviewer, known[str(reviewer.pk), str(assignment.application_id)], reviewer.load)
        for reviewer in free
    ]
    return sorted(
        replacements, key=lambda replacement: (-replacement.competence, replacement.load, replacement.reviewer.pk)
    )
