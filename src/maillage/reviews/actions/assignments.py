"""What whoever runs a call does with its review: name reviewers, find conflicts, assign, open the discussion."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.models import Application, Call
from maillage.calls.queries import offices_of_call
from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.matching import panels
from maillage.reviews.actions.conflicts import find_conflicts
from maillage.reviews.models import ACTIVE_STATES, Assignment, AssignmentState, Conflict, Panel, Reviewer, ReviewPhase
from maillage.reviews.notifications import notify_review_cancelled, notify_reviews_requested
from maillage.reviews.queries import competence_matches, submitted_applications
from maillage.reviews.successors import list_successors

MAX_SOLVER_SECONDS = 30.0


def _offices_of_assignment(*, assignment_id: int, **_others: Any) -> Iterable[int]:
    found = Assignment.objects.filter(pk=assignment_id).select_related("reviewer").first()
    return found.reviewer.offices if found else []


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Assign reviewers"), concerns=offices_of_call)
def assign_reviews(
    *, actor: Actor, at: dt.datetime, call_id: int, due_on: dt.date | None = None
) -> panels.PanelAssignment:
    """Ask reviewers for the reviews that dossiers still lack: the best assignment, those asked before staying.

    Conflicts are looked for first: who turns out to have one is asked no more, and what they sent does not count.
    Without a day, reviews are due as the call says. Raises `ActionError` without reviewers or dossiers, or where
    somebody has more reviews than they take.
    """
    call = Call.objects.get(pk=call_id)
    _lock_open_panel(call)
    if due_on and due_on < timezone.localdate(at):
        raise ActionError(_("Reviews cannot be due on a day that is past."))
    find_conflicts(actor=actor, at=at, call_id=call_id)
    _cancel_conflicting(call, at)
    reviewers, applications = (
        list(Reviewer.objects.filter(call=call, person__is_active=True)),
        submitted_applications(call),
    )
    if not reviewers or not applications:
        raise ActionError(_("There are no reviewers, or no dossiers, yet."))
    try:
        found = panels.assign_reviewers(_assignment_problem(call, reviewers, applications), MAX_SOLVER_SECONDS)
    except panels.InvalidPanelError as error:
        raise ActionError(str(error)) from error
    asked = set(Assignment.objects.filter(reviewer__call=call).values_list("reviewer_id", "application_id"))
    new = {(int(reviewer), int(application)) for reviewer, application in found.pairs} - asked
    _create_assignments(call, sorted(new), due_on, at)
    return found


def _lock_open_panel(call: Call) -> None:
    """One officer asks reviewers at a time, and none once the review is closed."""
    panel = Panel.objects.select_for_update().filter(call=call).first()
    if panel and panel.phase == ReviewPhase.CLOSED:
        raise ActionError(_("The review of this call is closed."))


def _create_assignments(
    call: Call, pairs: list[tuple[int, int]], due_on: dt.date | None, at: dt.datetime
) -> list[Assignment]:
    """Ask reviewers for dossiers (ids), and tell them."""
    due = due_on or timezone.localdate(at) + dt.timedelta(days=call.last.says.review.days)
    made = Assignment.objects.bulk_create(
        Assignment(reviewer_id=reviewer, application_id=application, due_on=due) for reviewer, application in pairs
    )
    notify_reviews_requested(_with_related(one.pk for one in made), at)
    return made


def _with_related(ids: Iterable[int]) -> list[Assignment]:
    rows = Assignment.objects.filter(pk__in=list(ids)).order_by("pk")
    return list(rows.select_related("reviewer__call", "application__version__call"))


def _cancel_conflicting(call: Call, at: dt.datetime) -> None:
    """Ask no more whoever is asked against a conflict."""
    reasons = {(one.reviewer_id, one.application_id): one for one in Conflict.objects.filter(reviewer__call=call)}
    for held in Assignment.objects.filter(reviewer__call=call, state__in=ACTIVE_STATES):
        if conflict := reasons.get((held.reviewer_id, held.application_id)):
            _cancel_assignment(held, f"{conflict.get_reason_display()} ({conflict.evidence})", at)


def _cancel_assignment(held: Assignment, why: str, at: dt.datetime) -> None:
    held.state, held.why = AssignmentState.REPLACED, why
    held.save()
    for one in _with_related([held.pk]):
        notify_review_cancelled(one, at)


def _assignment_problem(call: Call, reviewers: list[Reviewer], applications: list[Application]) -> panels.Panel:
    """The assignment as a problem; ids as text. Who declined or was replaced is not asked again."""
    held = Assignment.objects.filter(reviewer__call=call)
    pairs = {(str(one.reviewer_id), str(one.application_id)): one.state for one in held}
    conflicts = Conflict.objects.filter(reviewer__call=call).values_list("reviewer_id", "application_id")
    known = {str(one.pk) for one in applications}
    return panels.Panel(
        reviewers=tuple(panels.PanelReviewer(str(one.pk), one.most) for one in reviewers),
        papers=tuple(panels.Paper(str(one.pk), call.last.says.review.reviews) for one in applications),
        competence=competence_matches(reviewers, applications),
        conflicts={(str(one), str(other)) for one, other in conflicts if str(other) in known},
        fixed={pair for pair, state in pairs.items() if state in ACTIVE_STATES and pair[1] in known},
        declined={pair for pair, state in pairs.items() if state not in ACTIVE_STATES and pair[1] in known},
    )


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Replace a reviewer"), concerns=_offices_of_assignment)
def replace_reviewer(
    *, actor: Actor, at: dt.datetime, assignment_id: int, reason: Reason, successor_id: int | None = None
) -> Assignment:
    """Somebody else is asked in the stead of one who is late: the reviewer named, else who suits best.

    Raises `ActionError` without a reason, once the review is done, or where nobody, or not the one named, can take over.
    """
    held: Assignment = Assignment.objects.select_for_update(of=("self",)).select_related(
        "reviewer__call", "application").get(pk=assignment_id)  # fmt: skip
    if held.state != AssignmentState.ASKED:
        raise ActionError(_("This review is done, or somebody else was asked already."))
    call = held.reviewer.call
    find_conflicts(actor=actor, at=at, call_id=call.pk)
    able = [one.reviewer.pk for one in list_successors(held)]
    if not able:
        raise ActionError(_("Nobody else of the panel can take this dossier; name another reviewer first."))
    if successor_id is not None and successor_id not in able:
        raise ActionError(_("Whom you named cannot take this dossier any more; choose again."))
    _cancel_assignment(held, reason, at)
    return _create_assignments(call, [(successor_id or able[0], held.application_id)], None, at)[0]
