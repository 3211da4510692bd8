"""Concepts with French and English names, and the recognition of those names in a text.

A name is stored as its sequence of stems without stop words, so "banque d'échantillons" and "banques des échantillons"
are one expression. Recognition looks expressions up in a hash table, longest first, and costs the same with 300
concepts or 30,000.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from maillage.matching.text import PAUSE, ParsedText, is_filler, parse_text
from maillage.matching.word_lists import STOP_WORDS, Language

MAX_HIERARCHY_DEPTH: Final = 6
"""Steps up the hierarchy beyond which a broader concept is too general to be kept."""

_MAX_EXPRESSION_WORDS: Final = 12
_MAX_INTERRUPTED: Final = 5
_PLURAL: Final = "sx"
_PAIR: Final = 2
_STEMS_INTERRUPTED: Final = _PAIR + 1
# Just below the size of the shortest names that nothing interrupts.
_INTERRUPTED_SIZE: Final = 1.5
_MIN_CHAINED_SIZE: Final = 2
_PARTICLES: Final = STOP_WORDS[Language.FR] | STOP_WORDS[Language.EN]
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
    """Expressions of one language: stems to concept, and the longest length by first stem, of all and of long names.

    `forms` are those of single words that keep theirs, `inflected` single words that do not, `particles` the stop words
    with which names end, `beginnings` those of longer names, and `pairs` one's own names of two stems by the first.
    """

    concepts: dict[tuple[str, ...], str] = field(default_factory=dict)
    reach: dict[str, int] = field(default_factory=dict)
    long_reach: dict[str, int] = field(default_factory=dict)
    added: set[tuple[str, ...]] = field(default_factory=set)
    forms: dict[tuple[str, ...], set[str]] = field(default_factory=dict)
    inflected: set[tuple[str, ...]] = field(default_factory=set)
    particles: set[str] = field(default_factory=set)
    beginnings: set[tuple[str, ...]] = field(default_factory=set)
    pairs: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, stems: tuple[str, ...], key: str, *, name: str = "", added: bool = False) -> None:
        """Add a name; `added` names are of vocabularies after the first.

        Single words of those, and acronyms, keep their form.
        """
        # The first vocabulary to use a name keeps it, so that ours has precedence over a general thesaurus.
        if stems not in self.concepts:
            self.concepts[stems] = key
            if added:
                self.added.add(stems)
        if len(stems) == 1 and (stems in self.added or _is_acronym(name)):
            self.forms.setdefault(stems, set()).update((_form(name), name.lower()))
        elif len(stems) == 1 and not added:
            self.inflected.add(stems)
        if len(stems) > 1 and stems[-1] in _PARTICLES:
            self.particles.add(stems[-1])
        elif len(stems) == _PAIR and not added:
            self.pairs.setdefault(stems[0], {}).setdefault(stems[1], self.concepts[stems])
        self.beginnings.update(stems[:size] for size in range(1, len(stems)))
        self.reach[stems[0]] = max(self.reach.get(stems[0], 0), len(stems))
        if len(stems) > 1 and not added:
            self.long_reach[stems[0]] = max(self.long_reach.get(stems[0], 0), len(stems))

    def is_as_written(self, stems: tuple[str, ...], word: str) -> bool:
        """Whether a word may stand for a name: where that keeps its form they agree but for the plural."""
        forms = self.forms.get(stems)
        lower = word.lower()
        return forms is None or stems in self.inflected or lower in forms or lower.rstrip(_PLURAL) in forms


def _is_acronym(name: str) -> bool:
    return name.isupper() and name.isalpha() and len(name) > 1


def _form(name: str) -> str:
    words = [word for word in parse_text(name).words if not is_filler(word)] or [name]
    return words[0].lower().rstrip(_PLURAL)


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
        """Concepts named in a text, in order.

        At each position the longest name of one's own vocabulary wins, then the longest of the others; of equal ones,
        an acronym in capitals, then the language listed first. Names that are chained share a word, and one word of
        another name may interrupt a name. `languages` defaults to the detected languages of the text; of the other one
        only names of several words are read ("notre drug screening"). Time grows with the length of the text only.
        """
        matches = [] if text.shouted else _acronyms(text, self._exact)
        read = tuple(languages if languages is not None else text.languages)
        for language in dict.fromkeys((*read, *Language)):
            matches += _expressions(
                text.stems[language], self._tables[language], language, text.words, language in read
            )
        matches.sort(key=lambda match: (match.added, -match.size))
        return _without_overlap(matches, text)


class _ExpressionMatch(NamedTuple):
    """A name from `start` to `end` (excluded); `added`: of a large vocabulary; `size` in words."""

    start: int
    end: int
    concept: str
    language: Language | None
    added: bool
    size: float

    @property
    def positions(self) -> Iterable[int]:
        """Positions of the words of the name, without one that interrupts it."""
        return range(self.start, self.end) if self.size == self.end - self.start else (self.start, self.end - 1)

    def may_share(self, positions: Collection[int]) -> bool:
        """Whether a longer name may have these words too: chained names share one ("étude de [phase] II")."""
        if self.added or self.size < _MIN_CHAINED_SIZE or len(positions) > 1:
            return False
        return not {self.start, self.end - 1}.isdisjoint(positions)


def _acronyms(text: ParsedText, table: _ExpressionTable) -> list[_ExpressionMatch]:
    matches = _expressions([word or PAUSE for word in text.words], table, None, text.words)
    return [match for match in matches if not _is_emphasis(text.words, match.start, match.end)]


def _is_emphasis(words: tuple[str, ...], start: int, end: int) -> bool:
    """Whether a stop word in capitals is emphasis rather than an acronym: "ALL of these", "FOR ALL THREE"."""
    if end - start > 1 or words[start].lower() not in STOP_WORDS[Language.EN]:
        return False
    before, after = words[max(0, start - 1) : start], words[end : end + 1]
    stressed = (word.isupper() and len(word) > 1 and is_filler(word) for word in (*before, *after))
    return any(stressed) or any(word.lower() in _DETERMINERS for word in after)


def _expressions(
    tokens: Sequence[str],
    table: _ExpressionTable,
    language: Language | None,
    words: Sequence[str],
    is_read: bool = True,
) -> list[_ExpressionMatch]:
    """At each position, the longest name of one's own vocabulary and the longest of the others.

    Of a language that is not read, only one's own names of several words.
    """
    matches: list[_ExpressionMatch] = []
    starts = table.reach if is_read else table.long_reach
    for position, token in enumerate(tokens):
        reach = starts.get(token)
        if reach is None:
            continue
        for added, (end, key) in _longest_expressions(tokens, position, reach, table, words).items():
            if is_read or not (added or end - position == 1):
                matches.append(_ExpressionMatch(position, end, key, language, added, end - position))
        if is_read and language and (last_stems := table.pairs.get(token)):
            matches += _interrupted_names(tokens, position, last_stems, language)
    return matches


def _longest_expressions(
    tokens: Sequence[str], start: int, reach: int, table: _ExpressionTable, words: Sequence[str]
) -> dict[bool, tuple[int, str]]:
    """End and concept of the longest expression at `start` of at most `reach` stems: one's own, and of others."""
    name: tuple[str, ...] = ()
    best: dict[bool, tuple[int, str]] = {}
    for position in range(start, min(len(tokens), start + 2 * reach)):
        token = tokens[position]
        if not token:
            # A stop word within a name is passed over; one that ends it is a part of it.
            if (particle := words[position].lower()) in table.particles and (*name, particle) in table.concepts:
                best[(*name, particle) in table.added] = (position + 1, table.concepts[*name, particle])
            continue
        name = (*name, token)
        key = table.concepts.get(name)
        if key is not None and (name not in table.forms or table.is_as_written(name, words[start])):
            best[name in table.added] = (position + 1, key)
        if name not in table.beginnings:
            break
    return best


def _interrupted_names(
    tokens: Sequence[str], start: int, last_stems: Mapping[str, str], language: Language | None
) -> Iterator[_ExpressionMatch]:
    """A name of two stems with one other between them: "primary AML cells", "recherche de nouvelles cibles"."""
    content = 0
    for position in range(start, min(len(tokens), start + _MAX_INTERRUPTED)):
        if tokens[position] == PAUSE:
            return
        content += bool(tokens[position])
        if content == _STEMS_INTERRUPTED:
            if key := last_stems.get(tokens[position]):
                yield _ExpressionMatch(start, position + 1, key, language, False, _INTERRUPTED_SIZE)
            return


def _without_overlap(matches: list[_ExpressionMatch], text: ParsedText) -> tuple[Mention, ...]:
    covered: set[int] = set()
    mentions: list[Mention] = []
    for match in matches:
        positions = match.positions
        if not (covered.isdisjoint(positions) or match.may_share(covered.intersection(positions))):
            continue
        covered.update(positions)
        surface = text.surface(match.start, match.end)
        mentions.append(Mention(match.concept, match.start, match.end, surface, match.language))
    return tuple(sorted(mentions, key=lambda mention: mention.start))


def expression_stems(name: str, language: Language) -> tuple[str, ...]:
    """The stems by which a name is recognised; empty if the name has stop words only.

    A stop word that ends a name is a part of it: "premier pas" is not every "premier", nor "start-up" every "start".
    """
    reading = parse_text(name)
    stems = [part for part in reading.stems[language] if part and part != PAUSE]
    last = reading.words[-1].lower() if reading.words else ""
    if stems and last and not reading.stems[language][-1]:
        stems = [*stems[: _MAX_EXPRESSION_WORDS - 1], last]
    return tuple(stems[:_MAX_EXPRESSION_WORDS])


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
