"""Match a need with offers: which offers are proposed, why, and which requested concepts no offer covers.

What a need requests is read in `need_reading`. An offer is proposed only if all hold:

1. *The need is within the subjects of the offers.* At least half of the mentions of its subjects are of concepts that
   some offer has: diseases and fields, and products that offers have (the applicant's own product is not counted).
   One that names diseases, or an unknown word that ends as theirs do, must share a disease or field with an offer.
   When it names no subject, at least a quarter of its content words must name products, services or settings, and
   fewer than three in ten of its topics be words that nothing knows. Settings ("company", "patient", "data",
   "network") alone never make an answer, and filler words only affect the rank.
2. *The offer meets it.* It meets a requested subject, with weight times closeness of one half or more; an offer
   that names no subject, or any offer when the need names no disease or field, may meet a service instead. In a
   short need, the provider's name written as a name (FILOthèque) is enough for 1 and 2.
3. *It is not about another disease.* When both name diseases, one must be the other's, or wider or narrower.
4. *It compares with the best.* Its score is at least a fifth of the best one.

Otherwise the answer says that nothing fits, and why.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from maillage.matching.coverage import Coverage, concept_coverage
from maillage.matching.match_result import (
    ConceptMatch,
    MatchResult,
    NoMatchReason,
    OpposedConcept,
    Proposal,
    ProposalReasons,
    RequestedConcept,
    StageMatch,
    UncoveredConcept,
    WordMatch,
)
from maillage.matching.need_reading import CHANCE_RATES, DOMAINS, MIN_CONCEPT_WEIGHT, NeedText, ReadNeed, concept_weight
from maillage.matching.offer_index import ConceptLink, IndexedOffer, OfferIndex
from maillage.matching.research_stage import find_phases, is_phase_number, phase_name
from maillage.matching.text import PAUSE, is_filler
from maillage.matching.unknown_words import UnknownWord, find_unknown_words
from maillage.matching.vocabulary import Facet, Vocabulary
from maillage.matching.word_lists import Language

FACET_WEIGHTS: Final[Mapping[Facet, float]] = {
    Facet.DISEASE: 1.0,
    Facet.PRODUCT: 0.9,
    Facet.FIELD: 0.8,
    Facet.SERVICE: 0.8,
    Facet.FRAME: 0.25,
}

MIN_KNOWN_SHARE: Final = 0.5
MIN_EXPLAINED_SHARE: Final = 0.25
MIN_SHARE_OF_BEST_SCORE: Final = 0.2
WORD_WEIGHT: Final = 0.3
STAGE_FIT_FACTOR: Final = 1.15
STAGE_MISMATCH_FACTOR: Final = 0.6
POPULATION_FACTOR: Final = 1.25
OTHER_POPULATION_FACTOR: Final = 0.8
"""Factor for an offer to one population, where the need does not say that it is about that one."""

OPPOSED_FACTOR: Final = 0.3
EXCLUDED_FACTOR: Final = 0.25
PARTLY_EXCLUDED_FACTOR: Final = 0.6
"""Factor for an offer of several services, where one is ruled out and another asked for."""

MIN_UNKNOWN_SHARE: Final = 0.3
MAX_PROPOSALS: Final = 10


def match_need(need: NeedText, index: OfferIndex, vocabulary: Vocabulary, *, limit: int = MAX_PROPOSALS) -> MatchResult:
    """Match a need with an index built on the same vocabulary: at most `limit` proposals, best first.

    The result is deterministic. Never raises on any text; the time is bounded, since at most `MAX_READ_LENGTH`
    characters are read (with a notice in the result if the text is longer).
    """
    request = ReadNeed.of(need, vocabulary)
    matches = _match_offers(request, index)
    unknown = find_unknown_words(request.reading, request.languages, request.understood, index.stems)
    reason = _no_match_reason(request, matches, unknown)
    proposals = () if reason else _proposals(request, matches, index, vocabulary, limit)
    return MatchResult(
        languages=request.languages,
        asked=request.asked,
        proposals=proposals,
        uncovered=_uncovered(request, proposals),
        nothing_fits=None if proposals else reason or NoMatchReason.NO_OFFER,
        trl=request.trl,
        phases=tuple(sorted(request.phases)),
        notices=request.reading.notices,
        excluded=tuple(request.excluded.items()),
        unknown=tuple(word.text for word in unknown),
    )


@dataclass(slots=True)
class _OfferMatch:
    """Concepts and words that one offer and the need have in common."""

    links: dict[str, tuple[RequestedConcept, ConceptLink]]
    words: dict[str, WordMatch]
    word_score: float = 0.0
    by_name: bool = False

    @property
    def score(self) -> float:
        concepts = sum(
            FACET_WEIGHTS[requested.facet] * requested.weight * link.value for requested, link in self.links.values()
        )
        return concepts + WORD_WEIGHT * self.word_score

    def meets(self, facets: Iterable[Facet]) -> bool:
        """Whether a requested concept of one of these facets is met closely enough."""
        facet_set = frozenset(facets)
        return any(
            requested.facet in facet_set
            and requested.weight * _serving_closeness(requested, link) >= MIN_CONCEPT_WEIGHT
            for requested, link in self.links.values()
        )


def _serving_closeness(requested: RequestedConcept, link: ConceptLink) -> float:
    """How well the offer's concept serves what is asked: an offer for a wider disease or field serves each narrower."""
    return 1.0 if requested.facet in DOMAINS and link.steps > 0 else link.closeness


_SUBJECTS: Final = frozenset(facet for facet in Facet if facet.is_subject)


def _match_offers(request: ReadNeed, index: OfferIndex) -> dict[int, _OfferMatch]:
    matches: dict[int, _OfferMatch] = defaultdict(lambda: _OfferMatch({}, {}))
    for requested in request.asked:
        for link in index.links(requested.concept):
            matches[link.offer].links[requested.concept] = (requested, link)
    # The name of a provider counts in a short text only; in a long one it may be a passing mention.
    if concept_weight(1, CHANCE_RATES[Facet.DISEASE] * len(request.reading.words)) >= MIN_CONCEPT_WEIGHT:
        for _, word in _plain_words(request):
            for offer in index.named(word):
                matches[offer].by_name = True
    return matches


def _add_word_matches(request: ReadNeed, index: OfferIndex, matches: dict[int, _OfferMatch]) -> None:
    """Add words of the need that belong to no concept: they only affect the rank."""
    for position, word in _plain_words(request):
        for language in request.languages:
            _add_word_match(word, request.reading.stems[language][position], language, index, matches)


def _plain_words(request: ReadNeed) -> Iterable[tuple[int, str]]:
    seen: set[str] = set()
    for position, word in enumerate(request.reading.words):
        if word and word not in seen and position not in request.named and not _is_no_subject(word):
            seen.add(word)
            yield position, word


def _is_no_subject(word: str) -> bool:
    # Phases are compared as stages, so their numerals do not count as common words.
    return is_filler(word) or is_phase_number(word)


def _add_word_match(
    word: str, stem: str, language: Language, index: OfferIndex, matches: dict[int, _OfferMatch]
) -> None:
    if not stem or stem == PAUSE:
        return
    postings, rarity = index.postings(stem, language)
    for posting in postings:
        match = matches[posting.offer]
        # A stem that both languages share counts once.
        if stem not in match.words:
            match.words[stem] = WordMatch(word, posting.surface)
            match.word_score += posting.strength * rarity


def _no_match_reason(
    request: ReadNeed, matches: Mapping[int, _OfferMatch], unknown: Sequence[UnknownWord]
) -> NoMatchReason | None:
    """The reason why the need is outside of the subjects of the offers, or None."""
    if any(match.by_name for match in matches.values()):
        return None
    if not any(request.reading.words):
        return NoMatchReason.EMPTY
    if not any(requested.facet is not Facet.FRAME for requested in request.asked):
        return NoMatchReason.GENERIC
    matched_keys = {key for match in matches.values() for key in match.links}
    domains = request.domains
    products = [requested for requested in request.asked if _is_met_product(requested, matched_keys)]
    if not (domains or products):
        return _too_little_known(request, unknown)
    if not any(requested.concept in matched_keys for requested in domains) and (
        request.diseases or any(word.looks_like_disease for word in unknown)
    ):
        return NoMatchReason.OTHER_SUBJECT
    subjects = [*domains, *products]
    known_count = sum(requested.count for requested in subjects if requested.concept in matched_keys)
    return (
        None
        if known_count >= MIN_KNOWN_SHARE * sum(requested.count for requested in subjects)
        else NoMatchReason.OTHER_SUBJECT
    )


def _too_little_known(request: ReadNeed, unknown: Sequence[UnknownWord]) -> NoMatchReason | None:
    """The reason to refuse a need that names services only: its subject may be among the words not understood."""
    topics = sum(not word.named for word in unknown)
    services = sum(requested.facet is not Facet.FRAME for requested in request.asked)
    if any(word.looks_like_disease for word in unknown) or topics >= MIN_UNKNOWN_SHARE * (topics + services) > 0:
        return NoMatchReason.OTHER_SUBJECT
    return None if request.explained >= MIN_EXPLAINED_SHARE else NoMatchReason.TOO_LITTLE


def _is_met_product(requested: RequestedConcept, matched_keys: Container[str]) -> bool:
    return requested.facet is Facet.PRODUCT and requested.concept in matched_keys


def _proposals(
    request: ReadNeed, matches: dict[int, _OfferMatch], index: OfferIndex, vocabulary: Vocabulary, limit: int
) -> tuple[Proposal, ...]:
    """The best proposals; reasons are built for these only, however many offers there are."""
    _add_word_matches(request, index, matches)
    fitting = [
        (index.offers[position], match)
        for position, match in matches.items()
        if _fits(request, index.offers[position], match, vocabulary)
    ]
    scored = [(_score(request, offer, match, vocabulary), offer, match) for offer, match in fitting]
    scored.sort(key=lambda entry: (-entry[0], entry[1].text.key))
    return tuple(
        _proposal(request, offer, match, score, vocabulary)
        for score, offer, match in scored[:limit]
        if score >= MIN_SHARE_OF_BEST_SCORE * scored[0][0]
    )


def _score(request: ReadNeed, offer: IndexedOffer, match: _OfferMatch, vocabulary: Vocabulary) -> float:
    factors = [STAGE_FIT_FACTOR if stage.fits else STAGE_MISMATCH_FACTOR for stage in _stage_matches(request, offer)]
    factors += [OPPOSED_FACTOR for _opposed in _opposed_concepts(request, offer, vocabulary)]
    excluded_factor = PARTLY_EXCLUDED_FACTOR if _offers_service(match, offer) else EXCLUDED_FACTOR
    factors += [excluded_factor for _excluded in _excluded_concepts(request, offer, vocabulary)]
    if any(vocabulary.opposites(key) and link.steps == 0 for key, (_asked, link) in match.links.items()):
        factors.append(POPULATION_FACTOR)
    elif offer.populations and not _opposed_concepts(request, offer, vocabulary):
        factors.append(OTHER_POPULATION_FACTOR)
    return round(float(match.score * math.prod(factors)), 6)


def _offers_service(match: _OfferMatch, offer: IndexedOffer) -> bool:
    """Whether the offer names in its title or key words a service that is asked for."""
    return any(
        requested.facet is Facet.SERVICE and link.steps == 0 and key in offer.headline
        for key, (requested, link) in match.links.items()
    )


def _fits(request: ReadNeed, offer: IndexedOffer, match: _OfferMatch, vocabulary: Vocabulary) -> bool:
    """Conditions 2 and 3 in the docstring of the module."""
    if match.by_name:
        return True
    if _is_about_other_diseases(request, offer, vocabulary):
        return False
    if match.meets(_SUBJECTS):
        return True
    open_to_all = not request.domains or not offer.subjects
    return open_to_all and match.meets((Facet.SERVICE,))


def _is_about_other_diseases(request: ReadNeed, offer: IndexedOffer, vocabulary: Vocabulary) -> bool:
    requested_keys = {requested.concept for requested in request.diseases}
    requested_or_wider = requested_keys.union(*(vocabulary.ancestors(key) for key in requested_keys))
    related = (
        key in requested_or_wider or not requested_keys.isdisjoint(vocabulary.ancestors(key)) for key in offer.diseases
    )
    return bool(requested_keys and offer.diseases) and not any(related)


def _proposal(
    request: ReadNeed, offer: IndexedOffer, match: _OfferMatch, score: float, vocabulary: Vocabulary
) -> Proposal:
    links = sorted(match.links.values(), key=lambda pair: (-_link_value(*pair), pair[0].concept))
    requested_weight = sum(FACET_WEIGHTS[requested.facet] * requested.weight for requested in request.asked)
    covered = sum(FACET_WEIGHTS[requested.facet] * requested.weight * link.closeness for requested, link in links)
    return Proposal(
        offer=offer.text.key,
        score=score,
        coverage=round(covered / requested_weight, 4) if requested_weight else 0.0,
        why=ProposalReasons(
            concepts=tuple(_concept_match(requested, link, offer, request.languages) for requested, link in links),
            words=tuple(match.words.values()),
            stages=_stage_matches(request, offer),
            opposed=_opposed_concepts(request, offer, vocabulary),
            excluded=_excluded_concepts(request, offer, vocabulary),
        ),
    )


def _excluded_concepts(request: ReadNeed, offer: IndexedOffer, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The concepts that the need rules out and the offer is about, itself or through a narrower one."""
    lineage = offer.headline.union(*(vocabulary.ancestors(key) for key in offer.headline)) if request.excluded else ()
    return tuple(
        key for key, surface in request.excluded.items() if key in lineage and not _has_other_phases(offer, surface)
    )


def _has_other_phases(offer: IndexedOffer, excluded: str) -> bool:
    """Whether the phases that a need rules out leave some of those of the offer."""
    phases = find_phases(excluded)
    return bool(phases and offer.phases - phases)


def _opposed_concepts(request: ReadNeed, offer: IndexedOffer, vocabulary: Vocabulary) -> tuple[OpposedConcept, ...]:
    """Concepts of the offer that rule out a requested one, such as adults for a need about children."""
    return tuple(
        OpposedConcept(requested.concept, opposite)
        for requested in request.asked
        if requested.concept not in offer.surfaces
        for opposite in sorted(vocabulary.opposites(requested.concept))
        if opposite in offer.surfaces
    )


def _link_value(requested: RequestedConcept, link: ConceptLink) -> float:
    return FACET_WEIGHTS[requested.facet] * requested.weight * link.value


def _concept_match(
    requested: RequestedConcept, link: ConceptLink, offer: IndexedOffer, languages: tuple[Language, ...]
) -> ConceptMatch:
    surfaces = offer.surfaces[link.concept]
    available = [language for language in (None, *requested.languages, *languages) if language in surfaces]
    language, surface = next(iter(surfaces.items())) if not available else (available[0], surfaces[available[0]])
    translated = not available and None not in requested.languages
    return ConceptMatch(
        requested.concept, link.concept, link.steps, requested.surfaces[0], surface, translated, language
    )


def _stage_matches(request: ReadNeed, offer: IndexedOffer) -> tuple[StageMatch, ...]:
    stages = []
    if request.trl and offer.text.trl:
        stages.append(StageMatch(str(request.trl), str(offer.text.trl), request.trl.overlaps(offer.text.trl)))
    if request.phases and offer.phases:
        fits = not request.phases.isdisjoint(offer.phases)
        stages.append(StageMatch(phase_name(*sorted(request.phases)), phase_name(*sorted(offer.phases)), fits))
    return tuple(stages)


def _uncovered(request: ReadNeed, proposals: Iterable[Proposal]) -> tuple[UncoveredConcept, ...]:
    met: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for proposal in proposals:
        for match in proposal.why.concepts:
            met[match.asked].append((match.met, match.steps))
    asked = {item.concept: item for item in request.asked if item.facet is not Facet.FRAME}
    covered = (concept_coverage(key, met[key]) for key in asked)
    return tuple(
        UncoveredConcept(item.concept, asked[item.concept].surfaces, item.nearest)
        for item in covered
        if item.coverage is not Coverage.COVERED
    )
