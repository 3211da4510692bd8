"""Translate French needs, through bilingual vocabularies, into the English words of the evidence.

Concepts that the need names are replaced by their English names. Other words are translated one by one: common ones by
a list (`french_words.py`), the others with a table learned from the pairs of names of all concepts, by the first model
of Brown et al., "The mathematics of statistical machine translation", 1993. A word in neither may still be the same in
English, except for its ending.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from maillage.matching.partners.french_words import french_words
from maillage.matching.text import ParsedText, fold, parse_text, stem
from maillage.matching.vocabulary import Concept, Mention, Vocabulary, expression_stems
from maillage.matching.word_lists import DISTINCTIVE_WORDS, Language

_ROUNDS: Final = 5
_MIN_PROBABILITY: Final = 0.3
"""The least probability of a translation worth taking."""

_MIN_ATTESTATIONS: Final = 3
"""In how many names a translation must occur to be preferred to a similar English word."""

_LEARNED: Final = 5
"""The least number of letters of a word that is assumed to be the same in English."""

# How the endings of learned words differ.
_ENDINGS: Final = (
    ("isation", "ization"), ("iser", "ize"), ("ique", "ic"), ("iques", "ics"), ("ques", "cal"), ("te", "ty"),
    ("tes", "ties"), ("eur", "or"), ("eurs", "ors"), ("eux", "ous"), ("euse", "ous"), ("aire", "ary"),
    ("aires", "ary"), ("ie", "y"), ("ies", "ies"), ("if", "ive"), ("ifs", "ive"), ("el", "al"), ("elle", "al"),
    ("elles", "al"), ("els", "al"), ("aux", "al"), ("eter", "ess"), ("ement", "ment"), ("e", ""), ("ee", "ed"),
    ("aire", "ar"), ("aires", "ar"), ("aire", "e"), ("aires", "e"), ("itaire", "e"), ("itaires", "e"), ("oire", "ory"),
    ("oires", "ory"), ("aque", "ac"), ("aques", "ac"), ("nelle", "al"), ("nelles", "al"), ("nel", "al"), ("nels", "al"),
    ("ien", "ial"), ("ienne", "ial"), ("iens", "ial"), ("iennes", "ial"), ("ien", "ian"), ("ienne", "ian"),
    ("ose", "osis"), ("oses", "osis"), ("ome", "oma"), ("omes", "oma"), ("ie", "ia"), ("ies", "ia"), ("e", "a"),
    ("es", "a"), ("isme", "ism"), ("ismes", "ism"), ("ene", "en"), ("enes", "en"), ("que", "c"), ("ques", "c"),
    ("es", ""), ("er", "e"), ("er", "ate"), ("er", ""),
)  # fmt: skip


@dataclass(frozen=True)
class Translator:
    """Translates French words; `table` has, for a French stem, an English word and how many names have both."""

    vocabulary: Vocabulary
    table: Mapping[str, tuple[str, int]]
    held: Mapping[str, int]

    @classmethod
    def of(cls, vocabulary: Vocabulary, held: Mapping[str, int]) -> Translator:
        """Learn the table from the names of a vocabulary; `held` has the number of projects for each English stem."""
        return cls(vocabulary, _table(vocabulary.concepts.values()), held)

    def english(self, text: str) -> str:
        """`text` itself if it is English, else English words in the order of the French ones."""
        reading = parse_text(text)
        if not is_french(reading):
            return text
        names_by_start = {
            mention.start: (mention.end, english)
            for mention in self.vocabulary.mentions(reading, (Language.FR,))
            if (english := self._name(mention))
        }
        covered = {position for start, (end, _english) in names_by_start.items() for position in range(start, end)}
        words = (
            names_by_start[position][1]
            if position in names_by_start
            else ""
            if position in covered
            else self._word(word)
            for position, word in enumerate(reading.words)
        )
        return " ".join(word for word in words if word)

    def _name(self, mention: Mention) -> str:
        """The English name of a concept mentioned by its preferred French name, else empty, as others may be wider."""
        labels = self.vocabulary.concept(mention.concept).labels
        french, english = (labels.get(language, ("",)) for language in Language)
        same = expression_stems(mention.surface, Language.FR) == expression_stems((french or ("",))[0], Language.FR)
        return english[0] if english and same else ""

    def _word(self, word: str) -> str:
        """The most reliable of: a common word, the same in English, one that several names attest, another ending."""
        french, lower = stem(word, Language.FR), fold(word)
        if not french:
            return ""
        if (common := french_words().get(french)) is not None:
            return common
        cognate = self._cognate(lower)
        if cognate == lower and len(lower) >= _LEARNED:
            return lower
        english, name_count = self.table.get(french, ("", 0))
        return (english if name_count >= _MIN_ATTESTATIONS else "") or cognate or english or word

    def _cognate(self, word: str) -> str:
        """The commonest English word of the evidence that differs from a French word at most by its ending."""
        forms = [word, *(word.removesuffix(old) + new for old, new in _ENDINGS if word.endswith(old))]
        commonest = max(forms, key=self._project_count)
        return commonest if self._project_count(commonest) else ""

    def _project_count(self, word: str) -> int:
        return self.held.get(stem(word, Language.EN), 0)


def is_french(reading: ParsedText) -> bool:
    """Whether more words are typical of French (common in French only, or with an accent) than of English."""
    french, english = _distinctive_words(reading)
    return french > english


def is_of_either_language(reading: ParsedText) -> bool:
    """Whether no word is typical of French or of English, as in a search for *vigne*."""
    return _distinctive_words(reading) == (0, 0)


def _distinctive_words(reading: ParsedText) -> tuple[int, int]:
    """The number of words typical of French, and of English."""
    words = [word.lower() for word in reading.words if word]
    french = sum(word in DISTINCTIVE_WORDS[Language.FR] or fold(word) != word for word in words)
    return french, sum(word in DISTINCTIVE_WORDS[Language.EN] for word in words)


def _table(concepts: Iterable[Concept]) -> dict[str, tuple[str, int]]:
    name_words = (_pair(concept) for concept in concepts)
    pairs = [({stem(word, Language.FR) for word in french}, set(english)) for french, english in name_words if english]
    pair_counts = Counter(
        (french_stem, word) for french, english in pairs for french_stem in french for word in english
    )
    best_translations = {
        french: max(probabilities.items(), key=lambda item: (item[1], item[0]))
        for french, probabilities in _translation_probabilities(pairs).items()
    }
    return {
        french: (word, pair_counts[french, word])
        for french, (word, probability) in best_translations.items()
        if probability >= _MIN_PROBABILITY
    }


def _pair(concept: Concept) -> tuple[list[str], list[str]]:
    """The words of the preferred names, without stop words."""
    french, english = (
        [word.lower() for word in parse_text(names[0]).words if word and stem(word, language)] if names else []
        for language in Language
        for names in (concept.labels.get(language, ()),)
    )
    return french, english


def _translation_probabilities(pairs: list[tuple[set[str], set[str]]]) -> dict[str, dict[str, float]]:
    """The probability of each English word for each French stem, by expectation and maximisation."""
    probabilities: dict[str, dict[str, float]] = defaultdict(dict)
    for french, english in pairs:
        for french_stem in french:
            probabilities[french_stem].update(dict.fromkeys(english, 1.0))
    for _round in range(_ROUNDS):
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for french, english in pairs:
            for word in english:
                total = sum(probabilities[french_stem][word] for french_stem in french)
                for french_stem in french:
                    counts[french_stem][word] += probabilities[french_stem][word] / total  # type: ignore[assignment]
        probabilities = {
            french_stem: {word: count / word_counts.total() for word, count in word_counts.items()}
            for french_stem, word_counts in counts.items()
        }
    return probabilities
