"""The assignments of a reviewer, as that person's own actions take them."""

from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.actors import Actor
from maillage.reviews.models import Assignment, AssignmentState, ReviewPhase


def lock_own_assignment(assignment_id: int, actor: Actor) -> Assignment:
    """The assignment, locked. Raises where it is another person's, cancelled, or the review is closed."""
    rows = Assignment.objects.select_for_update(of=("self",)).select_related(
        "reviewer", "application__version__call__panel"
    )
    assignment = rows.filter(pk=assignment_id).first()
    if assignment is None or actor.user_id is None or assignment.reviewer.person_id != actor.user_id:
        raise ActionForbiddenError(_("This review is asked of somebody else."))
    if assignment.state not in (AssignmentState.ASKED, AssignmentState.DONE):
        raise ActionError(_("You are not asked for this review any more."))
    if assignment.application.version.call.panel.phase == ReviewPhase.CLOSED:
        raise ActionError(_("The review of this call is closed."))
    return assignment
