"""What an answer says, line by line, of what a need asks for: the same on pages, in the letter and its PDF."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from maillage.core.actors import Actor
from maillage.offers.models import Offer
from maillage.offers.offer_matcher import get_offer_matcher
from maillage.partnerships.models import Coverage, Need, TeamReply
from maillage.partnerships.queries import answering_organisation_ids


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One capability that is asked for (key of a concept), how far the team meets it, and by which organisations."""

    concept: str
    essential: bool
    coverage: Coverage
    providers: list[str]


def coverage_lines(
    need: Need, team: Collection[Offer], brings: Mapping[int, Collection[str]], actor: Actor, day: dt.date
) -> list[CoverageLine]:
    """A line for each capability of the need; `brings` holds the concepts that each offer (id) covers.

    Covered by teams that have not said yes is yet to be confirmed; met by wider offers alone is nearly covered.
    """
    index = get_offer_matcher(actor=actor, on=day).index
    positions = {one.text.key: position for position, one in enumerate(index.offers)}
    sure = _confirmed_provider_ids(need)
    lines: list[CoverageLine] = []
    for capability in need.asked.order_by("-essential", "pk"):
        concept = capability.concept
        covering = [offer for offer in team if concept in brings.get(offer.pk, ())]
        near = {link.offer for link in index.links(concept)}
        nearby = [offer for offer in team if positions.get(offer.key, -1) in near]
        coverage = Coverage.NEARLY if nearby else Coverage.NONE
        if covering:
            is_sure = any(offer.provider_id in sure for offer in covering)
            coverage = Coverage.COVERED if is_sure else Coverage.UNCONFIRMED
        names = sorted({_name(offer) for offer in covering or nearby})
        lines.append(CoverageLine(concept, capability.essential, coverage, names))
    return lines


def _confirmed_provider_ids(need: Need) -> set[int]:
    """The providers that said yes, and those who answer the need themselves."""
    said_yes = need.requests.filter(reply=TeamReply.YES).values_list("offer__provider_id", flat=True)
    return {*said_yes, *answering_organisation_ids(need)}


def _name(offer: Offer) -> str:
    return offer.provider.short_name or str(offer.provider)
