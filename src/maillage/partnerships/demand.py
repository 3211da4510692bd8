"""What was asked of a network over a year, what had no good answer, and which members offer it."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils import timezone

from maillage.core.actors import Actor
from maillage.core.security.session_scope import read_everything
from maillage.offers.models import Offer
from maillage.offers.offer_matcher import get_offer_matcher
from maillage.partnerships.models import (
    Need,
    NeedAddress,
    NeedAddressRole,
    NeedOutcome,
    ProposedOffer,
    RequestedCapability,
)
from maillage.partnerships.queries import needs, requesters_of
from maillage.register.queries import member_ids_of, member_ids_of_any

PERIOD_DAYS = 365
MAX_LINES = 40
MAX_SUPPLIERS = 24
MIN_HIDDEN_NEEDS = 3
# The most needs of one network and year that are counted; beyond, only the latest.
_MAX_NEEDS = 5_000


@dataclass(frozen=True, slots=True)
class CapabilityDemand:
    """A capability: needs that asked for it, those settled without it, and offers by member (ids)."""

    concept: str
    asked: int
    unanswered: int
    supply: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class SectorDemand:
    """A sector (empty where unknown): its needs, and those settled without a team."""

    sector: str
    asked: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class NetworkDemand:
    """A year of needs; `lines` with most unanswered first, `open_needs` are those still in time.

    Needs that the actor may not read are counted too, unless there are only one or two of them.
    """

    since: dt.date
    needs: int
    open_needs: int
    lines: list[CapabilityDemand]
    sectors: list[SectorDemand]
    suppliers: list[int]


def network_demand(network_id: int, *, actor: Actor, at: dt.datetime) -> NetworkDemand:
    """What was asked of a network and its members over the 365 days before `at`.

    A need counts as unanswered for a capability once every organisation that had to answer has done so or is overdue,
    and no answer sent proposes an offer that brings the capability. Withdrawn needs are left out.
    """
    day = timezone.localdate(at)
    since = day - dt.timedelta(days=PERIOD_DAYS)
    members = member_ids_of(network_id, day)
    organisation_ids = members | member_ids_of_any(members, day) | {network_id}
    readable = set(needs(actor=actor).filter(stated_at__date__gte=since).values_list("pk", flat=True)[:_MAX_NEEDS])
    with read_everything():
        asked = Need.objects.filter(stated_at__date__gte=since, addresses__organisation__in=organisation_ids).distinct()
        ids = set(asked.order_by("-stated_at").values_list("pk", flat=True)[:_MAX_NEEDS])
        ids -= _withdrawn_need_ids(ids)
        if len(ids - readable) < MIN_HIDDEN_NEEDS:
            # One or two needs that the reader may not read are not even counted: the number would reveal them.
            ids &= readable
        still_open = _open_need_ids(ids, day)
        lines, suppliers = _lines(_CountedNeeds(ids, ids - still_open, readable), organisation_ids, actor, day)
        sectors = _sectors(ids & readable, ids - still_open, actor)
    return NetworkDemand(since, len(ids), len(still_open), lines, sectors, suppliers)


@dataclass(frozen=True, slots=True)
class _CountedNeeds:
    """The ids of the needs of a year, of the settled ones, and of those that the actor may read."""

    ids: set[int]
    settled: set[int]
    readable: set[int]


@dataclass(frozen=True, slots=True)
class _CapabilityCounts:
    """How many needs ask for each capability, and how many of these were settled without it."""

    asked: Counter[str] = field(default_factory=Counter)
    unanswered: Counter[str] = field(default_factory=Counter)

    def count(self, concept: str, *, lacks: bool) -> None:
        self.asked[concept] += 1
        self.unanswered[concept] += lacks


def _withdrawn_need_ids(ids: set[int]) -> set[int]:
    return set(
        NeedAddress.objects.filter(need__in=ids, outcome=NeedOutcome.WITHDRAWN).values_list("need_id", flat=True)
    )


def _open_need_ids(ids: set[int], day: dt.date) -> set[int]:
    """The needs that an organisation still has time to answer."""
    waiting = NeedAddress.objects.filter(
        need__in=ids, role=NeedAddressRole.ADDRESSEE, dealt_at=None, promised_day__gte=day
    )
    return set(waiting.values_list("need_id", flat=True))


def _lines(
    counted: _CountedNeeds, organisation_ids: set[int], actor: Actor, day: dt.date
) -> tuple[list[CapabilityDemand], list[int]]:
    brought: dict[int, set[str]] = defaultdict(set)
    for need, brings in _sent_proposals(counted.ids).values_list("answer__need_id", "brings"):
        brought[need].update(brings)
    every, own = _CapabilityCounts(), _CapabilityCounts()
    for need, concept in RequestedCapability.objects.filter(need__in=counted.ids).values_list("need_id", "concept"):
        lacks = need in counted.settled and concept not in brought[need]
        every.count(concept, lacks=lacks)
        if need in counted.readable:
            own.count(concept, lacks=lacks)
    shown_counts = {
        concept: own if every.asked[concept] - own.asked[concept] < MIN_HIDDEN_NEEDS else every
        for concept in every.asked
    }
    needs = {concept: count for concept, counts in shown_counts.items() if (count := counts.asked[concept])}
    unanswered = {concept: shown_counts[concept].unanswered[concept] for concept in needs}
    first = sorted(needs, key=lambda concept: (-unanswered[concept], -needs[concept], concept))[:MAX_LINES]
    supply = _supply(first, organisation_ids, actor, day)
    lines = [CapabilityDemand(concept, needs[concept], unanswered[concept], supply[concept]) for concept in first]
    holding = Counter[int]()
    for line in lines:
        holding.update(line.supply)
    return lines, [member for member, _offers in holding.most_common(MAX_SUPPLIERS)]


def _sent_proposals(ids: set[int]) -> QuerySet[ProposedOffer]:
    return ProposedOffer.objects.filter(answer__need__in=ids).exclude(answer__sent_at=None)


def _supply(concepts: list[str], organisation_ids: set[int], actor: Actor, day: dt.date) -> dict[str, Counter[int]]:
    """For each capability, how many offers of each member bring it."""
    index = get_offer_matcher(actor=actor, on=day).index
    links = {concept: {index.offers[link.offer].text.key for link in index.links(concept)} for concept in concepts}
    keys = set().union(*links.values()) if links else set()
    provider_ids = dict(
        Offer.objects.filter(key__in=keys, provider__in=organisation_ids).values_list("key", "provider_id")
    )
    return {
        concept: Counter(provider_ids[key] for key in offer_keys & provider_ids.keys())
        for concept, offer_keys in links.items()
    }


def _sectors(ids: set[int], settled: set[int], actor: Actor) -> list[SectorDemand]:
    """The sectors of requesters, as far as the actor may know who they are."""
    answered = set(_sent_proposals(ids).values_list("answer__need_id", flat=True))
    needs, unanswered = Counter[str](), Counter[str]()
    for need, sector in requesters_of(ids, actor=actor).values_list("need_id", "sector"):
        needs[sector] += 1
        unanswered[sector] += need in settled - answered
    demands = [SectorDemand(sector, needs[sector], unanswered[sector]) for sector in needs]
    return sorted(demands, key=lambda demand: (-demand.unanswered, -demand.asked, demand.sector))
