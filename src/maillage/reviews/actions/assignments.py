"""Assigning reviews to reviewers, and replacing a reviewer who is late."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.models import Application, Call
from maillage.calls.queries import operators_of_call
from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.matching import panels
from maillage.reviews.actions.conflicts import detect_conflicts
from maillage.reviews.models import ACTIVE_STATES, Assignment, AssignmentState, Conflict, Panel, Reviewer, ReviewPhase
from maillage.reviews.notifications import notify_review_cancelled, notify_reviews_requested
from maillage.reviews.queries import competence_matches, submitted_applications
from maillage.reviews.replacement_reviewers import list_replacement_reviewers

MAX_SOLVER_SECONDS = 30.0


def _operators_of_assignment(*, assignment_id: int, **_others: object) -> Iterable[int]:
    assignment = Assignment.objects.filter(pk=assignment_id).select_related("reviewer").first()
    return assignment.reviewer.operator_ids if assignment else []


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Assign reviewers"), concerns=operators_of_call)
def assign_reviews(
    *, actor: Actor, at: dt.datetime, call_id: int, due_on: dt.date | None = None
) -> panels.PanelAssignment:
    """Ask reviewers for the reviews that applications still lack, by the best assignment; existing assignments stay.

    Conflicts are detected first: the assignments of reviewers in conflict are cancelled, and their reviews do not
    count. Without `due_on`, reviews are due as the call says. Raises `ActionError` without reviewers or applications,
    or where a reviewer has more reviews than they take.
    """
    call = Call.objects.get(pk=call_id)
    _lock_open_panel(call)
    if due_on and due_on < timezone.localdate(at):
        raise ActionError(_("Reviews cannot be due on a day that is past."))
    detect_conflicts(actor=actor, at=at, call_id=call_id)
    _cancel_conflicting(call, at)
    reviewers, applications = (
        list(Reviewer.objects.filter(call=call, person__is_active=True)),
        submitted_applications(call),
    )
    if not reviewers or not applications:
        raise ActionError(_("There are no reviewers, or no applications, yet."))
    try:
        assignment = panels.assign_reviewers(_assignment_problem(call, reviewers, applications), MAX_SOLVER_SECONDS)
    except panels.InvalidPanelError as error:
        raise ActionError(str(error)) from error
    existing_pairs = set(Assignment.objects.filter(reviewer__call=call).values_list("reviewer_id", "application_id"))
    new = {(int(reviewer), int(application)) for reviewer, application in assignment.pairs} - existing_pairs
    _create_assignments(call, sorted(new), due_on, at)
    return assignment


def _lock_open_panel(call: Call) -> None:
    """Lock the panel, so that one officer assigns at a time. Raises `ActionError` once the review is closed."""
    panel = Panel.objects.select_for_update().filter(call=call).first()
    if panel and panel.phase == ReviewPhase.CLOSED:
        raise ActionError(_("The review of this call is closed."))


def _create_assignments(
    call: Call, pairs: list[tuple[int, int]], due_on: dt.date | None, at: dt.datetime
) -> list[Assignment]:
    """Create assignments from pairs of reviewer and application (ids), and tell the reviewers."""
    due = due_on or timezone.localdate(at) + dt.timedelta(days=call.last.document.review.days)
    assignments = Assignment.objects.bulk_create(
        Assignment(reviewer_id=reviewer, application_id=application, due_on=due) for reviewer, application in pairs
    )
    notify_reviews_requested(_with_related(assignment.pk for assignment in assignments), at)
    return assignments


def _with_related(ids: Iterable[int]) -> list[Assignment]:
    rows = Assignment.objects.filter(pk__in=list(ids)).order_by("pk")
    return list(rows.select_related("reviewer__call", "application__version__call"))


def _cancel_conflicting(call: Call, at: dt.datetime) -> None:
    """Cancel the assignments of reviewers who have a conflict."""
    reasons = {
        (conflict.reviewer_id, conflict.application_id): conflict
        for conflict in Conflict.objects.filter(reviewer__call=call)
    }
    for assignment in Assignment.objects.filter(reviewer__call=call, state__in=ACTIVE_STATES):
        if conflict := reasons.get((assignment.reviewer_id, assignment.application_id)):
            _cancel_assignment(assignment, f"{conflict.get_reason_display()} ({conflict.evidence})", at)


def _cancel_assignment(assignment: Assignment, why: str, at: dt.datetime) -> None:
    assignment.state, assignment.why = AssignmentState.REPLACED, why
    assignment.save()
    for cancelled in _with_related([assignment.pk]):
        notify_review_cancelled(cancelled, at)


def _assignment_problem(call: Call, reviewers: list[Reviewer], applications: list[Application]) -> panels.Panel:
    """The assignment as a problem for the solver, ids as text. Who declined or was replaced is not asked again."""
    assignments = Assignment.objects.filter(reviewer__call=call)
    pairs = {
        (str(assignment.reviewer_id), str(assignment.application_id)): assignment.state for assignment in assignments
    }
    conflicts = Conflict.objects.filter(reviewer__call=call).values_list("reviewer_id", "application_id")
    known = {str(application.pk) for application in applications}
    return panels.Panel(
        reviewers=tuple(panels.PanelReviewer(str(reviewer.pk), reviewer.most) for reviewer in reviewers),
        papers=tuple(
            panels.Paper(str(application.pk), call.last.document.review.reviews) for application in applications
        ),
        competence=competence_matches(reviewers, applications),
        conflicts={
            (str(reviewer), str(application)) for reviewer, application in conflicts if str(application) in known
        },
        fixed={pair for pair, state in pairs.items() if state in ACTIVE_STATES and pair[1] in known},
        declined={pair for pair, state in pairs.items() if state not in ACTIVE_STATES and pair[1] in known},
    )


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Replace a reviewer"), concerns=_operators_of_assignment)
def replace_reviewer(
    *, actor: Actor, at: dt.datetime, assignment_id: int, reason: Reason, successor_id: int | None = None
) -> Assignment:
    """Ask another reviewer instead of one who is late: the one named, else the one who suits best.

    Raises `ActionError` without a reason, once the review is done, or where nobody, or not the one named, can take
    over.
    """
    assignment: Assignment = Assignment.objects.select_for_update(of=("self",)).select_related(
        "reviewer__call", "application").get(pk=assignment_id)  # fmt: skip
    if assignment.state != AssignmentState.ASKED:
        raise ActionError(_("This review is done, or somebody else was asked already."))
    call = assignment.reviewer.call
    detect_conflicts(actor=actor, at=at, call_id=call.pk)
    able = [replacement.reviewer.pk for replacement in list_replacement_reviewers(assignment)]
    if not able:
        raise ActionError(_("Nobody else of the panel can take this application; name another reviewer first."))
    if successor_id is not None and successor_id not in able:
        raise ActionError(_("The reviewer you chose can no longer take this application; choose again."))
    _cancel_assignment(assignment, reason, at)
    return _create_assignments(call, [(successor_id or able[0], assignment.application_id)], None, at)[0]
