"""Match a need with offers: which offers are proposed, why, and which requested concepts no offer covers.

**What a need requests.** A concept is requested when it is named more often than by chance. In a text of n content
words (neither stop words nor filler), a concept that would come up with rate r in any text of this kind is expected
λ = r·n times; k > λ mentions are by chance with a probability of at most exp(λ - k + k·ln(λ / k)), the Chernoff
bound of the Poisson law. One less that bound is the *weight* of the concept, which is requested from one half up: more
likely meant than not. So each word of a short request counts, and a passing mention in ten pages does not. The rates
are set by hand on the cautious side; wider concepts and single words come up more.

**What is proposed.** An offer is proposed only if all hold:

1. *The need is within the subjects of the offers.* At least half of the mentions of its subjects are of concepts that
   some offer has: diseases and fields, and products that offers have (the applicant's own product is not counted).
   When it names none, at least a quarter of its content words must name products or services. Settings ("company",
   "patient", "data", "network") and filler words never count: they only affect the rank.
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
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

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
from maillage.matching.offer_index import ConceptLink, IndexedOffer, OfferIndex
from maillage.matching.research_stage import TrlRange, find_phases, find_trl, is_phase_number, phase_name
from maillage.matching.text import MAX_READ_LENGTH, PAUSE, ParsedText, is_filler, parse_text
from maillage.matching.vocabulary import Facet, Mention, Vocabulary
from maillage.matching.word_lists import Language

CHANCE_RATES: Final[Mapping[Facet, float]] = {
    Facet.DISEASE: 0.001,
    Facet.PRODUCT: 0.001,
    Facet.FIELD: 0.001,
    Facet.SERVICE: 0.002,
    Facet.FRAME: 0.01,
}
"""The assumed rate by chance of a one-word name of a topmost concept, by facet, per content word.

In 629 European calls of all subjects (218,000 content words), nine topmost concepts in ten come up less often than
0.0003 (diseases), 0.0009 (products), 0.0015 (services) and 0.0045 (settings). Fields are what those calls are about, so
no rate of chance can be measured there.
"""

FACET_WEIGHTS: Final[Mapping[Facet, float]] = {
    Facet.DISEASE: 1.0,
    Facet.PRODUCT: 0.9,
    Facet.FIELD: 0.8,
    Facet.SERVICE: 0.8,
    Facet.FRAME: 0.25,
}

MIN_CONCEPT_WEIGHT: Final = 0.5
MIN_KNOWN_SHARE: Final = 0.5
MIN_EXPLAINED_SHARE: Final = 0.25
MIN_SHARE_OF_BEST_SCORE: Final = 0.2
TITLE_MULTIPLIER: Final = 3
WORD_WEIGHT: Final = 0.3
STAGE_FIT_FACTOR: Final = 1.15
STAGE_MISMATCH_FACTOR: Final = 0.6
OPPOSED_FACTOR: Final = 0.5
MAX_PROPOSALS: Final = 10


@dataclass(frozen=True, slots=True)
class NeedText:
    """A need as it was written. Concepts in its title count three times.

    `languages` overrides the guess; `trl` overrides levels named in the text.
    """

    text: str
    title: str = ""
    languages: tuple[Language, ...] = ()
    trl: TrlRange | None = None


def match_need(need: NeedText, index: OfferIndex, vocabulary: Vocabulary, *, limit: int = MAX_PROPOSALS) -> MatchResult:
    """Match a need with an index built on the same vocabulary: at most `limit` proposals, best first.

    The result is deterministic. Never raises on any text; the time is bounded, since at most `MAX_READ_LENGTH`
    characters are read (with a notice in the result if the text is longer).
    """
    request = _ReadNeed.of(need, vocabulary)
    matches = _match_offers(request, index)
    reason = _no_match_reason(request, matches)
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
    )


@dataclass(frozen=True, slots=True)
class _ReadNeed:
    """A parsed need, with the concepts it requests."""

    reading: ParsedText
    languages: tuple[Language, ...]
    asked: tuple[RequestedConcept, ...]
    named: frozenset[int]
    explained: float
    trl: TrlRange | None
    phases: frozenset[int]

    @classmethod
    def of(cls, need: NeedText, vocabulary: Vocabulary) -> _ReadNeed:
        reading = parse_text(f"{need.title} \n\n{need.text}" if need.title else need.text)
        languages = need.languages or reading.languages
        mentions = vocabulary.mentions(reading, languages)
        heading = len(parse_text(need.title).words) if need.title else 0
        content = _content_words(reading, mentions, vocabulary)
        requested_concepts = _requested_concepts(
            mentions, heading, sum(content) + (TITLE_MULTIPLIER - 1) * sum(content[:heading]), vocabulary
        )
        beginning = need.text[:MAX_READ_LENGTH]
        return cls(
            reading=reading,
            languages=languages,
            asked=requested_concepts,
            named=frozenset(position for mention in mentions for position in range(mention.start, mention.end)),
            explained=_explained_share(mentions, requested_concepts, content),
            trl=need.trl or find_trl(f"{need.title} {beginning}"),
            phases=find_phases(f"{need.title} {beginning}"),
        )

    @property
    def domains(self) -> list[RequestedConcept]:
        """The requested diseases and fields."""
        return [requested for requested in self.asked if requested.facet in _DOMAINS]

    @property
    def diseases(self) -> list[RequestedConcept]:
        return [requested for requested in self.asked if requested.facet is Facet.DISEASE]


def _content_words(reading: ParsedText, mentions: Iterable[Mention], vocabulary: Vocabulary) -> list[bool]:
    """For each word, whether it has content: no stop word and no filler, unless part of a name ("first project")."""
    content = [bool(word) and not is_filler(word) for word in reading.words]
    for mention in mentions:
        if vocabulary.concept(mention.concept).facet is not Facet.FRAME:
            content[mention.start : mention.end] = [True] * (mention.end - mention.start)
    return content


def _requested_concepts(
    mentions: Iterable[Mention], heading: int, content_words: int, vocabulary: Vocabulary
) -> tuple[RequestedConcept, ...]:
    """The requested concepts, those with the highest weight and most mentions first."""
    grouped: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        grouped[mention.concept].append(mention)
    weighted = (
        _weigh_concept(key, concept_mentions, heading, content_words, vocabulary)
        for key, concept_mentions in grouped.items()
    )
    return tuple(
        sorted(
            (requested for requested in weighted if requested.weight >= MIN_CONCEPT_WEIGHT),
            key=lambda requested: (-requested.weight, -requested.count, requested.concept),
        )
    )


def _weigh_concept(
    key: str, mentions: list[Mention], heading: int, content_words: int, vocabulary: Vocabulary
) -> RequestedConcept:
    facet = vocabulary.concept(key).facet
    count = sum(TITLE_MULTIPLIER if mention.start < heading else 1 for mention in mentions)
    depth = max(vocabulary.ancestors(key).values(), default=0)
    words = min(mention.end - mention.start for mention in mentions)
    rate = CHANCE_RATES[facet] / (1 + depth) / 4 ** (words - 1)
    surfaces = tuple(dict.fromkeys(mention.surface for mention in mentions))
    languages = tuple(dict.fromkeys(mention.language for mention in mentions))
    return RequestedConcept(key, facet, surfaces, languages, count, concept_weight(count, rate * content_words))


def concept_weight(count: float, expected: float) -> float:
    """Certainty, 0 to 1, that `count` mentions are not chance: by the Chernoff bound of the Poisson law.

    See the docstring of the module. `expected` is a mean number of mentions; both are at least 0.
    """
    if count <= expected:
        return 0.0
    if expected <= 0:
        return 1.0
    return 1 - math.exp(count - expected - count * math.log(count / expected))


def _explained_share(
    mentions: Iterable[Mention], requested_concepts: Iterable[RequestedConcept], content: list[bool]
) -> float:
    """The share of content words that name a requested concept other than a setting."""
    counted_keys = {requested.concept for requested in requested_concepts if requested.facet is not Facet.FRAME}
    named = sum(sum(content[mention.start : mention.end]) for mention in mentions if mention.concept in counted_keys)
    return named / max(1, sum(content))


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
            requested.facet in facet_set and requested.weight * link.closeness >= MIN_CONCEPT_WEIGHT
            for requested, link in self.links.values()
        )


_SUBJECTS: Final = frozenset(facet for facet in Facet if facet.is_subject)
_DOMAINS: Final = frozenset({Facet.DISEASE, Facet.FIELD})


def _match_offers(request: _ReadNeed, index: OfferIndex) -> dict[int, _OfferMatch]:
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


def _add_word_matches(request: _ReadNeed, index: OfferIndex, matches: dict[int, _OfferMatch]) -> None:
    """Add words of the need that belong to no concept: they only affect the rank."""
    for position, word in _plain_words(request):
        for language in request.languages:
            _add_word_match(word, request.reading.stems[language][position], language, index, matches)


def _plain_words(request: _ReadNeed) -> Iterable[tuple[int, str]]:
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


def _no_match_reason(request: _ReadNeed, matches: Mapping[int, _OfferMatch]) -> NoMatchReason | None:
    """The reason why the need is outside of the subjects of the offers, or None."""
    if any(match.by_name for match in matches.values()):
        return None
    if not any(request.reading.words):
        return NoMatchReason.EMPTY
    if not any(requested.facet is not Facet.FRAME for requested in request.asked):
        return NoMatchReason.GENERIC
    matched_keys = {key for match in matches.values() for key in match.links}
    subjects = [
        requested
        for requested in request.asked
        if requested.facet in _DOMAINS or _is_met_product(requested, matched_keys)
    ]
    if not subjects:
        return None if request.explained >= MIN_EXPLAINED_SHARE else NoMatchReason.TOO_LITTLE
    known_count = sum(requested.count for requested in subjects if requested.concept in matched_keys)
    return (
        None
        if known_count >= MIN_KNOWN_SHARE * sum(requested.count for requested in subjects)
        else NoMatchReason.OTHER_SUBJECT
    )


def _is_met_product(requested: RequestedConcept, matched_keys: Container[str]) -> bool:
    return requested.facet is Facet.PRODUCT and requested.concept in matched_keys


def _proposals(
    request: _ReadNeed, matches: dict[int, _OfferMatch], index: OfferIndex, vocabulary: Vocabulary, limit: int
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
        _proposal(request, offer, match, vocabulary)
        for score, offer, match in scored[:limit]
        if score >= MIN_SHARE_OF_BEST_SCORE * scored[0][0]
    )


def _score(request: _ReadNeed, offer: IndexedOffer, match: _OfferMatch, vocabulary: Vocabulary) -> float:
    stages = math.prod(
        STAGE_FIT_FACTOR if stage.fits else STAGE_MISMATCH_FACTOR for stage in _stage_matches(request, offer)
    )
    return round(float(match.score * stages * OPPOSED_FACTOR ** len(_opposed_concepts(request, offer, vocabulary))), 6)


def _fits(request: _ReadNeed, offer: IndexedOffer, match: _OfferMatch, vocabulary: Vocabulary) -> bool:
    """Conditions 2 and 3 in the docstring of the module."""
    if match.by_name:
        return True
    if _is_about_other_diseases(request, offer, vocabulary):
        return False
    if match.meets(_SUBJECTS):
        return True
    open_to_all = not request.domains or not offer.subjects
    return open_to_all and match.meets((Facet.SERVICE,))


def _is_about_other_diseases(request: _ReadNeed, offer: IndexedOffer, vocabulary: Vocabulary) -> bool:
    requested_keys = {requested.concept for requested in request.diseases}
    requested_or_wider = requested_keys.union(*(vocabulary.ancestors(key) for key in requested_keys))
    related = (
        key in requested_or_wider or not requested_keys.isdisjoint(vocabulary.ancestors(key)) for key in offer.diseases
    )
    return bool(requested_keys and offer.diseases) and not any(related)


def _proposal(request: _ReadNeed, offer: IndexedOffer, match: _OfferMatch, vocabulary: Vocabulary) -> Proposal:
    links = sorted(match.links.values(), key=lambda pair: (-_link_value(*pair), pair[0].concept))
    requested_weight = sum(FACET_WEIGHTS[requested.facet] * requested.weight for requested in request.asked)
    covered = sum(FACET_WEIGHTS[requested.facet] * requested.weight * link.closeness for requested, link in links)
    return Proposal(
        offer=offer.text.key,
        score=_score(request, offer, match, vocabulary),
        coverage=round(covered / requested_weight, 4) if requested_weight else 0.0,
        why=ProposalReasons(
            concepts=tuple(_concept_match(requested, link, offer, request.languages) for requested, link in links),
            words=tuple(match.words.values()),
            stages=_stage_matches(request, offer),
            opposed=_opposed_concepts(request, offer, vocabulary),
        ),
    )


def _opposed_concepts(request: _ReadNeed, offer: IndexedOffer, vocabulary: Vocabulary) -> tuple[OpposedConcept, ...]:
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


def _stage_matches(request: _ReadNeed, offer: IndexedOffer) -> tuple[StageMatch, ...]:
    stages = []
    if request.trl and offer.text.trl:
        stages.append(StageMatch(str(request.trl), str(offer.text.trl), request.trl.overlaps(offer.text.trl)))
    if request.phases and offer.phases:
        fits = not request.phases.isdisjoint(offer.phases)
        stages.append(StageMatch(phase_name(*sorted(request.phases)), phase_name(*sorted(offer.phases)), fits))
    return tuple(stages)


def _uncovered(request: _ReadNeed, proposals: Iterable[Proposal]) -> tuple[UncoveredConcept, ...]:
    covered: set[str] = set()
    nearest: dict[str, dict[str, None]] = defaultdict(dict)
    for proposal in proposals:
        for concept_match in proposal.why.concepts:
            if concept_match.steps <= 0:
                covered.add(concept_match.asked)
            else:
                nearest[concept_match.asked][concept_match.met] = None
    return tuple(
        UncoveredConcept(requested.concept, requested.surfaces, tuple(nearest[requested.concept]))
        for requested in request.asked
        if requested.facet is not Facet.FRAME and requested.concept not in covered
    )
