"""The index of offers: which offers hold a concept or a word, how strongly, and how rare that is.

Strength within an offer follows BM25F (Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted
fields", CIKM 2004): occurrences are summed over fields with a weight per field and a correction for its length, then
saturated. What two concepts share is measured by the rarity of the wider of the two (Resnik, "Using information content
to evaluate semantic similarity in a taxonomy", IJCAI 1995), with the offers themselves as the corpus.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from maillage.matching.research_stage import TrlRange, find_phases, phase_name
from maillage.matching.text import PAUSE, ParsedText, fold, is_filler, parse_text
from maillage.matching.vocabulary import Facet, Mention, Vocabulary
from maillage.matching.word_lists import Language

SATURATION: Final = 1.2
"""BM25's k1: how fast further occurrences stop to count."""

LENGTH_CORRECTION: Final = 0.5
"""BM25's b, moderate because offers are short and a longer one mostly says more."""

STEP_FACTOR: Final = 0.75
"""What is kept of a match for each step between the concept asked and a wider or narrower one."""

_MAX_OFFERS_PER_NAME: Final = 3
_MIN_NAME_LENGTH: Final = 3


class OfferField(StrEnum):
    """Where in an offer something is said."""

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
    """What an offer says, as given to the index.

    `titles` by language, either may be missing; `keywords` and `notes` in any language. `languages` are those the
    provider answers in; they are carried, not scored.
    """

    key: str
    titles: Mapping[Language, str]
    keywords: tuple[str, ...] = ()
    notes: str = ""
    provider: str = ""
    stage: str = ""
    trl: TrlRange | None = None
    languages: tuple[Language, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexedOffer:
    """An offer as read: its concepts, each with the words that name it by language (None for an acronym).

    `diseases` are those the offer itself speaks of, not those in the name of its provider.
    """

    text: OfferText
    surfaces: Mapping[str, Mapping[Language | None, str]]
    subjects: frozenset[str]
    diseases: frozenset[str]
    phases: frozenset[int]


@dataclass(frozen=True, slots=True)
class Posting:
    """An offer, by its position in the index, that holds a word with a saturated strength below 1."""

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
        """1 for the concept itself, less by `STEP_FACTOR` for each step of the hierarchy."""
        return float(STEP_FACTOR ** abs(self.steps))

    @property
    def value(self) -> float:
        """What the link adds to a score."""
        return self.closeness * self.strength * self.rarity


@dataclass(frozen=True, slots=True)
class OfferIndex:
    """An immutable index of offers. Build it with `OfferIndex.of`; queries may run from several threads."""

    offers: tuple[IndexedOffer, ...]
    _vocabulary: Vocabulary
    _concepts: Mapping[str, Mapping[int, float]]
    _narrower: Mapping[str, Mapping[str, int]]
    _rarities: Mapping[str, float]
    _words: Mapping[Language, Mapping[str, tuple[Posting, ...]]]
    _names: Mapping[str, frozenset[int]]

    @classmethod
    def of(cls, offers: Iterable[OfferText], vocabulary: Vocabulary) -> OfferIndex:
        """Index offers with the concepts of a vocabulary. Raises ValueError when two offers have the same key."""
        read_offers = [_ReadOffer.of(offer, vocabulary) for offer in offers]
        _check_keys(read_offers)
        concepts = _strengths([offer.concepts for offer in read_offers])
        narrower = _narrower_concepts(concepts, vocabulary)
        return cls(
            offers=tuple(offer.indexed(vocabulary) for offer in read_offers),
            _vocabulary=vocabulary,
            _concepts=concepts,
            _narrower=narrower,
            _rarities=_rarities(concepts, narrower, len(read_offers)),
            _words={language: _word_postings(read_offers, language) for language in Language},
            _names=_distinctive_names(read_offers),
        )

    def __len__(self) -> int:
        return len(self.offers)

    def links(self, concept: str) -> tuple[ConceptLink, ...]:
        """Every offer that meets a concept itself, a wider or a narrower one: the best link of each, in index order."""
        best: dict[int, ConceptLink] = {}
        for met, steps in self._reachable(concept).items():
            rarity = self.rarity(met if steps > 0 else concept)
            for offer, strength in self._concepts.get(met, {}).items():
                link = ConceptLink(offer, met, steps, strength, rarity)
                if offer not in best or _better_link(link, best[offer]):
                    best[offer] = link
        return tuple(best[offer] for offer in sorted(best))

    def _reachable(self, concept: str) -> dict[str, int]:
        narrower = {key: -steps for key, steps in self._narrower.get(concept, {}).items()}
        return narrower | dict(self._vocabulary.ancestors(concept)) | {concept: 0}

    def rarity(self, concept: str) -> float:
        """Inverse document frequency of a concept over the offers that speak of it or of a narrower one, in nats."""
        return self._rarities.get(concept, _rarity(0, len(self.offers)))

    def postings(self, stem: str, language: Language) -> tuple[tuple[Posting, ...], float]:
        """Offers that hold a stem in a language, and its rarity in nats."""
        found = self._words[language].get(stem, ())
        return found, _rarity(len(found), len(self.offers))

    def named(self, word: str) -> frozenset[int]:
        """Positions of the offers whose own or provider's name holds `word`, if written with its inner capitals."""
        return self._names.get(fold(word), frozenset()) if _is_name(word) else frozenset()


def _rarity(holders: int, total: int) -> float:
    # Robertson's inverse document frequency, with one added inside the logarithm so that it is never negative.
    return math.log(1 + (total - holders + 0.5) / (holders + 0.5))


def _rarities(
    concepts: Mapping[str, Mapping[int, float]], narrower: Mapping[str, Iterable[str]], total: int
) -> dict[str, float]:
    holders = {
        key: set(concepts.get(key, ())).union(*(concepts[held] for held in narrower.get(key, ())))
        for key in concepts.keys() | narrower.keys()
    }
    return {key: _rarity(len(offers), total) for key, offers in holders.items()}


def _better_link(link: ConceptLink, other: ConceptLink) -> bool:
    return (link.value, -abs(link.steps), link.concept) > (other.value, -abs(other.steps), other.concept)


@dataclass(slots=True)
class _ReadOffer:
    """An offer while it is indexed: occurrences of concepts and of stems, field by field."""

    text: OfferText
    readings: dict[tuple[OfferField, Language | None], ParsedText]
    concepts: dict[OfferField, Counter[str]] = field(default_factory=dict)
    surfaces: dict[str, dict[Language | None, str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, offer: OfferText, vocabulary: Vocabulary) -> _ReadOffer:
        made = cls(offer, {place: parse_text(text) for place, text in _field_texts(offer).items()})
        for (where, language), reading in made.readings.items():
            spoken = tuple(Language) if language is None else (language,)
            mentions = vocabulary.mentions(reading, spoken)
            made._note(where, mentions)
            if where in {OfferField.TITLE, OfferField.PROVIDER}:
                made.names |= _names(reading, mentions)
        return made

    def _note(self, where: OfferField, mentions: Iterable[Mention]) -> None:
        met: Counter[str] = Counter()
        for mention in mentions:
            met[mention.concept] += 1
            self.surfaces.setdefault(mention.concept, {}).setdefault(mention.language, mention.surface)
        # A title is said once in each language, so what both say counts once.
        self.concepts[where] = self.concepts.get(where, Counter()) | met

    def indexed(self, vocabulary: Vocabulary) -> IndexedOffer:
        facets = {key: vocabulary.concept(key).facet for key in self.surfaces}
        return IndexedOffer(
            text=self.text,
            surfaces=self.surfaces,
            subjects=frozenset(key for key, facet in facets.items() if facet.is_subject),
            diseases=frozenset(key for key in self._own() if facets[key] is Facet.DISEASE),
            phases=_phases(self.text),
        )

    def _own(self) -> set[str]:
        return {key for where, counts in self.concepts.items() if where is not OfferField.PROVIDER for key in counts}

    def stems(self, language: Language) -> dict[OfferField, Counter[str]]:
        """How often each stem of a language occurs in each field."""
        counts: dict[OfferField, Counter[str]] = defaultdict(Counter)
        for (where, spoken), reading in self.readings.items():
            if spoken in {None, language}:
                counts[where].update(stem for stem in reading.stems[language] if stem and stem != PAUSE)
        return counts

    def written(self, language: Language) -> dict[str, str]:
        """The first written form of each stem of a language."""
        forms: dict[str, str] = {}
        for (_, spoken), reading in self.readings.items():
            if spoken in {None, language}:
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
        (OfferField.STAGE, None): " ; ".join((offer.stage, *_phases_spelled_out(offer))),
        (OfferField.PROVIDER, None): offer.provider,
    }


def _phases_spelled_out(offer: OfferText) -> list[str]:
    """One by one the phases of an offer, so that "phases I to IV" is found by who asks for phase III."""
    return [phase_name(phase) for phase in sorted(_phases(offer))]


def _phases(offer: OfferText) -> frozenset[int]:
    return find_phases(" ; ".join((*offer.titles.values(), *offer.keywords, offer.stage)))


def _check_keys(offers: Iterable[_ReadOffer]) -> None:
    twice = [key for key, count in Counter(offer.text.key for offer in offers).items() if count > 1]
    if twice:
        raise ValueError(f"Several offers have the key {twice[0]}; give each its own.")


def _strengths(documents: list[dict[OfferField, Counter[str]]]) -> dict[str, dict[int, float]]:
    """BM25F without the rarity: for each term, its saturated strength in each document that holds it."""
    usual = _usual_lengths(documents)
    strengths: dict[str, dict[int, float]] = defaultdict(dict)
    for position, fields in enumerate(documents):
        weighed: dict[str, float] = defaultdict(float)
        for where, counts in fields.items():
            correction = 1 - LENGTH_CORRECTION + LENGTH_CORRECTION * counts.total() / usual[where]
            for term, count in counts.items():
                weighed[term] += FIELD_WEIGHTS[where] * count / correction
        for term, weight in weighed.items():
            strengths[term][position] = weight / (SATURATION + weight)
    return dict(strengths)


def _usual_lengths(documents: list[dict[OfferField, Counter[str]]]) -> dict[OfferField, float]:
    """The mean length of each field over the documents that fill it."""
    lengths: dict[OfferField, list[int]] = defaultdict(list)
    for fields in documents:
        for where, counts in fields.items():
            if counts:
                lengths[where].append(counts.total())
    return {where: sum(lengths[where]) / len(lengths[where]) if lengths[where] else 1.0 for where in OfferField}


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
        stem: tuple(Posting(offer, strength, forms[offer][stem]) for offer, strength in held.items())
        for stem, held in strengths.items()
        if not any(is_filler(forms[offer][stem]) for offer in held)
    }


def _distinctive_names(offers: list[_ReadOffer]) -> dict[str, frozenset[int]]:
    holders: dict[str, set[int]] = defaultdict(set)
    for position, offer in enumerate(offers):
        for name in offer.names:
            holders[name].add(position)
    return {name: frozenset(held) for name, held in holders.items() if len(held) <= _MAX_OFFERS_PER_NAME}


def _names(reading: ParsedText, mentions: Iterable[Mention]) -> set[str]:
    """Names of their own in a reading, folded; acronyms of concepts are not."""
    known = {position for mention in mentions for position in range(mention.start, mention.end)}
    return {fold(word) for position, word in enumerate(reading.words) if position not in known and _is_name(word)}


def _is_name(word: str) -> bool:
    """Whether a word looks like a name of its own: three signs or more, two capitals or more (FILOthèque, eTHEMA)."""
    return len(word) >= _MIN_NAME_LENGTH and sum(char.isupper() for char in word) > 1 and not is_filler(word)
