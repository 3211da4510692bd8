"""The ranking of a call: by the marks of reviews, then by the moves of the panel."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.apps import apps
from django.db.models import Max

from maillage.calls.call_document import CallDocument, Outcome
from maillage.calls.models import Application, ApplicationParty, Call, PartyRole
from maillage.core.action_registry import Arguments
from maillage.matching.panels import Disagreement, disagreements, normalised_means, ranking, raw_means
from maillage.reviews.models import ACTIVE_STATES, RankingMove, Review
from maillage.reviews.queries import submitted_applications

# The models that a ranking shows, each with the path from its history to the call.
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
    """An application in the ranking: its position (from 1), and the means, rank and spread of its marks.

    Without reviews it has no means and comes last. `tied` are the first and last position that it shares with
    applications of the same mean which the panel has not separated. `moves` are the panel's, the latest last.
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
    """The marks of the reviews sent, by reviewer, application (ids as text) and criterion.

    A review that lacks a mark on a criterion added by a later version of the call is left out until it has one.
    """
    sent = Review.objects.filter(assignment__application__version__call=call, assignment__state__in=ACTIVE_STATES)
    keys = {criterion.key for criterion in call.last.document.criteria}
    return {
        (str(review.assignment.reviewer_id), str(review.assignment.application_id), key): Decimal(review.marks[key])
        for review in sent.exclude(sent_at=None).select_related("assignment")
        if keys <= review.marks.keys()
        for key in keys
    }


def weighted_marks(call: Call) -> dict[tuple[str, str], Decimal]:
    """The weighted mark of each review sent, by reviewer and application (ids as text)."""
    weights = {criterion.key: criterion.weight for criterion in call.last.document.criteria}
    weighted: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for (reviewer, application, criterion), mark in review_marks(call).items():
        weighted[reviewer, application] += mark * weights[criterion]
    return dict(weighted)


def call_ranking(call: Call) -> list[RankingRow]:
    """The applications in order: by normalised mean, then as the panel has moved them, one move after another.

    Tied applications are in the order in which they were sent, which has no meaning.
    """
    marks = weighted_marks(call)
    fair = normalised_means(marks).means
    ranks = ranking(fair)
    applications = {application.pk: application for application in submitted_applications(call)}
    every = _ever_submitted(call)
    moves = _moves_of_applications(every)
    # Moves refer to the list of their time: applications withdrawn since are removed after the moves.
    base = sorted(every, key=lambda pk: ranks.get(str(pk), len(every) + 1))
    moved_list = apply_moves(base, [(move.application_id, move.place) for move in moves])
    order = [pk for pk in moved_list if pk in applications]
    moved: defaultdict[int, list[RankingMove]] = defaultdict(list)
    for move in moves:
        moved[move.application_id].append(move)
    tied = _tie_ranges(order, ranks, set(moved))
    details = _RowDetails.of(marks, applications)
    return [
        RankingRow(application=applications[pk], position=position, tied=tied.get(pk), normalised=fair.get(str(pk)),
             rank=ranks.get(str(pk)), moves=tuple(moved[pk]), **details.about(pk))
        for position, pk in enumerate(order, 1)
    ]  # fmt: skip


def _ever_submitted(call: Call) -> list[int]:
    """The ids of all applications ever sent, withdrawn or not, in the order in which they were sent."""
    sent = Application.objects.filter(version__call=call).exclude(sent_at=None)
    return list(sent.order_by("sent_at", "pk").values_list("pk", flat=True))


def _moves_of_applications(applications: Iterable[int]) -> list[RankingMove]:
    return list(RankingMove.objects.filter(application__in=applications).order_by("pk"))


def apply_moves(base: Sequence[int], moves: Iterable[tuple[int, int]]) -> list[int]:
    """Take an application out and put it back at a place (from 1), for each move in turn."""
    order = list(base)
    for application, place in moves:
        order.remove(application)
        order.insert(place - 1, application)
    return order


def _tie_ranges(order: Sequence[int], ranks: dict[str, int], moved: set[int]) -> dict[int, tuple[int, int]]:
    """The positions shared by neighbours of the same rank that the panel has not moved."""
    ranges: dict[int, tuple[int, int]] = {}

    def kind(entry: tuple[int, int]) -> int | str:
        pk = entry[1]
        return pk if pk in moved or str(pk) not in ranks else f"rank {ranks[str(pk)]}"

    for _kind, run in groupby(enumerate(order, 1), key=kind):
        entries = list(run)
        if len(entries) > 1:
            ranges |= dict.fromkeys([pk for _position, pk in entries], (entries[0][0], entries[-1][0]))
    return ranges


@dataclass(frozen=True, slots=True)
class _RowDetails:
    """Figures of each application beside its place, by id as text (`leads` by id)."""

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
            {
                lead_party.application_id: lead_party.organisation.short_name
                for lead_party in leads.select_related("organisation")
            },
            Counter(application for _reviewer, application in marks),
            raw_means(marks),
            by_application,
            disagreements(marks),
        )

    def about(self, pk: int) -> Arguments:
        key = str(pk)
        marks = self.marks.get(key, [])
        return {
            "lead": self.leads.get(pk, ""),
            "reviews": self.numbers[key],
            "raw": self.raw.get(key),
            "lowest": min(marks, default=None),
            "highest": max(marks, default=None),
            "disagreement": self.disagreements.get(key),
        }


def outcome_cutoffs(document: CallDocument) -> list[tuple[Outcome, int]]:
    """After how many applications each outcome of limited number is used up, in the order of the document."""
    cutoffs, total = [], 0
    for outcome in document.outcomes:
        if not outcome.most:
            break
        total += outcome.most
        cutoffs.append((outcome, total))
    return cutoffs


def ranking_version(call: Call) -> str:
    """A fingerprint that changes with anything a ranking shows: the last entries of its history."""
    last_entries = []
    for name, way in _HISTORY_PATHS.items():
        events = apps.get_model(f"{name}Event")._default_manager.filter(**{way: call.pk})
        last_entries.append(events.aggregate(last=Max("pgh_id"))["last"] or 0)
    return "-".join(map(str, last_entries))


def order_fingerprint(lines: Sequence[RankingRow]) -> str:
    """A fingerprint of an order of applications: the same as long as none of them moves."""
    ids = ",".join(str(line.application.pk) for line in lines)
    return hashlib.sha256(ids.encode()).hexdigest()[:16]


def ranking_moves(call: Call) -> list[RankingMove]:
    """The moves by the panel, in the order in which they were made."""
    moves: Iterable[RankingMove] = RankingMove.objects.filter(application__version__call=call).select_related(
        "application"
    )
    return sorted(moves, key=lambda move: move.pk)
