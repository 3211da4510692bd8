"""What a reviewer does: declare a conflict, decline, mark and comment. Only the person who is asked may."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.call_document import CallDocument
from maillage.core.action_registry import ActionError, ActionForbiddenError, action
from maillage.core.actors import READER, Actor
from maillage.core.partial_updates import UNSET, Unset, strip_text, value_or
from maillage.reviews.models import Assignment, AssignmentState, Conflict, ConflictReason, Review, ReviewPhase


def _lock_own_assignment(assignment_id: int, actor: Actor) -> Assignment:
    """The assignment, for the person who is asked."""
    rows = Assignment.objects.select_for_update(of=("self",)).select_related(
        "reviewer", "application__version__call__panel"
    )
    held = rows.filter(pk=assignment_id).first()
    if held is None or actor.user_id is None or held.reviewer.person_id != actor.user_id:
        raise ActionForbiddenError(_("This review is asked of somebody else."))
    if held.state not in (AssignmentState.ASKED, AssignmentState.DONE):
        raise ActionError(_("You are not asked for this review any more."))
    if held.application.version.call.panel.phase == ReviewPhase.CLOSED:
        raise ActionError(_("The review of this call is closed."))
    return held


@action(READER, title=gettext_lazy("Declare a conflict of interest"))
def declare_conflict(*, actor: Actor, at: dt.datetime, assignment_id: int, why: str) -> Assignment:
    """The reviewer is kept from the dossier, whose review is asked of somebody else; what was written is dropped."""
    held = _lock_own_assignment(assignment_id, actor)
    if not why.strip():
        raise ActionError(_("Say in a few words what ties you to the dossier."))
    evidence = {"evidence": why.strip()[:2000]}
    Conflict.objects.update_or_create(
        reviewer=held.reviewer, application=held.application, reason=ConflictReason.DECLARED, defaults=evidence
    )
    Review.objects.filter(assignment=held).delete()
    held.state, held.why = AssignmentState.DECLINED, why.strip()
    held.save()
    return held


@action(READER, title=gettext_lazy("Decline a review"))
def decline_review(*, actor: Actor, at: dt.datetime, assignment_id: int, why: str = "") -> Assignment:
    """The reviewer does not take this one. Raises `ActionError` once the review is sent."""
    held = _lock_own_assignment(assignment_id, actor)
    if held.state == AssignmentState.DONE:
        raise ActionError(_("This review is sent already."))
    held.state, held.why = AssignmentState.DECLINED, why.strip()[:2000]
    held.save()
    return held


@action(READER, title=gettext_lazy("Write a review"))
def write_review(
    *,
    actor: Actor,
    at: dt.datetime,
    assignment_id: int,
    marks: dict[str, Any] | Unset = UNSET,
    to_applicant: str | Unset = UNSET,
    to_panel: str | Unset = UNSET,
    send: bool = False,
) -> Review:
    """Keep a review, marks by criterion; sent, it counts. Until the panel discusses it can be sent again.

    A criterion that `marks` does not name keeps its mark; an empty mark takes it away.

    Raises `ActionError` for a mark off its scale, for one that is missing where it is sent, or without a word to the
    applicant then.
    """
    held = _lock_own_assignment(assignment_id, actor)
    says = held.application.version.call.last.says
    review = Review.objects.filter(assignment=held).first() or Review(assignment=held)
    known = {one.key for one in says.criteria}
    earlier = {key: mark for key, mark in review.marks.items() if key in known}
    review.marks = _clean_marks(says, earlier | (marks or {}), whole=send)
    review.to_applicant = value_or(strip_text(to_applicant), review.to_applicant)
    review.to_panel = value_or(strip_text(to_panel), review.to_panel)
    if send and not review.to_applicant:
        raise ActionError(_("Write some words that the applicant can read."))
    if review.sent_at and not send:
        raise ActionError(_("This review is sent; change it by sending it again."))
    review.written_at, review.sent_at = at, at if send else None
    review.save()
    if send and held.state != AssignmentState.DONE:
        held.state = AssignmentState.DONE
        held.save()
    return review


def _clean_marks(says: CallDocument, given: dict[str, Any], *, whole: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in says.criteria:
        value = given.get(one.key)
        if value in (None, ""):
            if whole:
                raise ActionError(_("“%s” has no mark yet.") % one.title)
            continue
        try:
            mark = Decimal(str(value).replace(",", "."))
        except InvalidOperation as error:
            raise ActionError(_("“%s” takes a number.") % one.title) from error
        if not mark.is_finite() or not one.low <= mark <= one.high:
            told = _("“%(title)s” takes a mark from %(low)s to %(high)s.")
            raise ActionError(told % {"title": one.title, "low": one.low, "high": one.high})
        found[one.key] = str(mark)
    if unknown := set(given) - {one.key for one in says.criteria}:
        raise ActionError(_("“%s” is no criterion of this call.") % sorted(unknown)[0][:60])
    return found
