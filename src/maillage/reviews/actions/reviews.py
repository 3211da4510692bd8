"""What a reviewer does: decline, mark and comment. Only the person who is asked may."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.call_document import CallDocument
from maillage.core.action_registry import ActionError, action
from maillage.core.actors import READER, Actor
from maillage.core.json_types import JsonObject
from maillage.core.partial_updates import UNSET, Unset, strip_text, value_or
from maillage.reviews.models import Assignment, AssignmentState, Review
from maillage.reviews.own_assignments import lock_own_assignment


@action(READER, title=gettext_lazy("Decline a review"))
def decline_review(*, actor: Actor, at: dt.datetime, assignment_id: int, why: str = "") -> Assignment:
    """Decline to review this application. Raises `ActionError` once the review is sent."""
    assignment = lock_own_assignment(assignment_id, actor)
    if assignment.state == AssignmentState.DONE:
        raise ActionError(_("This review is sent already."))
    assignment.state, assignment.why = AssignmentState.DECLINED, why.strip()[:2000]
    assignment.save()
    return assignment


@action(READER, title=gettext_lazy("Write a review"))
def write_review(
    *,
    actor: Actor,
    at: dt.datetime,
    assignment_id: int,
    marks: JsonObject | Unset = UNSET,
    to_applicant: str | Unset = UNSET,
    to_panel: str | Unset = UNSET,
    send: bool = False,
) -> Review:
    """Save a review, marks by criterion; it counts once it is sent, and can be sent again until the panel closes.

    A criterion that `marks` does not name keeps its mark; an empty mark takes it away.

    Raises `ActionError` for a mark off its scale; where it is sent, also for a missing mark or without a text for the
    applicant.
    """
    assignment = lock_own_assignment(assignment_id, actor)
    document = assignment.application.version.call.last.document
    review = Review.objects.filter(assignment=assignment).first() or Review(assignment=assignment)
    known = {criterion.key for criterion in document.criteria}
    earlier = {key: mark for key, mark in review.marks.items() if key in known}
    review.marks = _clean_marks(document, earlier | (marks or {}), whole=send)
    review.to_applicant = value_or(strip_text(to_applicant), review.to_applicant)
    review.to_panel = value_or(strip_text(to_panel), review.to_panel)
    if send and not review.to_applicant:
        raise ActionError(_("Write some words that the applicant can read."))
    if review.sent_at and not send:
        raise ActionError(_("This review is sent; change it by sending it again."))
    review.written_at, review.sent_at = at, at if send else None
    review.save()
    if send and assignment.state != AssignmentState.DONE:
        assignment.state = AssignmentState.DONE
        assignment.save()
    return review


def _clean_marks(document: CallDocument, marks: Mapping[str, object], *, whole: bool) -> dict[str, str]:
    clean_marks: dict[str, str] = {}
    for criterion in document.criteria:
        value = marks.get(criterion.key)
        if value in (None, ""):
            if whole:
                raise ActionError(_("“%s” has no mark yet.") % criterion.title)
            continue
        try:
            mark = Decimal(str(value).replace(",", "."))
        except InvalidOperation as error:
            raise ActionError(_("“%s” takes a number.") % criterion.title) from error
        if not mark.is_finite() or not criterion.low <= mark <= criterion.high:
            message = _("“%(title)s” takes a mark from %(low)s to %(high)s.")
            raise ActionError(message % {"title": criterion.title, "low": criterion.low, "high": criterion.high})
        clean_marks[criterion.key] = str(mark)
    if unknown := set(marks) - {criterion.key for criterion in document.criteria}:
        raise ActionError(_("“%s” is no criterion of this call.") % sorted(unknown)[0][:60])
    return clean_marks
