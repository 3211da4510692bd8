"""Action: record the meeting of a review of the period."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.charter.follow_ups import lock_follow_up, refuse_unknown_file
from maillage.charter.models import FollowUp, ReviewMeeting
from maillage.charter.queries import charter_version_of, concerned_organisations
from maillage.core.action_registry import ActionError, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.core.partial_updates import UNSET, Unset, strip_text, value_or


@action(
    LABEL_OFFICER, OFFICER, title=gettext_lazy("Record a review of the period"),
    concerns=concerned_organisations("follow_up_id", operators=True),
)  # fmt: skip
def hold_review(
    *,
    actor: Actor,
    at: dt.datetime,
    follow_up_id: int,
    review: str,
    held_on: dt.date | Unset = UNSET,
    conclusion: str | Unset = UNSET,
    minutes: str | Unset = UNSET,
    digest: str | Unset = UNSET,
) -> ReviewMeeting:
    """Record the meeting of a review, with its conclusion, and minutes as text or attached file.

    Recorded again, the given fields are corrected. Raises `ActionError` for a review that the charter does not ask for,
    a day in the future, or without day, conclusion or minutes.
    """
    follow_up, day = lock_follow_up(follow_up_id), timezone.localdate(at)
    _refuse_unknown_review(follow_up, review, day)
    identity = {"follow_up": follow_up, "review": review}
    meeting: ReviewMeeting = ReviewMeeting.objects.filter(**identity).first() or ReviewMeeting(**identity)
    meeting.held_on = value_or(held_on, meeting.held_on)
    meeting.minutes = value_or(strip_text(minutes), meeting.minutes)
    meeting.conclusion = value_or(strip_text(conclusion), meeting.conclusion)
    meeting.digest = value_or(digest, meeting.digest)
    _refuse_incomplete_meeting(meeting, day)
    refuse_unknown_file(follow_up, meeting.digest)
    meeting.save()
    return meeting


def _refuse_incomplete_meeting(meeting: ReviewMeeting, today: dt.date) -> None:
    if meeting.held_on is None:
        raise ActionError(_("Give the day of the meeting."))
    if meeting.held_on > today:
        raise ActionError(_("The meeting is still to come; record it once it was held."))
    if not meeting.conclusion or not (meeting.minutes or meeting.digest):
        raise ActionError(_("Give the conclusion, and the minutes as text or file."))


def _refuse_unknown_review(follow_up: FollowUp, review: str, day: dt.date) -> None:
    if charter_version_of(follow_up, day).document.review(review) is None:
        raise ActionError(_("The charter asks for no review “%s”.") % review[:60])
