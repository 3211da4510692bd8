"""Concepts with French and English names, and the recognition of those names in a text.

A name is stored as its sequence of stems without stop words, so "banque d'échantillons" and "banques des échantillons"
are one expression. Recognition looks expressions up in a hash table, longest first, and costs the same with 300
concepts or 30,000.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from maillage.matching.text import PAUSE, ParsedText, is_filler, parse_text
from maillage.matching.word_lists import STOP_WORDS, Language

MAX_HIERARCHY_DEPTH: Final = 6
"""Steps up the hierarchy beyond which a broader concept is too general to be kept."""

_MAX_EXPRESSION_WORDS: Final = 12
_DETERMINERS: Final = frozenset({"of", "the", "these", "those", "our", "their", "your", "other", "such"})


class Facet(StrEnum):
    """The role of a concept in a need."""

    DISEASE = "disease"
    PRODUCT = "product"
    FIELD = "field"
    SERVICE = "service"
    FRAME = "frame"

    @property
    def is_subject(self) -> bool:
        """Whether the concept is the subject of a need, rather than the service requested or the setting."""
        return self in {Facet.DISEASE, Facet.PRODUCT, Facet.FIELD}


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept that both needs and offers may name.

    `labels[language]` lists names, the preferred one first. `exact` names are acronyms that are words of either
    language in lower case ("ALL", "CAR"); they are recognised as written only, whatever the language of the text.
    `broader` are keys of wider concepts; `opposite` of concepts that rule this one out ("adult", "paediatric");
    `source` names the vocabulary it comes from.
    """

    key: str
    labels: Mapping[Language, tuple[str, ...]]
    broader: tuple[str, ...] = ()
    facet: Facet = Facet.SERVICE
    exact: tuple[str, ...] = ()
    opposite: tuple[str, ...] = ()
    source: str = ""

    def label(self, language: Language) -> str:
        """The preferred name in a language, else in the other one, else the key."""
        for names in (self.labels.get(language, ()), self.labels.get(language.other, ()), self.exact):
            if names:
                return names[0]
        return self.key


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept named by the words `start` to `end` (excluded) of a text, written as `surface`.

    `language` is that of the recognised name, or None for an acronym of both languages.
    """

    concept: str
    start: int
    end: int
    surface: str
    language: Language | None


@dataclass(slots=True)
class _ExpressionTable:
    """Expressions of one language: stems to concept, and the longest length by first stem."""

    concepts: dict[tuple[str, ...], str] = field(default_factory=dict)
    reach: dict[str, int] = field(default_factory=dict)
    added: set[tuple[str, ...]] = field(default_factory=set)
    forms: dict[tuple[str, ...], set[str]] = field(default_factory=dict)

    def add(self, stems: tuple[str, ...], key: str, *, name: str = "", added: bool = False) -> None:
        """Add a name; `added` names are of vocabularies after the first, and single words of theirs keep their form."""
        # The first vocabulary to use a name keeps it, so that ours has precedence over a general thesaurus.
        if stems not in self.concepts:
            self.concepts[stems] = key
            if added:
                self.added.add(stems)
        if stems in self.added and len(stems) == 1:
            self.forms.setdefault(stems, set()).add(_form(name))
        self.reach[stems[0]] = max(self.reach.get(stems[0], 0), len(stems))

    def is_as_written(self, stems: tuple[str, ...], word: str) -> bool:
        """Whether a word may stand for a name: single words of large vocabularies must agree but for the plural."""
        forms = self.forms.get(stems)
        return forms is None or _form(word) in forms


def _form(name: str) -> str:
    words = [word for word in parse_text(name).words if not is_filler(word)] or [name]
    return words[0].lower().rstrip("sx")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """An immutable set of concepts that recognises its names in texts. Build it with `Vocabulary.of`.

    `aliases` maps the key of a concept that was merged into an earlier one of the same name to that one's key;
    `dangling` lists (key, broader key) pairs whose broader concept does not exist and which were left out.
    """

    concepts: Mapping[str, Concept]
    aliases: Mapping[str, str]
    dangling: tuple[tuple[str, str], ...]
    _tables: Mapping[Language, _ExpressionTable]
    _exact: _ExpressionTable
    _ancestors: Mapping[str, Mapping[str, int]]
    _added: frozenset[str]

    @classmethod
    def of(cls, *sources: Iterable[Concept]) -> Vocabulary:
        """Build a vocabulary from sources in order of precedence: one's own, then large public ones.

        A concept whose preferred name an earlier source already uses is merged into that one and adds its other names
        to it. Within one source the first concept to use a name keeps it. Cycles in `broader` are harmless.
        """
        builder = _Builder()
        for number, source in enumerate(sources):
            for concept in source:
                builder.add(concept, added=number > 0)
        return builder.build(cls)

    def __len__(self) -> int:
        return len(self.concepts)

    def concept(self, key: str) -> Concept:
        """The concept of a key or of a merged key. Raises KeyError when there is none."""
        return self.concepts[self.aliases.get(key, key)]

    def is_added(self, key: str) -> bool:
        """Whether a concept is of a large vocabulary, in a facet that one's own has too."""
        return key in self._added

    def ancestors(self, key: str) -> Mapping[str, int]:
        """Wider concepts of `key` with their distance in steps, 1 to `MAX_HIERARCHY_DEPTH`."""
        return self._ancestors.get(key, {})

    def opposites(self, key: str) -> frozenset[str]:
        """Concepts that rule out `key` or something wider."""
        lineage = (key, *self.ancestors(key))
        return frozenset(other for concept in lineage for other in self.concepts[concept].opposite)

    def mentions(self, text: ParsedText, languages: Iterable[Language] | None = None) -> tuple[Mention, ...]:
        """Concepts named in a text, in order and without overlap.

        At each position the longest name of one's own vocabulary wins, then the longest of the others; of equal ones,
        an acronym in capitals, then the language listed first.
        `languages` defaults to the detected languages of the text. Time grows with the length of the text
        only.
        """
        matches = [] if text.shouted else _acronyms(text, self._exact)
        for language in languages if languages is not None else text.languages:
            matches += _expressions(text.stems[language], self._tables[language], language, text.words)
        matches.sort(key=lambda match: (match[4], match[0] - match[1]))
        return _without_overlap(matches, text)


# Start, end, concept, language, and whether the name is of a large vocabulary.
_ExpressionMatch = tuple[int, int, str, Language | None, bool]


def _acronyms(text: ParsedText, table: _ExpressionTable) -> list[_ExpressionMatch]:
    matches = _expressions([word or PAUSE for word in text.words], table, None, text.words)
    return [match for match in matches if not _is_emphasis(text.words, match[0], match[1])]


def _is_emphasis(words: tuple[str, ...], start: int, end: int) -> bool:
    """Whether a stop word in capitals is emphasis rather than an acronym: "ALL of these", "FOR ALL THREE"."""
    if end - start > 1 or words[start].lower() not in STOP_WORDS[Language.EN]:
        return False
    before, after = words[max(0, start - 1) : start], words[end : end + 1]
    stressed = (word.isupper() and len(word) > 1 and is_filler(word) for word in (*before, *after))
    return any(stressed) or any(word.lower() in _DETERMINERS for word in after)


def _expressions(
    tokens: Sequence[str], table: _ExpressionTable, language: Language | None, words: Sequence[str]
) -> list[_ExpressionMatch]:
    """At each position, the longest name of one's own vocabulary and the longest of the others."""
    matches: list[_ExpressionMatch] = []
    for position, token in enumerate(tokens):
        reach = table.reach.get(token) if token else None
        if reach is None:
            continue
        for added, (end, key) in _longest_expressions(tokens, position, reach, table, words[position]).items():
            matches.append((position, end, key, language, added))
    return matches


def _longest_expressions(
    tokens: Sequence[str], start: int, reach: int, table: _ExpressionTable, word: str
) -> dict[bool, tuple[int, str]]:
    """End and concept of the longest expression at `start` of at most `reach` stems: one's own, and of others."""
    stems: list[str] = []
    best: dict[bool, tuple[int, str]] = {}
    for position in range(start, min(len(tokens), start + 2 * reach)):
        if tokens[position] == PAUSE:
            break
        if not tokens[position]:
            continue
        stems.append(tokens[position])
        key = table.concepts.get(tuple(stems))
        if key is not None and (not table.added or table.is_as_written(tuple(stems), word)):
            best[tuple(stems) in table.added] = (position + 1, key)
        if len(stems) == reach:
            break
    return best


def _without_overlap(matches: list[_ExpressionMatch], text: ParsedText) -> tuple[Mention, ...]:
    covered: set[int] = set()
    mentions: list[Mention] = []
    for start, end, key, language, _added in matches:
        span = range(start, end)
        if not covered.isdisjoint(span):
            continue
        covered.update(span)
        mentions.append(Mention(key, start, end, text.surface(start, end), language))
    return tuple(sorted(mentions, key=lambda mention: mention.start))


def expression_stems(name: str, language: Language) -> tuple[str, ...]:
    """The stems by which a name is recognised; empty if the name has stop words only."""
    return tuple(part for part in parse_text(name).stems[language] if part and part != PAUSE)[:_MAX_EXPRESSION_WORDS]


# For each language, the names of a concept: their stems, and as written.
_Names = Mapping[Language, list[tuple[tuple[str, ...], str]]]


@dataclass(slots=True)
class _Builder:
    """Builds a vocabulary, merging concepts that share a preferred name."""

    concepts: dict[str, Concept] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    tables: dict[Language, _ExpressionTable] = field(
        default_factory=lambda: {language: _ExpressionTable() for language in Language}
    )
    exact: _ExpressionTable = field(default_factory=_ExpressionTable)
    added: set[str] = field(default_factory=set)

    def add(self, concept: Concept, *, added: bool) -> None:
        names = {
            language: [
                (stems, name)
                for name in concept.labels.get(language, ())
                if (stems := expression_stems(name, language))
            ]
            for language in Language
        }
        owner = self._owner(names, concept.source)
        if concept.key in self.concepts or concept.key in self.aliases:
            owner = self.aliases.get(concept.key, concept.key)
        if owner is None:
            self.concepts[concept.key] = concept
            if added:
                self.added.add(concept.key)
        elif owner != concept.key:
            self.aliases[concept.key] = owner
        self._index(concept, names, owner or concept.key, added=added)

    def _owner(self, names: _Names, source: str) -> str | None:
        """The concept of another vocabulary that already has one of the preferred names."""
        owners = (
            self.tables[language].concepts.get(expressions[0][0])
            for language, expressions in names.items()
            if expressions
        )
        return next((key for key in owners if key is not None and self.concepts[key].source != source), None)

    def _index(self, concept: Concept, names: _Names, key: str, *, added: bool) -> None:
        for language, expressions in names.items():
            for stems, name in expressions:
                self.tables[language].add(stems, key, name=name, added=added)
        for acronym in concept.exact:
            if words := tuple(filter(None, parse_text(acronym).words)):
                self.exact.add(words, key, name=acronym, added=added)

    def _added(self) -> frozenset[str]:
        own_facets = {concept.facet for key, concept in self.concepts.items() if key not in self.added}
        return frozenset(key for key in self.added if self.concepts[key].facet in own_facets)

    def build(self, kind: type[Vocabulary]) -> Vocabulary:
        known = self.concepts.keys() | self.aliases.keys()
        dangling = [
            (concept.key, wider)
            for concept in self.concepts.values()
            for wider in concept.broader
            if wider not in known
        ]
        parents = {
            key: [self.aliases.get(wider, wider) for wider in concept.broader if wider in known]
            for key, concept in self.concepts.items()
        }
        ancestors = {key: _ancestor_distances(key, parents) for key, wider in parents.items() if wider}
        return kind(self.concepts, self.aliases, tuple(dangling), self.tables, self.exact, ancestors, self._added())


def _ancestor_distances(key: str, parents: Mapping[str, list[str]]) -> dict[str, int]:
    distances = {key: 0}
    level = [key]
    for distance in range(1, MAX_HIERARCHY_DEPTH + 1):
        level = list(
            dict.fromkeys(wider for child in level for wider in parents.get(child, []) if wider not in distances)
        )
        distances.update(dict.fromkeys(level, distance))
    del distances[key]
    return distances
