"""Matching a need with offers: those that fit, why, the labels of their providers, and what nothing covers."""

import datetime as dt
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from maillage.core.actors import Actor
from maillage.matching.match_result import MatchResult, Proposal
from maillage.matching.need_matching import match_need
from maillage.matching.need_reading import NeedText
from maillage.matching.tie_rise import rise_tied
from maillage.matching.vocabulary import Vocabulary
from maillage.matching.word_lists import Language
from maillage.offers.models import Offer
from maillage.offers.offer_matcher import get_offer_matcher
from maillage.offers.organisation_matcher import OrganisationMatch, match_organisations
from maillage.offers.queries import busy_until, offers
from maillage.partnerships.requester_ties import Asker, provider_ties
from maillage.projects.models import Party
from maillage.projects.queries import (
    PartnerSearch,
    PastProject,
    RankedNearParties,
    find_near_projects,
    rank_near_parties,
)
from maillage.register.label_provider import HeldLabel, labels_held

# The beginning of a longer need that is compared with past projects, in characters.
_MAX_READ = 20_000


@dataclass(frozen=True, slots=True)
class OfferMatch:
    """An offer proposed for a need: the matcher's reasons, and the labels and past projects of its provider.

    `free_from` is the day from which a provider at capacity takes work again; `past` are the projects nearest to the
    need; `ties` say in words what ties the provider to who asks.
    """

    offer: Offer
    proposal: Proposal
    labels: tuple[HeldLabel, ...]
    free_from: dt.date | None = None
    past: tuple[PastProject, ...] = ()
    ties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferMatches:
    """The result for one need. `milliseconds` is the time of the matching alone.

    `organisations` are those that do what no offer covers, by what the register says of them.
    """

    answer: MatchResult
    proposed: tuple[OfferMatch, ...]
    vocabulary: Vocabulary
    compared: int
    milliseconds: float
    organisations: tuple[OrganisationMatch, ...] = ()

    def name(self, concept: str) -> str:
        """The name of a concept in the reader's language."""
        return self.vocabulary.concept(concept).label(reader_language())


def reader_language() -> Language:
    """The active language, as the matcher names it."""
    return Language.FR if (get_language() or "fr").startswith("fr") else Language.EN


def match_offers(
    text: str,
    *,
    actor: Actor,
    on: dt.date,
    known: dt.datetime | None = None,
    title: str = "",
    past: bool = True,
    asker: Asker | None = None,
) -> OfferMatches:
    """Match a need of any length in French or English with the offers this actor may read on a day.

    `past` says whether to look for past projects of providers too, which takes longer. Offers of providers that are
    tied to the `asker`, if one is given, come a little earlier.
    """
    matcher = get_offer_matcher(actor=actor, on=on, known=known)
    begun = time.perf_counter()
    need = NeedText(text=text, title=title)
    result = match_need(need, matcher.index, matcher.vocabulary)
    spent = (time.perf_counter() - begun) * 1000
    requested = NeedText(text=text[:_MAX_READ] if past else "", title=title)
    proposed = _with_evidence(result, requested, matcher.vocabulary, asker, actor=actor, on=on)
    others = () if known else match_organisations(need, result, matcher.vocabulary, on)
    return OfferMatches(result, proposed, matcher.vocabulary, len(matcher.index.offers), spent, others)


def similar_past_projects(
    text: str, concepts: Iterable[str], vocabulary: Vocabulary, organisation_ids: Collection[int], actor: Actor
) -> dict[int, list[PastProject]]:
    """The past projects nearest to a need, by organisation id; searched in both languages.

    The query is the text as it was written, with the names in each language of the concepts it asks for (keys).
    """
    return find_near_projects(_text_in_both_languages(text, concepts, vocabulary), organisation_ids, actor)


def partners_from_past_projects(
    text: str, concepts: Iterable[str], vocabulary: Vocabulary, actor: Actor, members: Collection[Party] = ()
) -> RankedNearParties:
    """The parties of past projects ranked for a need, whether or not they offer anything here.

    With `members` the others are ranked to join them.
    """
    read = text[:_MAX_READ]
    texts = _text_in_both_languages(read, concepts, vocabulary)
    return rank_near_parties(PartnerSearch(read, texts, tuple(members)), vocabulary, actor)


def _text_in_both_languages(text: str, concepts: Iterable[str], vocabulary: Vocabulary) -> dict[Language, str]:
    requested = [vocabulary.concept(key) for key in concepts if key in vocabulary.concepts or key in vocabulary.aliases]
    return {language: " ".join((text, *(concept.label(language) for concept in requested))) for language in Language}


def _with_evidence(
    result: MatchResult,
    need: NeedText,
    vocabulary: Vocabulary,
    asker: Asker | None,
    *,
    actor: Actor,
    on: dt.date,
) -> tuple[OfferMatch, ...]:
    keys = [proposal.offer for proposal in result.proposals]
    records = {offer.key: offer for offer in offers(actor=actor).filter(key__in=keys)}
    providers = [offer.provider_id for offer in records.values()]
    labels = labels_held(providers, on, actor)
    concepts = [requested.concept for requested in result.asked]
    words = f"{need.title} {need.text}".strip()
    past = similar_past_projects(words, concepts, vocabulary, set(providers), actor) if words else {}
    full = busy_until(providers, on)
    ties = provider_ties(asker, [offer.provider for offer in records.values()], actor) if asker else {}
    ranked = rise_tied(result.proposals, {key: len(ties.get(offer.provider_id, ())) for key, offer in records.items()})
    matched = [(records[proposal.offer], proposal) for proposal in ranked if proposal.offer in records]
    # In the order of the ranking, but offers of providers at capacity come last.
    matched.sort(key=lambda pair: pair[0].provider_id in full)
    return tuple(
        OfferMatch(
            offer,
            proposal,
            tuple(labels.get(offer.provider_id, ())),
            full.get(offer.provider_id),
            tuple(past.get(offer.provider_id, ())),
            tuple(ties.get(offer.provider_id, ())),
        )
        for offer, proposal in matched
    )
