"""Reading reviews: for whoever runs a call, and for each reviewer their own."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from maillage.calls.models import Call, Dossier, Party, Reply
from maillage.kernel.actors import Actor
from maillage.matching.panels import disagreements, normalised, ranking, raw_means
from maillage.matching.text import PAUSE, read
from maillage.reviews.models import RUNNING, Assignment, Panel, Phase, Review, Reviewer


def judged(call: Call) -> list[Dossier]:
    """The dossiers that were sent to a call and not withdrawn, in the order they were sent."""
    found = Dossier.objects.filter(version__call=call, withdrawn_at=None).exclude(sent_at=None)
    return list(found.select_related("version", "place").order_by("sent_at", "pk"))


def to_publish(at: dt.datetime) -> list[int]:
    """The calls (ids) whose decisions are to be published by a moment."""
    return list(Panel.objects.filter(publish_at__lte=at).order_by("publish_at").values_list("call_id", flat=True)[:100])


def own_assignments(actor: Actor) -> QuerySet[Assignment]:
    """What a person is asked to review."""
    within = Assignment.objects.filter(reviewer__person=actor.user_id or 0, state__in=RUNNING)
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


@dataclass(frozen=True, slots=True)
class Line:
    """A dossier in the ranking: means raw and normalised, ranks by each, whether its reviewers disagree.

    `place` is where the panel put it with a reason, else its rank by the normalised mean.
    """

    dossier: Dossier
    lead: str
    reviews: int
    raw: Decimal | None
    normalised: Decimal | None
    rank: int | None
    place: int | None
    moved: str
    disputed: bool


def weighed(call: Call) -> dict[tuple[str, str], Decimal]:
    """The weighted mark of each review that was sent, by reviewer and dossier (ids as text).

    A review without a mark on a criterion that a later version of the call has added is left out until it has one.
    """
    sent = Review.objects.filter(assignment__dossier__version__call=call, assignment__state__in=RUNNING)
    found: dict[tuple[str, str], Decimal] = {}
    weights = {one.key: one.weight for one in call.last.says.criteria}
    for review in sent.exclude(sent_at=None).select_related("assignment"):
        if not weights.keys() <= review.marks.keys():
            continue
        total = sum((Decimal(review.marks[key]) * weight for key, weight in weights.items()), Decimal(0))
        found[str(review.assignment.reviewer_id), str(review.assignment.dossier_id)] = total
    return found


def standings(call: Call) -> list[Line]:
    """The dossiers as they are ranked now: by the panel's places, then by normalised means, then those not reviewed."""
    marks = weighed(call)
    raw = raw_means(marks)
    fair = {paper: Decimal(str(mean)) for paper, mean in normalised(marks).means.items()} if marks else {}
    ranks, disputed = ranking(fair), disagreements(marks)
    numbers = Counter(paper for _reviewer, paper in marks)
    dossiers = judged(call)
    leads = dict(Party.objects.filter(dossier__in=[one.pk for one in dossiers], part="lead").values_list(
        "dossier_id", "organisation__sort_name"))  # fmt: skip
    lines = [
        Line(
            dossier=one,
            lead=leads.get(one.pk, ""),
            reviews=numbers[str(one.pk)],
            raw=raw.get(str(one.pk)),
            normalised=fair.get(str(one.pk)),
            rank=ranks.get(str(one.pk)),
            place=place.place if (place := getattr(one, "place", None)) else ranks.get(str(one.pk)),
            moved=place.reason if place else "",
            disputed=str(one.pk) in disputed and disputed[str(one.pk)].flagged,
        )
        for one in dossiers
    ]
    return sorted(lines, key=lambda line: (line.place is None, line.place or 0, not line.moved, line.dossier.pk))
