"""How far offers meet what a need asks for, line by line: the same on pages, in the letter and its PDF.

The rule itself is `matching.coverage.concept_coverage`; here a team that has not said yes is yet to be confirmed.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from maillage.core.actors import Actor
from maillage.matching.coverage import Coverage as RuleCoverage
from maillage.matching.coverage import concept_coverage
from maillage.matching.offer_index import ConceptLink
from maillage.offers.models import Offer
from maillage.offers.offer_matcher import get_offer_matcher
from maillage.offers.queries import offers
from maillage.partnerships.models import Coverage, Need, TeamReply
from maillage.partnerships.queries import answering_organisation_ids

# A capability names at most so many offers of the register that meet it.
MAX_OFFERS_OF_CAPABILITY = 4


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One capability that is asked for (key of a concept), how far the offers meet it, and by which of them.

    `nearest` are the wider concepts through which it is nearly covered.
    """

    concept: str
    essential: bool
    coverage: Coverage
    offers: list[Offer]
    nearest: tuple[str, ...] = ()

    @property
    def providers(self) -> list[str]:
        """The names of the organisations that meet it."""
        return sorted({offer.provider.short_name or str(offer.provider) for offer in self.offers})


def coverage_lines(
    need: Need, team: Collection[Offer], brings: Mapping[int, Collection[str]], actor: Actor, day: dt.date
) -> list[CoverageLine]:
    """A line for each capability of the need; `brings` holds the concepts that each offer (id) is said to cover.

    Covered by teams that have not said yes is yet to be confirmed; met by wider offers alone is nearly covered.
    """
    index = get_offer_matcher(actor=actor, on=day).index
    by_key = {offer.key: offer for offer in team}
    sure, lines = _confirmed_provider_ids(need), []
    for capability in need.asked.order_by("-essential", "pk"):
        links = [link for link in index.links(capability.concept) if index.offers[link.offer].text.key in by_key]
        ranked = sorted(links, key=lambda link: -link.closeness * link.strength)
        pairs = [(by_key[index.offers[link.offer].text.key], link) for link in ranked]
        said = [offer for offer in team if capability.concept in brings.get(offer.pk, ())]
        lines.append(_line(capability.concept, capability.essential, pairs, said, sure))
    return lines


def _line(
    concept: str, essential: bool, pairs: list[tuple[Offer, ConceptLink]], said: list[Offer], sure: Collection[int]
) -> CoverageLine:
    met = [(link.concept, link.steps) for _offer, link in pairs] + [(concept, 0)] * len(said)
    rule = concept_coverage(concept, met)
    if rule.coverage is not RuleCoverage.COVERED:
        coverage = Coverage.NEARLY if rule.coverage is RuleCoverage.NEARLY else Coverage.NONE
        return CoverageLine(concept, essential, coverage, [offer for offer, _link in pairs], rule.nearest)
    covering = said or [offer for offer, link in pairs if link.steps <= 0]
    is_sure = any(offer.provider_id in sure for offer in covering)
    return CoverageLine(concept, essential, Coverage.COVERED if is_sure else Coverage.UNCONFIRMED, covering)


def register_offers(need: Need, actor: Actor, day: dt.date) -> list[Offer]:
    """The offers of the register that meet best, in whole or in part, what a need asks for; not those that said no."""
    index = get_offer_matcher(actor=actor, on=day).index
    keys: set[str] = set()
    for concept in need.asked.values_list("concept", flat=True):
        keys.update(index.offers[link.offer].text.key for link in _best_links(index.links(concept)))
    declined = need.requests.filter(reply=TeamReply.NO).values("offer")
    return list(offers(actor=actor).filter(key__in=keys).exclude(pk__in=declined).select_related("provider"))


def _best_links(links: Iterable[ConceptLink]) -> list[ConceptLink]:
    ranked = sorted(links, key=lambda link: (link.steps > 0, -link.closeness * link.strength))
    return ranked[:MAX_OFFERS_OF_CAPABILITY]


def _confirmed_provider_ids(need: Need) -> set[int]:
    """The providers that said yes, and those who answer the need themselves."""
    said_yes = need.requests.filter(reply=TeamReply.YES).values_list("offer__provider_id", flat=True)
    return {*said_yes, *answering_organisation_ids(need)}


def requested_parts(need: Need, team: Collection[Offer], actor: Actor, day: dt.date) -> dict[int, list[str]]:
    """What each offer (id) is asked for: the capabilities of a need (keys) that it meets, in whole or in part."""
    index = get_offer_matcher(actor=actor, on=day).index
    parts: dict[int, list[str]] = {offer.pk: [] for offer in team}
    for concept in need.asked.order_by("-essential", "pk").values_list("concept", flat=True):
        keys = {index.offers[link.offer].text.key for link in index.links(concept)}
        for offer in team:
            if offer.key in keys:
                parts[offer.pk].append(concept)
    return parts
