"""Where each dossier stands: by what its reviewers gave, and then by where the panel has put it."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db.models import Max

from maillage.calls.call_document import CallDocument, Outcome
from maillage.calls.models import Application, ApplicationParty, Call, PartyRole
from maillage.matching.panels import Disagreement, disagreements, normalised_means, ranking, raw_means
from maillage.reviews.models import ACTIVE_STATES, RankingMove, Review
from maillage.reviews.queries import submitted_applications

# What a ranking shows, each with the way from its history to the call.
_HISTORY_PATHS = {
    "reviews.RankingMove": "application__version__call",
    "reviews.Review": "assignment__application__version__call",
    "reviews.Assignment": "application__version__call",
    "reviews.Decision": "application__version__call",
    "calls.Application": "version__call",
    "calls.CallVersion": "call",
}


@dataclass(frozen=True, slots=True)
class RankingRow:
    """A dossier in the ranking: its position (from 1), the means and rank of its marks, whether its reviewers disagree.

    Without reviews it has no means and stands last. `tied` are the positions, first and last, that it shares with
    dossiers of the same mean from which the panel has not parted it. `moves` are the panel's, the latest last.
    """

    application: Application
    lead: str
    position: int
    tied: tuple[int, int] | None
    reviews: int
    raw: Decimal | None
    normalised: Decimal | None
    rank: int | None
    lowest: Decimal | None
    highest: Decimal | None
    disagreement: Disagreement | None
    moves: tuple[RankingMove, ...]

    @property
    def disputed(self) -> bool:
        """Whether its reviewers disagree."""
        return self.disagreement is not None and self.disagreement.flagged


def review_marks(call: Call) -> dict[tuple[str, str, str], Decimal]:
    """The marks of the reviews that were sent, by reviewer, dossier (ids as text) and criterion.

    A review without a mark on a criterion that a later version of the call has added is left out until it has one.
    """
    sent = Review.objects.filter(assignment__application__version__call=call, assignment__state__in=ACTIVE_STATES)
    keys = {one.key for one in call.last.says.criteria}
    return {
        (str(review.assignment.reviewer_id), str(review.assignment.application_id), key): Decimal(review.marks[key])
        for review in sent.exclude(sent_at=None).select_related("assignment")
        if keys <= review.marks.keys()
        for key in keys
    }


def weighted_marks(call: Call) -> dict[tuple[str, str], Decimal]:
    """The weighted mark of each review that was sent, by reviewer and dossier (ids as text)."""
    weights = {one.key: one.weight for one in call.last.says.criteria}
    found: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for (reviewer, application, criterion), mark in review_marks(call).items():
        found[reviewer, application] += mark * weights[criterion]
    return dict(found)


def call_ranking(call: Call) -> list[RankingRow]:
    """The dossiers as they stand: by their normalised means, then as the panel has moved them, one move after another.

    Those that tie stand in the order in which they were sent, which says nothing.
    """
    marks = weighted_marks(call)
    fair = normalised_means(marks).means
    ranks = ranking(fair)
    applications = {one.pk: one for one in submitted_applications(call)}
    every = _ever_submitted(call)
    moves = _moves_of_applications(every)
    # A place was given in the list as it then was: those withdrawn since are taken out after the moves.
    base = sorted(every, key=lambda pk: ranks.get(str(pk), len(every) + 1))
    moved_list = apply_moves(base, [(one.application_id, one.place) for one in moves])
    order = [pk for pk in moved_list if pk in applications]
    moved: defaultdict[int, list[RankingMove]] = defaultdict(list)
    for one in moves:
        moved[one.application_id].append(one)
    tied = _tie_ranges(order, ranks, set(moved))
    told = _RowDetails.of(marks, applications)
    return [
        RankingRow(application=applications[pk], position=position, tied=tied.get(pk), normalised=fair.get(str(pk)),
             rank=ranks.get(str(pk)), moves=tuple(moved[pk]), **told.about(pk))
        for position, pk in enumerate(order, 1)
    ]  # fmt: skip


def _ever_submitted(call: Call) -> list[int]:
    """The dossiers (ids) that were sent, withdrawn since or not, in the order in which they were."""
    sent = Application.objects.filter(version__call=call).exclude(sent_at=None)
    return list(sent.order_by("sent_at", "pk").values_list("pk", flat=True))


def _moves_of_applications(applications: Iterable[int]) -> list[RankingMove]:
    return list(RankingMove.objects.filter(application__in=applications).order_by("pk"))


def apply_moves(base: Sequence[int], moves: Iterable[tuple[int, int]]) -> list[int]:
    """An order in which each move takes a dossier out and puts it back in at a place (from 1)."""
    order = list(base)
    for application, place in moves:
        order.remove(application)
        order.insert(place - 1, application)
    return order


def _tie_ranges(order: Sequence[int], ranks: dict[str, int], moved: set[int]) -> dict[int, tuple[int, int]]:
    """The positions that neighbours of one rank share, none of them moved by the panel."""
    found: dict[int, tuple[int, int]] = {}

    def kind(entry: tuple[int, int]) -> Any:
        pk = entry[1]
        return pk if pk in moved or str(pk) not in ranks else f"rank {ranks[str(pk)]}"

    for _kind, run in groupby(enumerate(order, 1), key=kind):
        entries = list(run)
        if len(entries) > 1:
            found |= dict.fromkeys([pk for _position, pk in entries], (entries[0][0], entries[-1][0]))
    return found


@dataclass(frozen=True, slots=True)
class _RowDetails:
    """What is told of each dossier (id as text, but for the leads) beside its place."""

    leads: dict[int, str]
    numbers: Counter[str]
    raw: dict[str, Decimal]
    marks: dict[str, list[Decimal]]
    disagreements: dict[str, Disagreement]

    @classmethod
    def of(cls, marks: dict[tuple[str, str], Decimal], applications: Iterable[int]) -> "_RowDetails":
        leads = ApplicationParty.objects.filter(application__in=applications, part=PartyRole.LEAD)
        by_application: defaultdict[str, list[Decimal]] = defaultdict(list)
        for (_reviewer, application), mark in marks.items():
            by_application[application].append(mark)
        return cls(
            {one.application_id: one.organisation.short_name for one in leads.select_related("organisation")},
            Counter(application for _reviewer, application in marks),
            raw_means(marks),
            by_application,
            disagreements(marks),
        )

    def about(self, pk: int) -> dict[str, Any]:
        key = str(pk)
        given = self.marks.get(key, [])
        return {
            "lead": self.leads.get(pk, ""),
            "reviews": self.numbers[key],
            "raw": self.raw.get(key),
            "lowest": min(given, default=None),
            "highest": max(given, default=None),
            "disagreement": self.disagreements.get(key),
        }


def outcome_cutoffs(says: CallDocument) -> list[tuple[Outcome, int]]:
    """After how many dossiers each outcome of a limited number is used up, given in the order of the document."""
    found, total = [], 0
    for one in says.outcomes:
        if not one.most:
            break
        total += one.most
        found.append((one, total))
    return found


def ranking_version(call: Call) -> str:
    """A word that changes with anything that the ranking of a call shows: the last entries of its history."""
    found = []
    for name, way in _HISTORY_PATHS.items():
        events = apps.get_model(f"{name}Event")._default_manager.filter(**{way: call.pk})
        found.append(events.aggregate(last=Max("pgh_id"))["last"] or 0)
    return "-".join(map(str, found))


def order_fingerprint(lines: Sequence[RankingRow]) -> str:
    """A word that stands for an order of dossiers: the same as long as none of them moves."""
    ids = ",".join(str(line.application.pk) for line in lines)
    return hashlib.sha256(ids.encode()).hexdigest()[:16]


def ranking_moves(call: Call) -> list[RankingMove]:
    """What the panel has moved, in the order in which it did."""
    found: Iterable[RankingMove] = RankingMove.objects.filter(application__version__call=call).select_related(
        "application"
    )
    return sorted(found, key=lambda one: one.pk)
