"""The answer to a need: which offers, why, and what nobody covers.

**What a need asks.** A concept is asked when it is named more often than chance would have it. In a text of n content
words (neither stop words nor filler), a concept that would come up with rate r in any text of this kind is expected
λ = r·n times; met k > λ times, chance explains it with a probability of at most exp(λ - k + k·ln(λ / k)), the Chernoff
bound of the Poisson law. One less that bound is the concept's *weight*, and it is asked from one half up: more likely
meant than not. So each word of a short request counts, and a passing mention in ten pages does not. The rates are
set by hand on the cautious side; wider concepts and single words come up more.

**What is proposed.** An offer is proposed only if all hold:

1. *The need is ours.* At least half of the mentions of what the need is about is something that some offer has:
   diseases and fields, and products that offers have (a product of one's own is no foreign subject). When it names
   none, at least a quarter of its content words must name products or services. Settings ("company", "patient",
   "data", "network") and filler words never count: they rank, no more.
2. *The offer meets it.* It meets a subject that is asked, with weight times closeness of one half or more; an offer
   that names no subject, or any offer when the need names no disease or field, may meet a service instead. In a
   short need, the provider's name written as a name (FILOthèque) is enough for 1 and 2.
3. *It is not about another disease.* When both name diseases, one must be the other's, or wider or narrower.
4. *It stands beside the best.* Its score is at least a fifth of the best one.

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
"""How often a one-word name of a topmost concept of each facet is taken to come up by chance, per content word.

In 629 European calls of all subjects (218,000 content words), nine topmost concepts in ten come up less often than
0.0003 (diseases), 0.0009 (products), 0.0015 (services) and 0.0045 (settings). Fields are what those calls are about, so
no rate of chance can be read there.
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
    """A request as it was written. What its title names counts three times.

    `languages` overrides the guess; `trl` overrides levels named in the text.
    """

    text: str
    title: str = ""
    languages: tuple[Language, ...] = ()
    trl: TrlRange | None = None


def match_need(need: NeedText, index: OfferIndex, vocabulary: Vocabulary, *, limit: int = MAX_PROPOSALS) -> MatchResult:
    """Answer a need from an index built on the same vocabulary: at most `limit` proposals, best first.

    The same need, index and vocabulary give the same answer. Never raises on any text; the time is bounded since at
    most `MAX_READ_LENGTH` characters are read, which the answer's notices then say.
    """
    request = _ReadNeed.of(need, vocabulary)
    meetings = _match_offers(request, index)
    reason = _no_match_reason(request, meetings)
    kept = () if reason else _proposals(request, meetings, index, vocabulary, limit)
    return MatchResult(
        languages=request.languages,
        asked=request.asked,
        proposals=kept,
        uncovered=_uncovered(request, kept),
        nothing_fits=None if kept else reason or NoMatchReason.NO_OFFER,
        trl=request.trl,
        phases=tuple(sorted(request.phases)),
        notices=request.reading.notices,
    )


@dataclass(frozen=True, slots=True)
class _ReadNeed:
    """A need once read."""

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
        asked = _requested_concepts(
            mentions, heading, sum(content) + (TITLE_MULTIPLIER - 1) * sum(content[:heading]), vocabulary
        )
        head = need.text[:MAX_READ_LENGTH]
        return cls(
            reading=reading,
            languages=languages,
            asked=asked,
            named=frozenset(position for mention in mentions for position in range(mention.start, mention.end)),
            explained=_explained_share(mentions, asked, content),
            trl=need.trl or find_trl(f"{need.title} {head}"),
            phases=find_phases(f"{need.title} {head}"),
        )

    @property
    def domains(self) -> list[RequestedConcept]:
        """What the need is about, without the product it may bring."""
        return [asked for asked in self.asked if asked.facet in _DOMAINS]

    @property
    def diseases(self) -> list[RequestedConcept]:
        return [asked for asked in self.asked if asked.facet is Facet.DISEASE]


def _content_words(reading: ParsedText, mentions: Iterable[Mention], vocabulary: Vocabulary) -> list[bool]:
    """Which words carry content: all but stop words and filler, unless filler is part of a name ("first project")."""
    content = [bool(word) and not is_filler(word) for word in reading.words]
    for mention in mentions:
        if vocabulary.concept(mention.concept).facet is not Facet.FRAME:
            content[mention.start : mention.end] = [True] * (mention.end - mention.start)
    return content


def _requested_concepts(
    mentions: Iterable[Mention], heading: int, content_words: int, vocabulary: Vocabulary
) -> tuple[RequestedConcept, ...]:
    """Concepts the need asks for, those with most weight and mentions first."""
    grouped: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        grouped[mention.concept].append(mention)
    weighed = (_weigh_concept(key, met, heading, content_words, vocabulary) for key, met in grouped.items())
    return tuple(
        sorted((a for a in weighed if a.weight >= MIN_CONCEPT_WEIGHT), key=lambda a: (-a.weight, -a.count, a.concept))
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
    """How sure it is that `count` mentions are not chance when `expected` are: 0 to 1, by Chernoff's bound for Poisson.

    See the module's account. `expected` is a mean number of mentions; both are at least 0.
    """
    if count <= expected:
        return 0.0
    if expected <= 0:
        return 1.0
    return 1 - math.exp(count - expected - count * math.log(count / expected))


def _explained_share(mentions: Iterable[Mention], asked: Iterable[RequestedConcept], content: list[bool]) -> float:
    """The share of content words that name an asked concept other than a setting."""
    telling = {item.concept for item in asked if item.facet is not Facet.FRAME}
    named = sum(sum(content[mention.start : mention.end]) for mention in mentions if mention.concept in telling)
    return named / max(1, sum(content))


@dataclass(slots=True)
class _OfferMatch:
    """What one offer and the need have in common."""

    links: dict[str, tuple[RequestedConcept, ConceptLink]]
    words: dict[str, WordMatch]
    word_score: float = 0.0
    by_name: bool = False

    @property
    def score(self) -> float:
        concepts = sum(FACET_WEIGHTS[asked.facet] * asked.weight * link.value for asked, link in self.links.values())
        return concepts + WORD_WEIGHT * self.word_score

    def meets(self, facets: Iterable[Facet]) -> bool:
        """Whether a concept of one of these facets is met closely enough to be meant."""
        wanted = frozenset(facets)
        return any(
            asked.facet in wanted and asked.weight * link.closeness >= MIN_CONCEPT_WEIGHT
            for asked, link in self.links.values()
        )


_SUBJECTS: Final = frozenset(facet for facet in Facet if facet.is_subject)
_DOMAINS: Final = frozenset({Facet.DISEASE, Facet.FIELD})


def _match_offers(request: _ReadNeed, index: OfferIndex) -> dict[int, _OfferMatch]:
    meetings: dict[int, _OfferMatch] = defaultdict(lambda: _OfferMatch({}, {}))
    for asked in request.asked:
        for link in index.links(asked.concept):
            meetings[link.offer].links[asked.concept] = (asked, link)
    # A name is written in passing in a long text, and answers in a short one only.
    if concept_weight(1, CHANCE_RATES[Facet.DISEASE] * len(request.reading.words)) >= MIN_CONCEPT_WEIGHT:
        for _, word in _plain_words(request):
            for offer in index.named(word):
                meetings[offer].by_name = True
    return meetings


def _add_word_matches(request: _ReadNeed, index: OfferIndex, meetings: dict[int, _OfferMatch]) -> None:
    """Add words of the need that belong to no concept: they rank, no more."""
    for position, word in _plain_words(request):
        for language in request.languages:
            _add_word_match(word, request.reading.stems[language][position], language, index, meetings)


def _plain_words(request: _ReadNeed) -> Iterable[tuple[int, str]]:
    seen: set[str] = set()
    for position, word in enumerate(request.reading.words):
        if word and word not in seen and position not in request.named and not _is_no_subject(word):
            seen.add(word)
            yield position, word


def _is_no_subject(word: str) -> bool:
    # Phases are compared as stages: their numerals are no words that two texts have in common.
    return is_filler(word) or is_phase_number(word)


def _add_word_match(
    word: str, stem: str, language: Language, index: OfferIndex, meetings: dict[int, _OfferMatch]
) -> None:
    if not stem or stem == PAUSE:
        return
    postings, rarity = index.postings(stem, language)
    for posting in postings:
        meeting = meetings[posting.offer]
        # A stem shared by both languages is one word met, not two.
        if stem not in meeting.words:
            meeting.words[stem] = WordMatch(word, posting.surface)
            meeting.word_score += posting.strength * rarity


def _no_match_reason(request: _ReadNeed, meetings: Mapping[int, _OfferMatch]) -> NoMatchReason | None:
    """The reason why the need is outside of what the offers are about, or None."""
    if any(meeting.by_name for meeting in meetings.values()):
        return None
    if not any(request.reading.words):
        return NoMatchReason.EMPTY
    if not any(asked.facet is not Facet.FRAME for asked in request.asked):
        return NoMatchReason.GENERIC
    met = {key for meeting in meetings.values() for key in meeting.links}
    about = [asked for asked in request.asked if asked.facet in _DOMAINS or _is_met_product(asked, met)]
    if not about:
        return None if request.explained >= MIN_EXPLAINED_SHARE else NoMatchReason.TOO_LITTLE
    ours = sum(asked.count for asked in about if asked.concept in met)
    return None if ours >= MIN_KNOWN_SHARE * sum(asked.count for asked in about) else NoMatchReason.OTHER_SUBJECT


def _is_met_product(asked: RequestedConcept, met: Container[str]) -> bool:
    return asked.facet is Facet.PRODUCT and asked.concept in met


def _proposals(
    request: _ReadNeed, meetings: dict[int, _OfferMatch], index: OfferIndex, vocabulary: Vocabulary, limit: int
) -> tuple[Proposal, ...]:
    """Proposals that stand beside the best; reasons are written for these only, however many offers there are."""
    _add_word_matches(request, index, meetings)
    fitting = [
        (index.offers[position], meeting)
        for position, meeting in meetings.items()
        if _fits(request, index.offers[position], meeting, vocabulary)
    ]
    scored = [(_score(request, offer, meeting, vocabulary), offer, meeting) for offer, meeting in fitting]
    scored.sort(key=lambda rank: (-rank[0], rank[1].text.key))
    return tuple(
        _proposal(request, offer, meeting, vocabulary)
        for score, offer, meeting in scored[:limit]
        if score >= MIN_SHARE_OF_BEST_SCORE * scored[0][0]
    )


def _score(request: _ReadNeed, offer: IndexedOffer, meeting: _OfferMatch, vocabulary: Vocabulary) -> float:
    stages = math.prod(
        STAGE_FIT_FACTOR if stage.fits else STAGE_MISMATCH_FACTOR for stage in _stage_matches(request, offer)
    )
    return round(
        float(meeting.score * stages * OPPOSED_FACTOR ** len(_opposed_concepts(request, offer, vocabulary))), 6
    )


def _fits(request: _ReadNeed, offer: IndexedOffer, meeting: _OfferMatch, vocabulary: Vocabulary) -> bool:
    """Conditions 2 and 3 of the module's account."""
    if meeting.by_name:
        return True
    if _is_about_other_diseases(request, offer, vocabulary):
        return False
    if meeting.meets(_SUBJECTS):
        return True
    open_to_all = not request.domains or not offer.subjects
    return open_to_all and meeting.meets((Facet.SERVICE,))


def _is_about_other_diseases(request: _ReadNeed, offer: IndexedOffer, vocabulary: Vocabulary) -> bool:
    wanted = {asked.concept for asked in request.diseases}
    wanted_or_wider = wanted.union(*(vocabulary.ancestors(key) for key in wanted))
    related = (key in wanted_or_wider or not wanted.isdisjoint(vocabulary.ancestors(key)) for key in offer.diseases)
    return bool(wanted and offer.diseases) and not any(related)


def _proposal(request: _ReadNeed, offer: IndexedOffer, meeting: _OfferMatch, vocabulary: Vocabulary) -> Proposal:
    met = sorted(meeting.links.values(), key=lambda pair: (-_link_value(*pair), pair[0].concept))
    asked_weight = sum(FACET_WEIGHTS[asked.facet] * asked.weight for asked in request.asked)
    covered = sum(FACET_WEIGHTS[asked.facet] * asked.weight * link.closeness for asked, link in met)
    return Proposal(
        offer=offer.text.key,
        score=_score(request, offer, meeting, vocabulary),
        coverage=round(covered / asked_weight, 4) if asked_weight else 0.0,
        why=ProposalReasons(
            concepts=tuple(_concept_match(asked, link, offer, request.languages) for asked, link in met),
            words=tuple(meeting.words.values()),
            stages=_stage_matches(request, offer),
            opposed=_opposed_concepts(request, offer, vocabulary),
        ),
    )


def _opposed_concepts(request: _ReadNeed, offer: IndexedOffer, vocabulary: Vocabulary) -> tuple[OpposedConcept, ...]:
    """What the offer is limited to that rules out what is asked, such as adults for a need about children."""
    return tuple(
        OpposedConcept(asked.concept, other)
        for asked in request.asked
        if asked.concept not in offer.surfaces
        for other in sorted(vocabulary.opposites(asked.concept))
        if other in offer.surfaces
    )


def _link_value(asked: RequestedConcept, link: ConceptLink) -> float:
    return FACET_WEIGHTS[asked.facet] * asked.weight * link.value


def _concept_match(
    asked: RequestedConcept, link: ConceptLink, offer: IndexedOffer, languages: tuple[Language, ...]
) -> ConceptMatch:
    surfaces = offer.surfaces[link.concept]
    spoken = [language for language in (None, *asked.languages, *languages) if language in surfaces]
    language, surface = next(iter(surfaces.items())) if not spoken else (spoken[0], surfaces[spoken[0]])
    translated = not spoken and None not in asked.languages
    return ConceptMatch(asked.concept, link.concept, link.steps, asked.surfaces[0], surface, translated, language)


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
        for met in proposal.why.concepts:
            if met.steps <= 0:
                covered.add(met.asked)
            else:
                nearest[met.asked][met.met] = None
    return tuple(
        UncoveredConcept(asked.concept, asked.surfaces, tuple(nearest[asked.concept]))
        for asked in request.asked
        if asked.facet is not Facet.FRAME and asked.concept not in covered
    )
