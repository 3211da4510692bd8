"""The words of a need that nothing knows: no vocabulary, no offer, nor the common language of all subjects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

from maillage.matching.text import ParsedText, is_filler
from maillage.matching.word_lists import Language

# Just after these words a French word in -ons or -ez is a verb ("nous développons", "vous pourriez"), no subject.
_FRENCH_PERSONS: Final = frozenset({"nous", "vous"})
MAX_UNKNOWN_WORDS: Final = 12
_MIN_LENGTH: Final = 4

# Endings of names of diseases; "-ite" and "-ose" need their length, since short French words have them too.
_DISEASE_ENDING = re.compile(
    r"(?:\w{3}(?:itis|pathy|pathies|algia|plegia|aemia|emia|trophy|sclerosis|oma|omas|pathie|pathies|algie|plégie|émie)"
    r"|\w{4}(?:osis|oses|ose|ite|ites)|\w{2}sclérose)$",
    re.IGNORECASE,
)
_NOT_DISEASES = """apoptosis endocytosis phagocytosis hypnosis diploma satellite satellites réussite poursuite cellulose
    saccharose virtuose explicite implicite composite composites parasite parasites graphite bauxite métabolite
    métabolites apoptose symbiose"""
_NO_DISEASE: Final = frozenset(_NOT_DISEASES.split())


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word that is not understood. `named`: written as a name or code, so that it says little about the subject."""

    text: str
    named: bool
    looks_like_disease: bool


@cache
def general_stems(language: Language) -> frozenset[str]:
    """Stems of words that stand in texts of every subject."""
    content = files("maillage.matching").joinpath("general_words.yaml").read_text("utf-8")
    return frozenset(yaml.load(content, yaml.CSafeLoader)[language.value].split())


def find_unknown_words(
    reading: ParsedText, languages: Iterable[Language], known: Iterable[int], in_offers: frozenset[str]
) -> tuple[UnknownWord, ...]:
    """The first words not understood, each once; `known` are positions in names of concepts, `in_offers` stems."""
    unknown: dict[str, UnknownWord] = {}
    for position in _unknown_positions(reading, tuple(languages), frozenset(known), in_offers):
        word = reading.words[position]
        begins = position == 0 or not reading.words[position - 1]
        named = (
            any(char.isdecimal() for char in word) or word[1:] != word[1:].lower() or (word[0].isupper() and not begins)
        )
        looks_like_disease = bool(_DISEASE_ENDING.search(word)) and word.lower() not in _NO_DISEASE
        unknown.setdefault(word.lower(), UnknownWord(word, named, looks_like_disease))
        if len(unknown) == MAX_UNKNOWN_WORDS:
            break
    return tuple(unknown.values())


def _unknown_positions(
    reading: ParsedText, languages: tuple[Language, ...], known: frozenset[int], in_offers: frozenset[str]
) -> Iterator[int]:
    general_fr, general_en = (
        general_stems(language) if language in languages else frozenset() for language in (Language.FR, Language.EN)
    )
    rows = zip(reading.words, reading.stems[Language.FR], reading.stems[Language.EN], strict=True)
    for position, (word, french, english) in enumerate(rows):
        if french in in_offers or english in in_offers or french in general_fr or english in general_en:
            continue
        if position in known or is_filler(word):
            continue
        if (len(word) >= _MIN_LENGTH or word.isupper()) and not _is_french_verb(reading.words, position):
            yield position


def _is_french_verb(words: Sequence[str], position: int) -> bool:
    before = words[position - 1].lower() if position else ""
    return words[position].endswith(("ons", "ez")) and before in _FRENCH_PERSONS
