"""What reviewers are told: that they are asked, that a review is due soon or late, that they are asked no more.

How long before and after the due day they are reminded stands in the call's document.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from maillage.calls.blind import Veil, veil_of
from maillage.calls.document import Review
from maillage.kernel import wording
from maillage.kernel.actions import action
from maillage.kernel.actors import Actor
from maillage.kernel.notices.kinds import Kind, declare
from maillage.kernel.notices.writing import Words, notify
from maillage.reviews.models import Assignment, Phase, Reviewer, State

Subject = Callable[[int, str], str]
"""The subject of a notice, from how many reviews it speaks of and the title of their call."""

REVIEWS = declare(
    Kind(
        "reviews",
        gettext_lazy("reviews that I am asked for, and the days by which they are due"),
        gettext_lazy("You review dossiers of this call."),
        must_reach=True,
    )
)


def tell_asked(asked: Iterable[Assignment], at: dt.datetime) -> None:
    """Tell reviewers what they are asked and until when; to be called by the action that asks."""

    def subject(number: int, call: str) -> str:
        told = ngettext(
            "You are asked for %(number)d review: %(call)s", "You are asked for %(number)d reviews: %(call)s", number
        )
        return told % {"number": number, "call": call}

    _tell(asked, at, subject)


def tell_released(held: Assignment, at: dt.datetime) -> None:
    """Tell a reviewer that a review is asked of them no more; to be called by the action that takes it away."""
    _tell([held], at, lambda _number, call: _("A review is asked of you no more: %s") % call)


@action(title=gettext_lazy("Remind reviewers"), over_api=False)
def remind_reviewers(*, actor: Actor, at: dt.datetime) -> int:
    """Remind those whose reviews are due soon or late, once each as their call says; of how many reviews."""
    soon, late = due_soon_and_late(timezone.localdate(at))
    _tell(soon, at, _soon)
    _tell(late, at, _late)
    Assignment.objects.filter(pk__in=[one.pk for one in soon]).update(reminded_at=at)
    Assignment.objects.filter(pk__in=[one.pk for one in late]).update(told_late_at=at)
    return len(soon) + len(late)


def due_soon_and_late(day: dt.date) -> tuple[list[Assignment], list[Assignment]]:
    """The reviews to remind of on a day, being due soon or late; a day that was missed is made good on the next."""
    waiting = Assignment.objects.filter(state=State.ASKED, told_late_at=None, reviewer__person__is_active=True)
    open_ones = waiting.exclude(due_on=None).exclude(reviewer__call__panel__phase=Phase.CLOSED)
    found: tuple[list[Assignment], list[Assignment]] = [], []
    parts, reviews = ("reviewer__call", "dossier__version__call"), dict[int, Review]()
    for held in open_ones.filter(dossier__withdrawn_at=None).select_related(*parts).order_by("due_on", "pk"):
        call, late = held.reviewer.call, held.days_late(day)
        if call.pk not in reviews:
            reviews[call.pk] = call.last.says.review
        review = reviews[call.pk]
        if late >= review.remind_after:
            found[1].append(held)
        elif not late and held.reminded_at is None and held.days_left(day) <= review.remind_before:
            found[0].append(held)
    return found


def _soon(number: int, call: str) -> str:
    told = ngettext("%(number)d review is due soon: %(call)s", "%(number)d reviews are due soon: %(call)s", number)
    return told % {"number": number, "call": call}


def _late(number: int, call: str) -> str:
    told = ngettext("%(number)d review is late: %(call)s", "%(number)d reviews are late: %(call)s", number)
    return told % {"number": number, "call": call}


def _tell(held: Iterable[Assignment], at: dt.datetime, subject: Subject) -> None:
    """One notice for each reviewer, with the dossiers and their due days; names are veiled where the call is blind."""
    by_reviewer: defaultdict[Reviewer, list[Assignment]] = defaultdict(list)
    for one in held:
        by_reviewer[one.reviewer].append(one)
    for reviewer, theirs in by_reviewer.items():
        notify(at=at, kind=REVIEWS, persons=[reviewer.person_id], words=_words(reviewer, theirs, subject))


def _words(reviewer: Reviewer, theirs: list[Assignment], subject: Subject) -> Callable[[], Words]:
    veils = [veil_of(one.dossier) for one in theirs]

    def words() -> Words:
        rows = "\n".join(_row(one, veil) for one, veil in zip(theirs, veils, strict=True))
        return Words(subject(len(theirs), str(reviewer.call)), rows, reverse("own-reviews"))

    return words


def _row(held: Assignment, veil: Veil) -> str:
    title = veil.text(held.dossier.title)
    if held.due_on is None:
        return title
    return _("%(title)s, due by %(day)s") % {"title": title, "day": wording.day(held.due_on)}
