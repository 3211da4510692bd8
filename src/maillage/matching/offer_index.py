"""Index of offers: which offers have a concept or a word, how strongly, and how rare it is.

Strength within an offer follows BM25F (Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted
fields", CIKM 2004): occurrences are summed over fields with a weight per field and a correction for its length, then
saturated. What two concepts share is measured by the rarity of the wider of the two (Resnik, "Using information content
to evaluate semantic similarity in a taxonomy", IJCAI 1995), with the offers themselves as the corpus.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import Final

from maillage.matching.research_stage import TrlRange, find_phases, phase_name
from maillage.matching.text import PAUSE, ParsedText, fold, is_filler, parse_text
from maillage.matching.vocabulary import Facet, Mention, Vocabulary
from maillage.matching.word_lists import Language

SATURATION: Final = 1.2
"""k1 of BM25: how fast further occurrences stop to count."""

LENGTH_CORRECTION: Final = 0.1
"""b of BM25; small, because offers are short and a longer offer mostly has more content."""

STEP_FACTOR: Final = 0.75
"""Factor on a match for each step from the requested concept to a wider one."""

NARROWER_FACTOR: Final = 0.7
"""Factor for each step to a narrower one: who does a part of what is asked."""

_MAX_OFFERS_PER_NAME: Final = 3
_MIN_NAME_LENGTH: Final = 3


class OfferField(StrEnum):
    """The fields of an offer."""

    TITLE = "title"
    KEYWORDS = "keywords"
    NOTES = "notes"
    STAGE = "stage"
    PROVIDER = "provider"


FIELD_WEIGHTS: Final[Mapping[OfferField, float]] = {
    OfferField.TITLE: 2.0,
    OfferField.KEYWORDS: 2.0,
    OfferField.NOTES: 1.0,
    OfferField.STAGE: 1.0,
    OfferField.PROVIDER: 0.7,
}


@dataclass(frozen=True, slots=True)
class OfferText:
    """The texts of an offer, as input of the index.

    `titles` by language, either may be missing; `keywords` and `notes` in any language; `notes_fr` and `stage_fr` say
    the same in French. `languages` are those in which the provider works; they do not affect the score.
    """

    key: str
    titles: Mapping[Language, str]
    keywords: tuple[str, ...] = ()
    notes: str = ""
    provider: str = ""
    stage: str = ""
    trl: TrlRange | None = None
    languages: tuple[Language, ...] = ()
    notes_fr: str = ""
    stage_fr: str = ""


@dataclass(frozen=True, slots=True)
class IndexedOffer:
    """A parsed offer: its concepts, each with the words that name it by language (None for an acronym).

    `diseases` are those of the offer itself, not those in the name of its provider; `headline` are the concepts of its
    title and key words, `populations` those of them that rule others out.
    """

    text: OfferText
    surfaces: Mapping[str, Mapping[Language | None, str]]
    subjects: frozenset[str]
    diseases: frozenset[str]
    headline: frozenset[str]
    populations: frozenset[str]
    phases: frozenset[int]


@dataclass(frozen=True, slots=True)
class Posting:
    """An offer, by its position in the index, that has a word; `strength` is saturated, below 1."""

    offer: int
    strength: float
    surface: str


@dataclass(frozen=True, slots=True)
class ConceptLink:
    """How an offer meets a concept: through `concept`, `steps` away (0 exact, above 0 wider, below 0 narrower).

    `strength` is between 0 and 1; `rarity` is in nats.
    """

    offer: int
    concept: str
    steps: int
    strength: float
    rarity: float

    @property
    def closeness(self) -> float:
        """1 for the concept itself, less by a factor for each step of the hierarchy."""
        return float(STEP_FACTOR**self.steps if self.steps > 0 else NARROWER_FACTOR**-self.steps)

    @property
    def value(self) -> float:
        """The contribution of the link to a score."""
        return self.closeness * self.strength * self.rarity


@dataclass(frozen=True, slots=True)
class OfferIndex:
    """An immutable index of offers. Build it with `OfferIndex.of`; queries may run from several threads.

    `stems` are those of all words of the offers, in both languages.
    """

    offers: tuple[IndexedOffer, ...]
    _vocabulary: Vocabulary
    _concepts: Mapping[str, Mapping[int, float]]
    _narrower: Mapping[str, Mapping[str, int]]
    _rarities: Mapping[str, float]
    _words: Mapping[Language, Mapping[str, tuple[Posting, ...]]]
    _names: Mapping[str, frozenset[int]]
    stems: frozenset[str]

    @classmethod
    def of(cls, offers: Iterable[OfferText], vocabulary: Vocabulary) -> OfferIndex:
        """Index offers with the concepts of a vocabulary. Raises ValueError when two offers have the same key."""
        read_offers = [_ReadOffer.of(offer, vocabulary) for offer in offers]
        _check_keys(read_offers)
        concepts = _strengths([offer.concepts for offer in read_offers], vocabulary.is_added)
        narrower = _narrower_concepts(concepts, vocabulary)
        return cls(
            offers=tuple(offer.indexed(vocabulary) for offer in read_offers),
            _vocabulary=vocabulary,
            _concepts=concepts,
            _narrower=narrower,
            _rarities=_rarities(concepts, narrower, len(read_offers)),
            _words={language: _word_postings(read_offers, language) for language in Language},
            _names=_distinctive_names(read_offers),
            stems=frozenset(
                stem
                for offer in read_offers
                for reading in offer.readings.values()
                for stem in chain(*reading.stems.values())
            ),
        )

    def __len__(self) -> int:
        return len(self.offers)

    def links(self, concept: str) -> tuple[ConceptLink, ...]:
        """The best link of each offer that has the concept, a wider or a narrower one, in index order."""
        best: dict[int, ConceptLink] = {}
        for reached, steps in self._reachable(concept).items():
            rarity = self.rarity(reached if steps > 0 else concept)
            for offer, strength in self._concepts.get(reached, {}).items():
                link = ConceptLink(offer, reached, steps, strength, rarity)
                if offer not in best or _better_link(link, best[offer]):
                    best[offer] = link
        return tuple(best[offer] for offer in sorted(best))

    def _reachable(self, concept: str) -> dict[str, int]:
        narrower = {key: -steps for key, steps in self._narrower.get(concept, {}).items()}
        return narrower | dict(self._vocabulary.ancestors(concept)) | {concept: 0}

    def rarity(self, concept: str) -> float:
        """Inverse document frequency of a concept, in nats, over the offers that have it or a narrower one."""
        return self._rarities.get(concept, _rarity(0, len(self.offers)))

    def postings(self, stem: str, language: Language) -> tuple[tuple[Posting, ...], float]:
        """Offers that have a stem in a language, and its rarity in nats."""
        postings = self._words[language].get(stem, ())
        return postings, _rarity(len(postings), len(self.offers))

    def named(self, word: str) -> frozenset[int]:
        """Positions of the offers with `word` in their or their provider's name, if written with its inner capitals."""
        return self._names.get(fold(word), frozenset()) if _is_name(word) else frozenset()


def _rarity(holders: int, total: int) -> float:
    # Robertson's inverse document frequency, with one added inside the logarithm so that it is never negative.
    return math.log(1 + (total - holders + 0.5) / (holders + 0.5))


def _rarities(
    concepts: Mapping[str, Mapping[int, float]], narrower: Mapping[str, Iterable[str]], total: int
) -> dict[str, float]:
    holders = {
        key: set(concepts.get(key, ())).union(*(concepts[narrower_key] for narrower_key in narrower.get(key, ())))
        for key in concepts.keys() | narrower.keys()
    }
    return {key: _rarity(len(offers), total) for key, offers in holders.items()}


def _better_link(link: ConceptLink, other: ConceptLink) -> bool:
    return (link.value, -abs(link.steps), link.concept) > (other.value, -abs(other.steps), other.concept)


@dataclass(slots=True)
class _ReadOffer:
    """An offer during indexing: occurrences of concepts and of stems, by field."""

    text: OfferText
    readings: dict[tuple[OfferField, Language | None], ParsedText]
    concepts: dict[OfferField, Counter[str]] = field(default_factory=dict)
    surfaces: dict[str, dict[Language | None, str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, offer: OfferText, vocabulary: Vocabulary) -> _ReadOffer:
        read_offer = cls(
            offer, {field_and_language: parse_text(text) for field_and_language, text in _field_texts(offer).items()}
        )
        for (offer_field, language), reading in read_offer.readings.items():
            languages = tuple(Language) if language is None else (language,)
            mentions = vocabulary.mentions(reading, languages)
            read_offer._note(offer_field, mentions)
            if offer_field in {OfferField.TITLE, OfferField.PROVIDER}:
                read_offer.names |= _names(reading, mentions)
        return read_offer

    def _note(self, offer_field: OfferField, mentions: Iterable[Mention]) -> None:
        counts: Counter[str] = Counter()
        for mention in mentions:
            counts[mention.concept] += 1
            self.surfaces.setdefault(mention.concept, {}).setdefault(mention.language, mention.surface)
        # The titles in both languages say the same, so a concept in both counts once.
        self.concepts[offer_field] = self.concepts.get(offer_field, Counter()) | counts

    def indexed(self, vocabulary: Vocabulary) -> IndexedOffer:
        headline = frozenset(
            key for part in (OfferField.TITLE, OfferField.KEYWORDS) for key in self.concepts.get(part, ())
        )
        facets = {key: vocabulary.concept(key).facet for key in self.surfaces if not vocabulary.is_added(key)}
        return IndexedOffer(
            text=self.text,
            surfaces=self.surfaces,
            subjects=frozenset(key for key, facet in facets.items() if facet.is_subject),
            diseases=frozenset(key for key in self._own_concepts() if facets.get(key) is Facet.DISEASE),
            headline=headline,
            populations=frozenset(key for key in headline if vocabulary.opposites(key)),
            phases=_phases(self.text),
        )

    def _own_concepts(self) -> set[str]:
        return {
            key
            for offer_field, counts in self.concepts.items()
            if offer_field is not OfferField.PROVIDER
            for key in counts
        }

    def stems(self, language: Language) -> dict[OfferField, Counter[str]]:
        """How often each stem of a language occurs in each field."""
        counts: dict[OfferField, Counter[str]] = defaultdict(Counter)
        for (offer_field, field_language), reading in self.readings.items():
            if field_language in {None, language}:
                counts[offer_field].update(stem for stem in reading.stems[language] if stem and stem != PAUSE)
        return counts

    def written(self, language: Language) -> dict[str, str]:
        """The first written form of each stem of a language."""
        forms: dict[str, str] = {}
        for (_, field_language), reading in self.readings.items():
            if field_language in {None, language}:
                for stem, word in zip(reading.stems[language], reading.words, strict=True):
                    forms.setdefault(stem, word)
        return forms


def _field_texts(offer: OfferText) -> dict[tuple[OfferField, Language | None], str]:
    titles: dict[tuple[OfferField, Language | None], str] = {
        (OfferField.TITLE, language): offer.titles.get(language, "") for language in Language
    }
    return titles | {
        (OfferField.KEYWORDS, None): " ; ".join(offer.keywords),
        (OfferField.NOTES, None): offer.notes,
        (OfferField.NOTES, Language.FR): offer.notes_fr,
        (OfferField.STAGE, None): " ; ".join((offer.stage, *_phases_spelled_out(offer))),
        (OfferField.STAGE, Language.FR): offer.stage_fr,
        (OfferField.PROVIDER, None): offer.provider,
    }


def _phases_spelled_out(offer: OfferText) -> list[str]:
    """Each phase of an offer by itself, so that an offer of "phases I to IV" is found for phase III."""
    return [phase_name(phase) for phase in sorted(_phases(offer))]


def _phases(offer: OfferText) -> frozenset[int]:
    return find_phases(" ; ".join((*offer.titles.values(), *offer.keywords, offer.stage)))


def _check_keys(offers: Iterable[_ReadOffer]) -> None:
    duplicates = [key for key, count in Counter(offer.text.key for offer in offers).items() if count > 1]
    if duplicates:
        raise ValueError(f"Several offers have the key {duplicates[0]}; give each its own.")


def _strengths(
    documents: list[dict[OfferField, Counter[str]]], ignored: Callable[[str], bool] = lambda _term: False
) -> dict[str, dict[int, float]]:
    """BM25F without the rarity: for each term, its saturated strength in each document that has it.

    Terms `ignored` have a strength but add nothing to a length: what large vocabularies know changes no other term.
    """
    lengths = [_lengths(fields, ignored) for fields in documents]
    mean_lengths = _usual_lengths(lengths)
    strengths: dict[str, dict[int, float]] = defaultdict(dict)
    for position, fields in enumerate(documents):
        weights: dict[str, float] = defaultdict(float)
        for offer_field, counts in fields.items():
            correction = (
                1 - LENGTH_CORRECTION + LENGTH_CORRECTION * lengths[position][offer_field] / mean_lengths[offer_field]
            )
            for term, count in counts.items():
                weights[term] += FIELD_WEIGHTS[offer_field] * count / correction
        for term, weight in weights.items():
            strengths[term][position] = weight / (SATURATION + weight)
    return dict(strengths)


def _lengths(fields: dict[OfferField, Counter[str]], ignored: Callable[[str], bool]) -> dict[OfferField, int]:
    return {
        offer_field: sum(count for term, count in counts.items() if not ignored(term))
        for offer_field, counts in fields.items()
    }


def _usual_lengths(lengths: list[dict[OfferField, int]]) -> dict[OfferField, float]:
    """The mean length of each field over the documents that fill it."""
    filled = {
        offer_field: [length[offer_field] for length in lengths if length.get(offer_field)]
        for offer_field in OfferField
    }
    return {offer_field: sum(of) / len(of) if of else 1.0 for offer_field, of in filled.items()}


def _narrower_concepts(concepts: Iterable[str], vocabulary: Vocabulary) -> dict[str, dict[str, int]]:
    narrower: dict[str, dict[str, int]] = defaultdict(dict)
    for key in concepts:
        for wider, steps in vocabulary.ancestors(key).items():
            narrower[wider][key] = steps
    return dict(narrower)


def _word_postings(offers: list[_ReadOffer], language: Language) -> dict[str, tuple[Posting, ...]]:
    forms = [offer.written(language) for offer in offers]
    strengths = _strengths([offer.stems(language) for offer in offers])
    return {
        stem: tuple(Posting(offer, strength, forms[offer][stem]) for offer, strength in strength_by_offer.items())
        for stem, strength_by_offer in strengths.items()
        if not any(is_filler(forms[offer][stem]) for offer in strength_by_offer)
    }


def _distinctive_names(offers: list[_ReadOffer]) -> dict[str, frozenset[int]]:
    holders: dict[str, set[int]] = defaultdict(set)
    for position, offer in enumerate(offers):
        for name in offer.names:
            holders[name].add(position)
    return {name: frozenset(positions) for name, positions in holders.items() if len(positions) <= _MAX_OFFERS_PER_NAME}


def _names(reading: ParsedText, mentions: Iterable[Mention]) -> set[str]:
    """Proper names in a text, folded; acronyms of concepts are left out."""
    covered = {position for mention in mentions for position in range(mention.start, mention.end)}
    return {fold(word) for position, word in enumerate(reading.words) if position not in covered and _is_name(word)}


def _is_name(word: str) -> bool:
    """Whether a word looks like a proper name: three characters or more, two capitals or more (FILOthèque, eTHEMA)."""
    return len(word) >= _MIN_NAME_LENGTH and sum(char.isupper() for char in word) > 1 and not is_filler(word)
