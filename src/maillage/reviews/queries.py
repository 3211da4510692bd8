"""Reading reviews: for whoever runs a call, and for each reviewer their own."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from maillage.calls.call_document import ReviewTerms
from maillage.calls.models import Application, Call, Reply
from maillage.core.actors import Actor
from maillage.matching.text import PAUSE, parse_text
from maillage.reviews.models import ACTIVE_STATES, Assignment, AssignmentState, Panel, Review, Reviewer, ReviewPhase


def submitted_applications(call: Call) -> list[Application]:
    """The dossiers that were sent to a call and not withdrawn, in the order they were sent."""
    found = Application.objects.filter(version__call=call, withdrawn_at=None).exclude(sent_at=None)
    return list(found.select_related("version").order_by("sent_at", "pk"))


def calls_to_publish(at: dt.datetime) -> list[int]:
    """The calls (ids) whose decisions are to be published by a moment."""
    return list(Panel.objects.filter(publish_at__lte=at).order_by("publish_at").values_list("call_id", flat=True)[:100])


def own_assignments(actor: Actor) -> QuerySet[Assignment]:
    """What a person is asked to review, until the review is closed or the dossier withdrawn."""
    asked = Assignment.objects.filter(reviewer__person=actor.user_id or 0, state__in=ACTIVE_STATES)
    within = asked.filter(application__withdrawn_at=None).exclude(
        application__version__call__panel__phase=ReviewPhase.CLOSED
    )
    return within.select_related("application__version__call", "reviewer").order_by("due_on", "pk")


def other_reviews(assignment: Assignment) -> list[Review]:
    """The reviews of the others on the same dossier, once the panel discusses; none before."""
    panel = getattr(assignment.application.version.call, "panel", None)
    if panel is None or panel.phase == ReviewPhase.INDEPENDENT:
        return []
    sent = Review.objects.filter(assignment__application=assignment.application_id, assignment__state__in=ACTIVE_STATES)
    return list(sent.exclude(sent_at=None).exclude(assignment=assignment).order_by("sent_at"))


def competence_matches(reviewers: list[Reviewer], applications: list[Application]) -> dict[tuple[str, str], float]:
    """How much of what each reviewer knows each dossier speaks of, 0 to 1, by their ids as text.

    It is the share of the reviewer's words found in the dossier, a little (0.15) where none is; a reviewer who names
    nothing is taken to know a little of everything (0.3). Each text is read once.
    """
    texts = _application_texts(applications)
    spoken = {one.pk: _stems(f"{one.title} {one.theme} {texts[one.pk]}") for one in applications}
    known = {one.pk: [_stems(word) for word in one.competences] for one in reviewers}
    return {
        (str(one), str(paper)): _competence_share(words, stems)
        for one, words in known.items() for paper, stems in spoken.items()
    }  # fmt: skip


def _competence_share(words: list[frozenset[str]], spoken: frozenset[str]) -> float:
    if not words:
        return 0.3
    return round(max(0.15, sum(1 for word in words if word <= spoken) / len(words)), 3)


def _application_texts(applications: list[Application]) -> dict[int, str]:
    """What each dossier says in words, by its id."""
    found: dict[int, list[str]] = {one.pk: [] for one in applications}
    for application, value in Reply.objects.filter(application__in=found).values_list("application_id", "value"):
        if isinstance(value, str):
            found[application].append(value)
    return {application: " ".join(values) for application, values in found.items()}


def _stems(text: str) -> frozenset[str]:
    found = parse_text(text).stems
    return frozenset(stem for stems in found.values() for stem in stems if stem and stem != PAUSE)


def authority_of_call(*, call_id: int, **_others: Any) -> Iterable[int]:
    """Only the authority decides and publishes, not who runs the call for it."""
    found = Call.objects.filter(pk=call_id).values_list("label__authority_id", flat=True)
    return [one for one in found if one]


def reviews_due_soon_and_overdue(day: dt.date) -> tuple[list[Assignment], list[Assignment]]:
    """The reviews to remind of on a day, being due soon or late; a day that was missed is made good on the next."""
    waiting = Assignment.objects.filter(
        state=AssignmentState.ASKED, overdue_reminder_at=None, reviewer__person__is_active=True
    )
    open_ones = waiting.exclude(due_on=None).exclude(reviewer__call__panel__phase=ReviewPhase.CLOSED)
    found: tuple[list[Assignment], list[Assignment]] = [], []
    parts, reviews = ("reviewer__call", "application__version__call"), dict[int, ReviewTerms]()
    for held in open_ones.filter(application__withdrawn_at=None).select_related(*parts).order_by("due_on", "pk"):
        call, late = held.reviewer.call, held.days_late(day)
        if call.pk not in reviews:
            reviews[call.pk] = call.last.says.review
        review = reviews[call.pk]
        if late >= review.remind_after:
            found[1].append(held)
        elif not late and held.reminder_at is None and held.days_left(day) <= review.remind_before:
            found[0].append(held)
    return found
