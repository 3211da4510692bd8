"""Reads reviews: for whoever runs a call, and for each reviewer their own."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from maillage.calls.call_document import ReviewTerms
from maillage.calls.models import Application, Call, Reply
from maillage.core.actors import Actor
from maillage.matching.text import PAUSE, parse_text
from maillage.reviews.models import ACTIVE_STATES, Assignment, AssignmentState, Panel, Review, Reviewer, ReviewPhase


def submitted_applications(call: Call) -> list[Application]:
    """The applications sent to a call and not withdrawn, in the order in which they were sent."""
    applications = Application.objects.filter(version__call=call, withdrawn_at=None).exclude(sent_at=None)
    return list(applications.select_related("version").order_by("sent_at", "pk"))


def calls_to_publish(at: dt.datetime) -> list[int]:
    """The ids of the calls whose decisions are to be published by a moment, 100 at most."""
    return list(Panel.objects.filter(publish_at__lte=at).order_by("publish_at").values_list("call_id", flat=True)[:100])


def own_assignments(actor: Actor) -> QuerySet[Assignment]:
    """The reviews asked of a person, until the review is closed or the application withdrawn."""
    assignments = Assignment.objects.filter(reviewer__person=actor.user_id or 0, state__in=ACTIVE_STATES)
    within = assignments.filter(application__withdrawn_at=None).exclude(
        application__version__call__panel__phase=ReviewPhase.CLOSED
    )
    return within.select_related("application__version__call", "reviewer").order_by("due_on", "pk")


def other_reviews(assignment: Assignment) -> list[Review]:
    """The reviews by others of the same application once the panel discusses; empty before."""
    panel = getattr(assignment.application.version.call, "panel", None)
    if panel is None or panel.phase == ReviewPhase.INDEPENDENT:
        return []
    sent = Review.objects.filter(assignment__application=assignment.application_id, assignment__state__in=ACTIVE_STATES)
    return list(sent.exclude(sent_at=None).exclude(assignment=assignment).order_by("sent_at"))


def competence_matches(
    reviewers: Sequence[Reviewer], applications: Sequence[Application]
) -> dict[tuple[str, str], float]:
    """How well each reviewer's competences match each application, 0 to 1, by reviewer and application id as text.

    It is the share of the reviewer's words found in the application, at least 0.15; 0.3 for a reviewer who names none.
    Each text is parsed once.
    """
    texts = _application_texts(applications)
    spoken = {
        application.pk: _stems(f"{application.title} {application.theme} {texts[application.pk]}")
        for application in applications
    }
    known = {reviewer.pk: [_stems(word) for word in reviewer.competences] for reviewer in reviewers}
    return {
        (str(reviewer), str(paper)): _competence_share(words, stems)
        for reviewer, words in known.items() for paper, stems in spoken.items()
    }  # fmt: skip


def _competence_share(words: list[frozenset[str]], spoken: frozenset[str]) -> float:
    if not words:
        return 0.3
    return round(max(0.15, sum(1 for word in words if word <= spoken) / len(words)), 3)


def _application_texts(applications: Sequence[Application]) -> dict[int, str]:
    """The text replies of each application, by its id."""
    texts: dict[int, list[str]] = {application.pk: [] for application in applications}
    for application, value in Reply.objects.filter(application__in=texts).values_list("application_id", "value"):
        if isinstance(value, str):
            texts[application].append(value)
    return {application: " ".join(values) for application, values in texts.items()}


def _stems(text: str) -> frozenset[str]:
    stems_by_language = parse_text(text).stems
    return frozenset(stem for stems in stems_by_language.values() for stem in stems if stem and stem != PAUSE)


def authority_of_call(*, call_id: int, **_others: object) -> Iterable[int]:
    """The id of the label's authority: only it decides and publishes, not who runs the call for it."""
    authority_ids = Call.objects.filter(pk=call_id).values_list("label__authority_id", flat=True)
    return [authority_id for authority_id in authority_ids if authority_id]


def reviews_due_soon_and_overdue(day: dt.date) -> tuple[list[Assignment], list[Assignment]]:
    """The assignments to send a reminder for on a day: those due soon, and those overdue.

    A day on which no reminder was sent is made good on the next.
    """
    waiting = Assignment.objects.filter(
        state=AssignmentState.ASKED, overdue_reminder_at=None, reviewer__person__is_active=True
    )
    open_ones = waiting.exclude(due_on=None).exclude(reviewer__call__panel__phase=ReviewPhase.CLOSED)
    reminders: tuple[list[Assignment], list[Assignment]] = [], []
    parts, reviews = ("reviewer__call", "application__version__call"), dict[int, ReviewTerms]()
    for assignment in open_ones.filter(application__withdrawn_at=None).select_related(*parts).order_by("due_on", "pk"):
        call, late = assignment.reviewer.call, assignment.days_late(day)
        if call.pk not in reviews:
            reviews[call.pk] = call.last.document.review
        review = reviews[call.pk]
        if late >= review.remind_after:
            reminders[1].append(assignment)
        elif not late and assignment.reminder_at is None and assignment.days_left(day) <= review.remind_before:
            reminders[0].append(assignment)
    return reminders
