"""Who is told of decisions and appeals."""

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
from maillage.notifications.notice_kinds import NoticeKind, register_notice_kind
from maillage.notifications.notifier import NoticeText, notify
from maillage.people.notifications import notify_mandate_holders
from maillage.reviews.models import Appeal, Assignment, Decision, Reviewer

DECISION_NOTICES = register_notice_kind(
    NoticeKind(
        "decisions",
        gettext_lazy("what is decided of dossiers, and appeals against it"),
        gettext_lazy("You act for a body of the dossier, or for one that runs its call."),
        must_reach=True,
    )
)


def notify_decision(decision: Decision, outcome: Outcome, *, at: dt.datetime) -> None:
    """Tell those who act for the bodies of a dossier what was decided of it."""

    def words() -> NoticeText:
        told = {"dossier": decision.application.title, "outcome": outcome.title}
        subject = _("%(dossier)s: %(outcome)s") % told
        return NoticeText(
            subject, _("The letter stands on the page of the dossier."), decision.application.get_absolute_url()
        )

    _notify_holders(_applicant_organisations(decision), (LEAD, MANAGER, PILOT), words, at)


def notify_not_published(call: Call, why: str, *, at: dt.datetime) -> None:
    """Tell the label officers of whoever runs the call that what was set could not be published, and why."""

    def words() -> NoticeText:
        return NoticeText(_("Not published as set: %s") % call, why, reverse("call-decisions", args=[call.key]))

    _notify_holders(call.offices, (LABEL_OFFICER,), words, at)


def notify_appeal_filed(appeal: Appeal, *, at: dt.datetime) -> None:
    """Tell the label officers of whoever runs the call that an appeal was filed."""
    call = appeal.decision.application.version.call

    def words() -> NoticeText:
        subject = _("Appeal against the decision on %s") % appeal.decision.application.title
        return NoticeText(subject, appeal.text[:2_000], reverse("call-decisions", args=[call.key]))

    _notify_holders(call.offices, (LABEL_OFFICER,), words, at)


def notify_appeal_answered(appeal: Appeal, *, at: dt.datetime) -> None:
    """Tell those who act for the bodies of a dossier what came of its appeal."""

    def words() -> NoticeText:
        said = _("Your appeal is upheld: %s") if appeal.upheld else _("Your appeal is dismissed: %s")
        application = appeal.decision.application
        return NoticeText(said % application.title, appeal.answer, application.get_absolute_url())

    _notify_holders(_applicant_organisations(appeal.decision), (LEAD, MANAGER, PILOT), words, at)


def _applicant_organisations(decision: Decision) -> list[int]:
    own = decision.application.parties.filter(part__in=(PartyRole.LEAD, PartyRole.HOST))
    return list(own.values_list("organisation_id", flat=True))


def _notify_holders(
    bodies: Iterable[int], roles: tuple[str, ...], words: Callable[[], NoticeText], at: dt.datetime
) -> None:
    notify_mandate_holders(at=at, kind=DECISION_NOTICES, roles=roles, bodies=bodies, words=words)


ReviewSubject = Callable[[int, str], str]

REVIEW_NOTICES = register_notice_kind(
    NoticeKind(
        "reviews",
        gettext_lazy("reviews that I am asked for, and the days by which they are due"),
        gettext_lazy("You review dossiers of this call."),
        must_reach=True,
    )
)


def notify_reviews_requested(asked: Iterable[Assignment], at: dt.datetime) -> None:
    """Tell reviewers what they are asked and until when; to be called by the action that asks."""

    def subject(number: int, call: str) -> str:
        told = ngettext(
            "You are asked for %(number)d review: %(call)s", "You are asked for %(number)d reviews: %(call)s", number
        )
        return told % {"number": number, "call": call}

    notify_reviewers(asked, at, subject)


def notify_review_cancelled(held: Assignment, at: dt.datetime) -> None:
    """Tell a reviewer that a review is asked of them no more; to be called by the action that takes it away."""
    notify_reviewers([held], at, lambda _number, call: _("A review is asked of you no more: %s") % call)


def due_soon_subject(number: int, call: str) -> str:
    told = ngettext("%(number)d review is due soon: %(call)s", "%(number)d reviews are due soon: %(call)s", number)
    return told % {"number": number, "call": call}


def overdue_subject(number: int, call: str) -> str:
    told = ngettext("%(number)d review is late: %(call)s", "%(number)d reviews are late: %(call)s", number)
    return told % {"number": number, "call": call}


def notify_reviewers(held: Iterable[Assignment], at: dt.datetime, subject: ReviewSubject) -> None:
    """One notice for each reviewer, with the dossiers and their due days; names are veiled where the call is blind."""
    by_reviewer: defaultdict[Reviewer, list[Assignment]] = defaultdict(list)
    for one in held:
        by_reviewer[one.reviewer].append(one)
    for reviewer, theirs in by_reviewer.items():
        notify(at=at, kind=REVIEW_NOTICES, persons=[reviewer.person_id], words=_review_words(reviewer, theirs, subject))


def _review_words(reviewer: Reviewer, theirs: list[Assignment], subject: ReviewSubject) -> Callable[[], NoticeText]:
    veils = [name_mask_of(one.application) for one in theirs]

    def words() -> NoticeText:
        rows = "\n".join(_review_line(one, veil) for one, veil in zip(theirs, veils, strict=True))
        return NoticeText(subject(len(theirs), str(reviewer.call)), rows, reverse("own-reviews"))

    return words


def _review_line(held: Assignment, name_mask: NameMask) -> str:
    title = name_mask.text(held.application.title)
    if held.due_on is None:
        return title
    return _("%(title)s, due by %(day)s") % {"title": title, "day": formats.day(held.due_on)}
