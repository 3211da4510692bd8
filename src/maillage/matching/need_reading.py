"""What a need requests: its concepts with their weights, what it rules out, and which of its words are understood.

A concept is requested when it is named more often than by chance. In a text of n content words (neither stop words nor
filler), a concept that would come up with rate r in any text of this kind is expected λ = r·n times; k > λ mentions are
by chance with a probability of at most exp(λ - k + k·ln(λ / k)), the Chernoff bound of the Poisson law. One less that
bound is the *weight* of the concept, which is requested from one half up: more likely meant than not. So each word of a
short request counts, and a passing mention in ten pages does not. The rates are set by hand on the cautious side; wider
concepts and single words come up more.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from maillage.matching.match_result import RequestedConcept
from maillage.matching.research_stage import TrlRange, find_phases, find_trl
from maillage.matching.scopes import Scopes
from maillage.matching.text import MAX_READ_LENGTH, ParsedText, is_filler, parse_text
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

DOMAINS: Final = frozenset({Facet.DISEASE, Facet.FIELD})
MIN_CONCEPT_WEIGHT: Final = 0.5
TITLE_MULTIPLIER: Final = 3


@dataclass(frozen=True, slots=True)
class NeedText:
    """A need as it was written. Concepts in its title count three times.

    `languages` overrides the guess; `trl` overrides levels named in the text.
    """

    text: str
    title: str = ""
    languages: tuple[Language, ...] = ()
    trl: TrlRange | None = None


@dataclass(frozen=True, slots=True)
class ReadNeed:
    """A parsed need: the concepts it requests, and those it rules out, with their words.

    `named` are the positions in names of concepts, `understood` those in one's own or ruled out. `added` are the
    requested concepts of large vocabularies.
    """

    reading: ParsedText
    languages: tuple[Language, ...]
    asked: tuple[RequestedConcept, ...]
    excluded: Mapping[str, str]
    added: frozenset[str]
    named: frozenset[int]
    understood: frozenset[int]
    explained: float
    trl: TrlRange | None
    phases: frozenset[int]

    @classmethod
    def of(cls, need: NeedText, vocabulary: Vocabulary) -> ReadNeed:
        reading = parse_text(f"{need.title} \n\n{need.text}" if need.title else need.text)
        languages = need.languages or reading.languages
        mentions = vocabulary.mentions(reading, languages)
        meant = _Meant.of(reading, mentions, vocabulary)
        heading = len(parse_text(need.title).words) if need.title else 0
        content = _content_words(reading, meant, vocabulary)
        content_words = sum(content) + (TITLE_MULTIPLIER - 1) * sum(content[:heading])
        asked = _without_large_settings(
            _requested_concepts(meant.asked, heading, content_words, vocabulary), vocabulary
        )
        beginning = need.text[:MAX_READ_LENGTH]
        return cls(
            reading=reading,
            languages=languages,
            asked=asked,
            excluded=_excluded(meant, asked, vocabulary),
            added=frozenset(requested.concept for requested in asked if vocabulary.is_added(requested.concept)),
            named=_positions(mentions),
            understood=meant.silent
            | _positions(mention for mention in mentions if not vocabulary.is_added(mention.concept)),
            explained=_explained_share(meant.asked, asked, content),
            trl=need.trl or find_trl(f"{need.title} {beginning}"),
            phases=find_phases(f"{need.title} {beginning}") - _excluded_phases(meant),
        )

    @property
    def domains(self) -> list[RequestedConcept]:
        """The requested diseases and fields; those of large vocabularies only where one's own has none."""
        domains = [requested for requested in self.asked if requested.facet in DOMAINS]
        return [requested for requested in domains if requested.concept not in self.added] or domains

    @property
    def diseases(self) -> list[RequestedConcept]:
        return [requested for requested in self.domains if requested.facet is Facet.DISEASE]


@dataclass(frozen=True, slots=True)
class _Meant:
    """The mentions of a need that ask for something, those that rule something out, and the positions of neither."""

    asked: tuple[Mention, ...]
    excluded: tuple[Mention, ...]
    silent: frozenset[int]

    @classmethod
    def of(cls, reading: ParsedText, mentions: Iterable[Mention], vocabulary: Vocabulary) -> _Meant:
        scopes = Scopes.of(reading.words)
        ruled_out, scene = scopes.excluded, scopes.scene
        asked = [mention for mention in mentions if mention.start not in ruled_out]
        # What happens before or after is no request, but the disease that it happens in is.
        spoken = [
            mention
            for mention in asked
            if mention.start not in scene or vocabulary.concept(mention.concept).facet is not Facet.SERVICE
        ]
        excluded = [mention for mention in mentions if mention.start in ruled_out]
        return cls(tuple(spoken or asked), tuple(excluded), ruled_out)


def _positions(mentions: Iterable[Mention]) -> frozenset[int]:
    return frozenset(position for mention in mentions for position in range(mention.start, mention.end))


def _excluded_phases(meant: _Meant) -> frozenset[int]:
    return find_phases(" ; ".join(mention.surface for mention in meant.excluded))


def _excluded(meant: _Meant, asked: Iterable[RequestedConcept], vocabulary: Vocabulary) -> dict[str, str]:
    """What is ruled out, with its words, unless it is asked for elsewhere, itself or a narrower concept."""
    requested = {concept.concept for concept in asked}
    lineage = requested.union(*(vocabulary.ancestors(key) for key in requested))
    return {mention.concept: mention.surface for mention in meant.excluded if mention.concept not in lineage}


def _without_large_settings(
    asked: tuple[RequestedConcept, ...], vocabulary: Vocabulary
) -> tuple[RequestedConcept, ...]:
    """Leave out settings of large vocabularies where one's own knows what is asked: they could only blur it."""
    if not any(item.facet is not Facet.FRAME and not vocabulary.is_added(item.concept) for item in asked):
        return asked
    return tuple(item for item in asked if item.facet is not Facet.FRAME or not vocabulary.is_added(item.concept))


def _content_words(reading: ParsedText, meant: _Meant, vocabulary: Vocabulary) -> list[bool]:
    """For each word, whether it has content: no stop word and no filler, unless part of a name ("first project")."""
    content = [
        bool(word) and not is_filler(word) and position not in meant.silent
        for position, word in enumerate(reading.words)
    ]
    for mention in meant.asked:
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
    """The share of content words that name a requested concept, settings included."""
    keys = {requested.concept for requested in requested_concepts}
    named = _positions(mention for mention in mentions if mention.concept in keys)
    return len(named) / max(1, len(named.union(position for position, counts in enumerate(content) if counts)))
