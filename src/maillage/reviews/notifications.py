"""Notices of decisions and appeals to applicants and to whoever runs the call, and of assignments to reviewers."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.calls.blind_review import NameMask, name_mask_of
from maillage.calls.call_document import Outcome
from maillage.calls.models import Call, PartyRole
from maillage.core import formats
from maillage.core.actors import LABEL_OFFICER, LEAD, MANAGER, PILOT
from maillage.notifications.notice_kinds import NoticeKind
from maillage.notifications.notifier import NoticeText, notify
from maillage.people.notifications import notify_mandate_holders
from maillage.reviews.models import Appeal, Assignment, Decision, Reviewer

DECISION_NOTICES = NoticeKind(
    "decisions",
    gettext_lazy("decisions on applications, and appeals against them"),
    gettext_lazy("You act for an organisation of the application, or for one that runs its call."),
    must_reach=True,
)
REVIEW_NOTICES = NoticeKind(
    "reviews",
    gettext_lazy("reviews that I am asked for, and the days by which they are due"),
    gettext_lazy("You review applications to this call."),
    must_reach=True,
)

# The subject of a notice, from the number of reviews and the title of the call.
ReviewSubject = Callable[[int, str], str]


def notify_decision(decision: Decision, outcome: Outcome, *, at: dt.datetime) -> None:
    """Tell those who act for the applicants what was decided."""

    def words() -> NoticeText:
        values = {"application": decision.application.title, "outcome": outcome.title}
        subject = _("%(application)s: %(outcome)s") % values
        return NoticeText(
            subject,
            _("You can read the letter on the page of the application."),
            decision.application.get_absolute_url(),
        )

    _notify_holders(_applicant_organisations(decision), (LEAD, MANAGER, PILOT), words, at)


def notify_not_published(call: Call, why: str, *, at: dt.datetime) -> None:
    """Tell the label officers of whoever runs the call that a planned publication failed, and why."""

    def words() -> NoticeText:
        return NoticeText(_("Not published as set: %s") % call, why, reverse("call-decisions", args=[call.key]))

    _notify_holders(call.operator_ids, (LABEL_OFFICER,), words, at)


def notify_appeal_filed(appeal: Appeal, *, at: dt.datetime) -> None:
    """Tell the label officers of whoever runs the call that an appeal was filed."""
    call = appeal.decision.application.version.call

    def words() -> NoticeText:
        subject = _("Appeal against the decision on %s") % appeal.decision.application.title
        return NoticeText(subject, appeal.text[:2_000], reverse("call-decisions", args=[call.key]))

    _notify_holders(call.operator_ids, (LABEL_OFFICER,), words, at)


def notify_appeal_answered(appeal: Appeal, *, at: dt.datetime) -> None:
    """Tell those who act for the applicants how their appeal was answered."""

    def words() -> NoticeText:
        message = _("Your appeal is upheld: %s") if appeal.upheld else _("Your appeal is dismissed: %s")
        application = appeal.decision.application
        return NoticeText(message % application.title, appeal.answer, application.get_absolute_url())

    _notify_holders(_applicant_organisations(appeal.decision), (LEAD, MANAGER, PILOT), words, at)


def _applicant_organisations(decision: Decision) -> list[int]:
    own = decision.application.parties.filter(part__in=(PartyRole.LEAD, PartyRole.HOST))
    return list(own.values_list("organisation_id", flat=True))


def _notify_holders(
    organisation_ids: Iterable[int], roles: tuple[str, ...], words: Callable[[], NoticeText], at: dt.datetime
) -> None:
    notify_mandate_holders(at=at, kind=DECISION_NOTICES, roles=roles, organisation_ids=organisation_ids, words=words)


def notify_reviews_requested(assignments: Iterable[Assignment], at: dt.datetime) -> None:
    """Tell reviewers which reviews are asked of them, and until when."""

    def subject(number: int, call: str) -> str:
        message = ngettext(
            "You are asked for %(number)d review: %(call)s", "You are asked for %(number)d reviews: %(call)s", number
        )
        return message % {"number": number, "call": call}

    notify_reviewers(assignments, at, subject)


def notify_review_cancelled(assignment: Assignment, at: dt.datetime) -> None:
    """Tell a reviewer that a review is no longer asked of them."""
    notify_reviewers([assignment], at, lambda _number, call: _("A review is no longer asked of you: %s") % call)


def due_soon_subject(number: int, call: str) -> str:
    message = ngettext("%(number)d review is due soon: %(call)s", "%(number)d reviews are due soon: %(call)s", number)
    return message % {"number": number, "call": call}


def overdue_subject(number: int, call: str) -> str:
    message = ngettext("%(number)d review is late: %(call)s", "%(number)d reviews are late: %(call)s", number)
    return message % {"number": number, "call": call}


def notify_reviewers(assignments: Iterable[Assignment], at: dt.datetime, subject: ReviewSubject) -> None:
    """Send each reviewer one notice with the applications and due days; names are masked where the call is blind."""
    by_reviewer: defaultdict[Reviewer, list[Assignment]] = defaultdict(list)
    for assignment in assignments:
        by_reviewer[assignment.reviewer].append(assignment)
    for reviewer, theirs in by_reviewer.items():
        notify(at=at, kind=REVIEW_NOTICES, persons=[reviewer.person_id], words=_review_words(reviewer, theirs, subject))


def _review_words(reviewer: Reviewer, theirs: list[Assignment], subject: ReviewSubject) -> Callable[[], NoticeText]:
    veils = [name_mask_of(assignment.application) for assignment in theirs]

    def words() -> NoticeText:
        rows = "\n".join(_review_line(assignment, veil) for assignment, veil in zip(theirs, veils, strict=True))
        return NoticeText(subject(len(theirs), str(reviewer.call)), rows, reverse("own-reviews"))

    return words


def _review_line(assignment: Assignment, name_mask: NameMask) -> str:
    title = name_mask.text(assignment.application.title)
    if assignment.due_on is None:
        return title
    return _("%(title)s, due by %(day)s") % {"title": title, "day": formats.day(assignment.due_on)}
