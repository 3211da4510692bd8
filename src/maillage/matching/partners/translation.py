"""French needs put into the English words in which the evidence is written, through bilingual vocabularies.

Concepts that the need names are replaced by their English names. Other words are translated one by one with a table
learned from the pairs of names of all concepts, by the first model of Brown et al., "The mathematics of statistical
machine translation", 1993. A word that no name holds may still be the same word in English, but for its ending.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from maillage.matching.text import ParsedText, fold, parse_text, stem
from maillage.matching.vocabulary import Concept, Mention, Vocabulary, expression_stems
from maillage.matching.word_lists import DISTINCTIVE_WORDS, Language

_ROUNDS: Final = 5
_MIN_PROBABILITY: Final = 0.3
"""The least probability of a translation worth taking."""

_MIN_ATTESTATIONS: Final = 3
"""In how many names a translation is met before it is believed rather than what looks like the word in English."""

_LEARNED: Final = 5
"""Letters of the shortest word that is taken for the same word in English."""

# How the endings of learned words differ.
_ENDINGS: Final = (
    ("isation", "ization"), ("iser", "ize"), ("ique", "ic"), ("iques", "ics"), ("ques", "cal"), ("te", "ty"),
    ("tes", "ties"), ("eur", "or"), ("eurs", "ors"), ("eux", "ous"), ("euse", "ous"), ("aire", "ary"),
    ("aires", "ary"), ("ie", "y"), ("ies", "ies"), ("if", "ive"), ("ifs", "ive"), ("el", "al"), ("elle", "al"),
    ("elles", "al"), ("els", "al"), ("aux", "al"), ("eter", "ess"), ("ement", "ment"), ("e", ""), ("ee", "ed"),
    ("es", ""), ("er", "e"), ("er", "ate"), ("er", ""),
)  # fmt: skip


@dataclass(frozen=True)
class Translator:
    """Puts French into English words; `table` gives for a French stem an English one, and how many names hold both."""

    vocabulary: Vocabulary
    table: Mapping[str, tuple[str, int]]
    held: Mapping[str, int]

    @classmethod
    def of(cls, vocabulary: Vocabulary, held: Mapping[str, int]) -> Translator:
        """Learn the table from the names of a vocabulary; `held` says how many projects hold an English stem."""
        return cls(vocabulary, _table(vocabulary.concepts.values()), held)

    def english(self, text: str) -> str:
        """`text` as it is where it is English, else in English words, in the order of the French ones."""
        reading = parse_text(text)
        if not is_french(reading):
            return text
        named = {
            mention.start: (mention.end, english)
            for mention in self.vocabulary.mentions(reading, (Language.FR,))
            if (english := self._name(mention))
        }
        covered = {place for start, (end, _english) in named.items() for place in range(start, end)}
        words = (
            named[place][1] if place in named else "" if place in covered else self._word(word)
            for place, word in enumerate(reading.words)
        )
        return " ".join(word for word in words if word)

    def _name(self, mention: Mention) -> str:
        """The English name of a concept that is called by its first French one; other names may be wider."""
        labels = self.vocabulary.concept(mention.concept).labels
        french, english = (labels.get(language, ("",)) for language in Language)
        same = expression_stems(mention.surface, Language.FR) == expression_stems((french or ("",))[0], Language.FR)
        return english[0] if english and same else ""

    def _word(self, word: str) -> str:
        """The surest of: the same word in English, one that several names attest, one that differs by its ending."""
        french, lower = stem(word, Language.FR), fold(word)
        if not french:
            return ""
        alike = self._cognate(lower)
        if alike == lower and len(lower) >= _LEARNED:
            return lower
        english, times = self.table.get(french, ("", 0))
        return (english if times >= _MIN_ATTESTATIONS else "") or alike or english or word

    def _cognate(self, word: str) -> str:
        """The commonest English word of the evidence that differs from a French one by its ending at most."""
        forms = [word, *(word.removesuffix(old) + new for old, new in _ENDINGS if word.endswith(old))]
        commonest = max(forms, key=self._held)
        return commonest if self._held(commonest) else ""

    def _held(self, word: str) -> int:
        return self.held.get(stem(word, Language.EN), 0)


def is_french(reading: ParsedText) -> bool:
    """Whether more words tell of French, by being common there alone or by an accent, than of English."""
    words = [word.lower() for word in reading.words if word]
    french = sum(word in DISTINCTIVE_WORDS[Language.FR] or fold(word) != word for word in words)
    return french > sum(word in DISTINCTIVE_WORDS[Language.EN] for word in words)


def _table(concepts: Iterable[Concept]) -> dict[str, tuple[str, int]]:
    named = (_pair(concept) for concept in concepts)
    pairs = [({stem(word, Language.FR) for word in french}, set(english)) for french, english in named if english]
    met = Counter((one, word) for french, english in pairs for one in french for word in english)
    likely = {
        french: max(found.items(), key=lambda one: (one[1], one[0]))
        for french, found in _translation_probabilities(pairs).items()
    }
    return {
        french: (word, met[french, word]) for french, (word, chance) in likely.items() if chance >= _MIN_PROBABILITY
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
    chances: dict[str, dict[str, float]] = defaultdict(dict)
    for french, english in pairs:
        for one in french:
            chances[one].update(dict.fromkeys(english, 1.0))
    for _round in range(_ROUNDS):
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for french, english in pairs:
            for word in english:
                whole = sum(chances[one][word] for one in french)
                for one in french:
                    counts[one][word] += chances[one][word] / whole  # type: ignore[assignment]
        chances = {one: {word: count / found.total() for word, count in found.items()} for one, found in counts.items()}
    return chances
