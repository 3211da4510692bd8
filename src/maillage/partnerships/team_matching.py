"""From a need to a team: which offers have what is asked, who meets the terms, and who has worked together."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from maillage.core.actors import PUBLIC, Actor
from maillage.core.periods import TruthOnDay
from maillage.matching import teams
from maillage.matching.match_result import NoMatchReason
from maillage.matching.need_matching import match_need
from maillage.matching.need_reading import DOMAINS
from maillage.matching.need_reading import NeedText as Request
from maillage.matching.offer_index import ConceptLink
from maillage.matching.teams import Capability, ProviderExclusion, RequiredSeat, TeamProblem
from maillage.matching.vocabulary import Facet
from maillage.offers.models import Offer
from maillage.offers.offer_matcher import OfferMatcher, get_offer_matcher
from maillage.offers.queries import busy_until, offers
from maillage.partnerships.models import Need, TeamReply
from maillage.partnerships.need_inputs import MAX_CAPABILITIES, RequestedCapabilityInput
from maillage.register.collaboration_provider import collaboration_strengths
from maillage.register.label_provider import HeldLabel, labels_held
from maillage.register.models import Organisation, Tie
from maillage.register.vocabulary import MEMBERSHIP_KINDS

MAX_MEMBERS = 5
WISHED_WEIGHT = 0.5
# What the fit of an offer is worth beside offers whose teams said yes.
_UNCONFIRMED = 0.5
# The user waits for the search; a team not proven best within this time is shown with its gap.
SEARCH_SECONDS = 8.0


def find_capabilities(text: str, matcher: OfferMatcher, title: str = "") -> list[RequestedCapabilityInput]:
    """The capabilities that a text asks for, as far as the vocabulary knows them: essential and offered ones first.

    In a need about a subject that no offer has, that subject is essential, so that no team is better than a bad one;
    where the subject is among the words not understood, no capability is proposed.
    """
    result = match_need(Request(text=text, title=title), matcher.index, matcher.vocabulary)
    is_foreign = result.nothing_fits is NoMatchReason.OTHER_SUBJECT
    wanted = [requested for requested in result.asked if requested.facet is not Facet.FRAME]
    if is_foreign and not any(requested.facet in DOMAINS for requested in wanted):
        return []
    essential = {
        requested.concept: bool(matcher.index.links(requested.concept)) or (is_foreign and requested.facet in DOMAINS)
        for requested in wanted
    }
    wanted.sort(key=lambda requested: not essential[requested.concept])
    return [
        RequestedCapabilityInput(requested.concept, essential[requested.concept])
        for requested in wanted[:MAX_CAPABILITIES]
    ]


def find_requested(text: str, at: dt.datetime) -> dict[str, bool]:
    """The capabilities that a text asks for, as public offers are on the day of `at`: whether each is essential."""
    matcher = get_offer_matcher(actor=PUBLIC, on=timezone.localdate(at))
    return {capability.concept: capability.essential for capability in find_capabilities(text, matcher)}


@dataclass(frozen=True, slots=True)
class NeedTeamProblem:
    """The team problem of a need, with the offers and providers behind its keys.

    `wider` are the pairs of offer and capability in which the offer's concept is wider than what is asked.
    """

    problem: TeamProblem
    offers: Mapping[str, Offer]
    providers: Mapping[str, Organisation]
    wider: frozenset[tuple[str, str]] = frozenset()


def build_team_problem(need: Need, *, actor: Actor, at: dt.datetime, places: int = MAX_MEMBERS) -> NeedTeamProblem:
    """The team problem of a need, from the offers this actor may read on the day.

    Offers of teams that said no, or are not free in time, are left out. Once a team has said yes, its offer counts as
    fitting wholly and any other as half as fitting: a team that is sure stays, unless others do clearly more.
    """
    day = timezone.localdate(at)
    matcher = get_offer_matcher(actor=actor, on=day)
    asked = list(need.asked.order_by("-essential", "pk"))
    wanted = {requested.concept: matcher.index.links(requested.concept) for requested in asked}
    start = need.start_on or day
    fits = _confirmed_first(_fits(wanted, matcher), accepted_offer_keys(need, start))
    readable = offers(actor=actor).filter(key__in=fits).exclude(_declined(need, start))
    offers_by_key = {offer.key: offer for offer in readable if _readiness_overlaps(offer, need)}
    providers = {str(offer.provider_id): offer.provider for offer in offers_by_key.values()}
    return NeedTeamProblem(
        TeamProblem(
            asked=tuple(
                Capability(requested.concept, requested.essential, 1.0 if requested.essential else WISHED_WEIGHT)
                for requested in asked
            ),
            offers=tuple(
                teams.TeamOffer(key, str(offer.provider_id), fits[key], _euros(offer))
                for key, offer in offers_by_key.items()
            ),
            ties={
                (str(a), str(b)): value
                for (a, b), value in collaboration_strengths([*map(int, providers)], actor).items()
            },
            places=places,
            budget=int(need.budget) if need.budget is not None and need.currency == "EUR" else None,
            exclusions=tuple(provider_exclusions(need, providers, day, actor)),
            seats=_seats(need, providers.values()),
        ),
        offers_by_key,
        providers,
        frozenset(
            (matcher.index.offers[link.offer].text.key, concept)
            for concept, links in wanted.items()
            for link in links
            if link.steps > 0
        ),
    )


def _readiness_overlaps(offer: Offer, need: Need) -> bool:
    """Whether the readiness levels of the offer and the need overlap; a level not given excludes nothing."""
    if not (offer.trl_low and offer.trl_high and need.trl_low and need.trl_high):
        return True
    return offer.trl_low <= need.trl_high and need.trl_low <= offer.trl_high


def _declined(need: Need, start: dt.date) -> Q:
    """The offers whose team replied no, or is not free by the start, and all others of a team that only said no."""
    requests = list(need.requests.select_related("offer"))
    lost = [one for one in requests if one.reply == TeamReply.NO or (one.free_from and one.free_from > start)]
    waiting = {one.offer.provider_id for one in requests if one not in lost}
    providers = {one.offer.provider_id for one in lost} - waiting
    return Q(pk__in={one.offer_id for one in lost}) | Q(provider__in=providers)


def _fits(wanted: Mapping[str, Iterable[ConceptLink]], matcher: OfferMatcher) -> dict[str, dict[str, float]]:
    """How well each offer fits each capability: how near its concept is, and how much the offer is about it."""
    fits: dict[str, dict[str, float]] = {}
    for concept, links in wanted.items():
        for link in links:
            key = matcher.index.offers[link.offer].text.key
            fits.setdefault(key, {})[concept] = round(link.closeness * (0.5 + 0.5 * link.strength), 3)
    return fits


def accepted_offer_keys(need: Need, start: dt.date) -> set[str]:
    """The keys of the offers with which a team said yes and is free by the start."""
    accepted = need.requests.filter(reply=TeamReply.YES).exclude(free_from__gt=start)
    return set(accepted.values_list("offer__key", flat=True))


def _confirmed_first(fits: dict[str, dict[str, float]], confirmed: Collection[str]) -> dict[str, dict[str, float]]:
    """The fits as a search for a team counts them once some offers are confirmed."""
    if not any(key in fits for key in confirmed):
        return fits
    return {
        key: {concept: 1.0 if key in confirmed else round(fit * _UNCONFIRMED, 3) for concept, fit in by_concept.items()}
        for key, by_concept in fits.items()
    }


def _euros(offer: Offer) -> int:
    return int(offer.cost) if offer.cost is not None and offer.currency == "EUR" else 0


def _seats(need: Need, providers: Iterable[Organisation]) -> tuple[RequiredSeat, ...]:
    if not need.seat_kind:
        return ()
    return (
        RequiredSeat("seat", frozenset(str(provider.pk) for provider in providers if provider.kind == need.seat_kind)),
    )


def provider_exclusions(
    need: Need, providers: Mapping[str, Organisation], day: dt.date, actor: Actor
) -> Iterable[ProviderExclusion]:
    """The providers that fail each term of a need; what the register does not know counts as failed."""
    if need.countries:
        yield ProviderExclusion(
            "countries", frozenset(key for key, provider in providers.items() if provider.country not in need.countries)
        )
    if need.regions:
        yield ProviderExclusion(
            "regions", frozenset(key for key, provider in providers.items() if provider.region not in need.regions)
        )
    if need.label_key:
        holding = label_holders(need.label_key, [*map(int, providers)], need.label_on or day, actor)
        yield ProviderExclusion("label", frozenset(key for key in providers if int(key) not in holding))
    if busy := frozenset(map(str, busy_until([*map(int, providers)], need.start_on or day))):
        yield ProviderExclusion("capacity", busy)


def label_holders(label: str, organisation_ids: Collection[int], day: dt.date, actor: Actor) -> set[int]:
    """The organisations that hold a label on a day, surely or perhaps, themselves or through a membership."""
    ties = Tie.objects.possible_on(day).filter(subject__in=organisation_ids, kind__in=MEMBERSHIP_KINDS)
    above: dict[int, set[int]] = {organisation_id: {organisation_id} for organisation_id in organisation_ids}
    for subject, whole in ties.values_list("subject_id", "object_id"):
        above[subject].add(whole)
    held_labels = labels_held({member for group in above.values() for member in group}, day, actor)
    holding = {
        organisation_id
        for organisation_id, labels in held_labels.items()
        if any(_is_label_held(held_label, label) for held_label in labels)
    }
    return {organisation_id for organisation_id, group in above.items() if group & holding}


def _is_label_held(held_label: HeldLabel, label: str) -> bool:
    return held_label.label == label and held_label.certainty is not TruthOnDay.NO
