"""Reviews."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.charter.follow_ups import lock_follow_up, refuse_unknown_file
from maillage.charter.models import FollowUp, ReviewMeeting
from maillage.charter.queries import charter_version_of, concerned_organisations
from maillage.core.action_registry import ActionError, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, Actor


@action(
    LABEL_OFFICER, OFFICER, title=gettext_lazy("Record a review of the period"),
    concerns=concerned_organisations("follow_up_id", offices=True),
)  # fmt: skip
def hold_review(
    *,
    actor: Actor,
    at: dt.datetime,
    follow_up_id: int,
    review: str,
    held_on: dt.date,
    conclusion: str,
    minutes: str = "",
    digest: str = "",
) -> ReviewMeeting:
    """The meeting of a review that the charter asks for, with its conclusion, and minutes as text or attached file.

    Recorded again, it is corrected; the history keeps what stood there. Raises `ActionError` for a review there is not,
    a day to come, or without conclusion or minutes.
    """
    follow_up, day = lock_follow_up(follow_up_id), timezone.localdate(at)
    _refuse_unknown_review(follow_up, review, day)
    if held_on > day:
        raise ActionError(_("The meeting is still to come; record it once it was held."))
    if not conclusion.strip() or not (minutes.strip() or digest):
        raise ActionError(_("Give the conclusion, and the minutes as text or file."))
    refuse_unknown_file(follow_up, digest)
    values = {"held_on": held_on, "minutes": minutes.strip(), "conclusion": conclusion.strip(), "digest": digest}
    made: ReviewMeeting = ReviewMeeting.objects.update_or_create(follow_up=follow_up, review=review, defaults=values)[0]
    return made


def _refuse_unknown_review(follow_up: FollowUp, review: str, day: dt.date) -> None:
    if charter_version_of(follow_up, day).says.review(review) is None:
        raise ActionError(_("The charter asks for no review “%s”.") % review[:60])
