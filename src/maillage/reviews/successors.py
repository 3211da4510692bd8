"""Who takes over a review that does not come."""

from dataclasses import dataclass

from django.db.models import Count, Q

from maillage.reviews.models import ACTIVE_STATES, Assignment, Conflict, Reviewer
from maillage.reviews.queries import competence_matches


@dataclass(frozen=True, slots=True)
class Successor:
    """A reviewer who may take over: how much of what they know the dossier speaks of (0 to 1), reviews they have."""

    reviewer: Reviewer
    competence: float
    load: int


def list_successors(held: Assignment) -> list[Successor]:
    """Who may take over a review, the most competent first, then the least loaded.

    That is who has no conflict with the dossier, was never asked for it, has room, and whose account is open.
    """
    running = Count("assignments", filter=Q(assignments__state__in=ACTIVE_STATES))
    others = Reviewer.objects.filter(call=held.reviewer.call_id, person__is_active=True).select_related("person")
    apart = Conflict.objects.filter(application=held.application_id).values("reviewer")
    asked = Assignment.objects.filter(application=held.application_id).values("reviewer")
    free = [
        one for one in others.exclude(pk__in=apart).exclude(pk__in=asked).annotate(load=running) if one.load < one.most
    ]
    known = competence_matches(free, [held.application])
    found = [Successor(one, known[str(one.pk), str(held.application_id)], one.load) for one in free]
    return sorted(found, key=lambda one: (-one.competence, one.load, one.reviewer.pk))
