"""Reading reviews: for whoever runs a call, and for each reviewer their own."""

import datetime as dt

from django.db.models import QuerySet

from maillage.calls.models import Call, Dossier, Reply
from maillage.kernel.actors import Actor
from maillage.matching.text import PAUSE, read
from maillage.reviews.models import RUNNING, Assignment, Panel, Phase, Review, Reviewer


def judged(call: Call) -> list[Dossier]:
    """The dossiers that were sent to a call and not withdrawn, in the order they were sent."""
    found = Dossier.objects.filter(version__call=call, withdrawn_at=None).exclude(sent_at=None)
    return list(found.select_related("version").order_by("sent_at", "pk"))


def to_publish(at: dt.datetime) -> list[int]:
    """The calls (ids) whose decisions are to be published by a moment."""
    return list(Panel.objects.filter(publish_at__lte=at).order_by("publish_at").values_list("call_id", flat=True)[:100])


def own_assignments(actor: Actor) -> QuerySet[Assignment]:
    """What a person is asked to review, until the review is closed or the dossier withdrawn."""
    asked = Assignment.objects.filter(reviewer__person=actor.user_id or 0, state__in=RUNNING)
    within = asked.filter(dossier__withdrawn_at=None).exclude(dossier__version__call__panel__phase=Phase.CLOSED)
    return within.select_related("dossier__version__call", "reviewer").order_by("due_on", "pk")


def others_on(assignment: Assignment) -> list[Review]:
    """The reviews of the others on the same dossier, once the panel discusses; none before."""
    panel = getattr(assignment.dossier.version.call, "panel", None)
    if panel is None or panel.phase == Phase.INDEPENDENT:
        return []
    sent = Review.objects.filter(assignment__dossier=assignment.dossier_id, assignment__state__in=RUNNING)
    return list(sent.exclude(sent_at=None).exclude(assignment=assignment).order_by("sent_at"))


def competences_of(reviewers: list[Reviewer], dossiers: list[Dossier]) -> dict[tuple[str, str], float]:
    """How much of what each reviewer knows each dossier speaks of, 0 to 1, by their ids as text.

    It is the share of the reviewer's words found in the dossier, a little (0.15) where none is; a reviewer who names
    nothing is taken to know a little of everything (0.3). Each text is read once.
    """
    texts = _texts(dossiers)
    spoken = {one.pk: _stems(f"{one.title} {one.theme} {texts[one.pk]}") for one in dossiers}
    known = {one.pk: [_stems(word) for word in one.competences] for one in reviewers}
    return {
        (str(one), str(paper)): _share(words, stems)
        for one, words in known.items() for paper, stems in spoken.items()
    }  # fmt: skip


def _share(words: list[frozenset[str]], spoken: frozenset[str]) -> float:
    if not words:
        return 0.3
    return round(max(0.15, sum(1 for word in words if word <= spoken) / len(words)), 3)


def _texts(dossiers: list[Dossier]) -> dict[int, str]:
    """What each dossier says in words, by its id."""
    found: dict[int, list[str]] = {one.pk: [] for one in dossiers}
    for dossier, value in Reply.objects.filter(dossier__in=found).values_list("dossier_id", "value"):
        if isinstance(value, str):
            found[dossier].append(value)
    return {dossier: " ".join(values) for dossier, values in found.items()}


def _stems(text: str) -> frozenset[str]:
    found = read(text).stems
    return frozenset(stem for stems in found.values() for stem in stems if stem and stem != PAUSE)
