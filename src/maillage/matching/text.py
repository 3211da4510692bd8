"""Parse texts of persons into words that can be compared.

A text is cleaned, cut into words, and each word is reduced to a stem in each language; the surface form is kept, since
results quote the words of the need. The work is bounded: beyond `MAX_READ_LENGTH` characters a text is read in part,
and the parsed text has a notice.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, Protocol

import Stemmer  # a compiled module without annotations

from maillage.matching.word_lists import (
    DISTINCTIVE_WORDS,
    FILLER_WORDS,
    FOREIGN_WORDS,
    INVARIABLE_FORMS,
    IRREGULAR_FORMS,
    STOP_WORDS,
    Language,
)

MAX_READ_LENGTH: Final = 200_000
"""Characters of a text that are read: about 60 pages, more than any need, and few enough for an immediate answer."""

MAX_WORD_LENGTH: Final = 64
"""Characters of a word that are stemmed; longer ones are sequences, encoded files and addresses."""

PAUSE: Final = "\n"
"""The stem at the end of a clause or a list item; no expression contains it."""

_SAMPLE: Final = 2_000
_STEMS_KEPT: Final = 100_000
_SECOND_LANGUAGE_SHARE: Final = 0.15
_MIN_TELLING_WORDS: Final = 3
_MIN_FOREIGN_WORDS: Final = 8
_FOREIGN_RATIO: Final = 1.2

# Zero-width characters, soft hyphens, direction marks, tags and lone surrogates: invisible, so removed with no trace.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e01ef]"
)
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
# Long unbroken runs are cut: Unicode puts combining marks in order in a time that grows with the square of the run.
_UNBROKEN = re.compile(r"(\S{256})(?=\S)")
# UTF-8 punctuation that was once read as Windows-1252 ("patientsâ€™"), common in exported texts.
_MOJIBAKE = re.compile("â€([\u2122\u02dc\u0153\u009d\u201c\u201d\u00a6]?)")
_WORD_OR_BREAK = re.compile(r"(?P<word>[^\W_]+)|(?P<pause>[.,!?;:](?=\s)|\n[^\S\n]*\n|[•…])")
_UPPER_WORD = re.compile(r"[^\W\d_]{2,}")
_LATIN: Final = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})
# Snowball takes these endings for those of verbs in the singular only ("cancer", "débit"), or leaves their plural.
_FRENCH_PLURAL = re.compile(r"(?<=\w{2})(er|it|u|o|[sx]ion)s$")
_SCIENTIST = re.compile(r"(?<=\w{3})logues?$")
_BRITISH_ENDING = re.compile(r"(?<=\w{3})is(e|es|ed|ing|ation|ations|er|ers)$")


class ReadingNoticeKind(StrEnum):
    """Kinds of notices about how a text was read."""

    READ_IN_PART = "read-in-part"


@dataclass(frozen=True, slots=True)
class ReadingNotice:
    """A notice for the author of a text: `read` of `total` characters were read."""

    kind: ReadingNoticeKind
    read: int
    total: int

    def sentence(self, language: Language) -> str:
        """The notice as one sentence in the given language."""
        if language is Language.FR:
            return f"Texte lu en partie : les {self.read} premiers caractères sur {self.total}."
        return f"Text read in part: the first {self.read} characters of {self.total}."


@dataclass(frozen=True, slots=True)
class ParsedText:
    """A text, cleaned and split into words.

    `words` are surface forms in reading order, with an empty string where a clause or a list item ends.
    `starts` and `ends` are their places in `text`. `stems[language]` runs parallel to `words`: a stop word of that
    language has an empty stem and an end has `PAUSE`, so that no expression is recognised across it. `languages` are
    those the text is written in, most used first; both when it is too short to tell or truly mixes them. `foreign`:
    it seems to be in neither, by its commonest words. `shouted`: it is mostly in capitals.
    """

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    stems: dict[Language, tuple[str, ...]]
    languages: tuple[Language, ...]
    foreign: bool
    shouted: bool
    notices: tuple[ReadingNotice, ...]

    def surface(self, start: int, end: int) -> str:
        """The words from position `start` up to, not including, `end`, as they were written, on one line."""
        return " ".join(self.text[self.starts[start] : self.ends[end - 1]].split())


def clean(text: str) -> str:
    """Return `text` in Unicode form NFKC, without control, invisible or direction characters.

    Line ends become spaces unless an empty line marks a paragraph; punctuation decoded with the wrong table is
    corrected. The time is linear in the length, whatever the characters.
    """
    visible = _CONTROL.sub(" ", _INVISIBLE.sub("", text.replace("\r\n", "\n")))
    bounded = _UNBROKEN.sub(r"\1 ", _MOJIBAKE.sub(_repunctuated, visible))
    return unicodedata.normalize("NFKC", bounded)


def _repunctuated(match: re.Match[str]) -> str:
    return "'" if match[1] in {"\u2122", "\u02dc"} else " "


def parse_text(text: str, *, limit: int = MAX_READ_LENGTH) -> ParsedText:
    """Read at most `limit` characters of `text` into words and stems of both languages.

    Never raises on any string, lone surrogates included. Longer text gives a `READ_IN_PART` notice.
    """
    notices = (ReadingNotice(ReadingNoticeKind.READ_IN_PART, limit, len(text)),) if len(text) > limit else ()
    # NFKC expands a few characters into eighteen, hence the second limit.
    cleaned = clean(text[:limit])[: 2 * limit]
    matches = list(_WORD_OR_BREAK.finditer(cleaned))
    words = tuple([match["word"] or "" for match in matches])
    return ParsedText(
        text=cleaned,
        words=words,
        starts=tuple([match.start() for match in matches]),
        ends=tuple([match.end() for match in matches]),
        stems={language: tuple([stem(word, language) if word else PAUSE for word in words]) for language in Language},
        languages=guess_languages(words),
        foreign=is_foreign(words),
        shouted=_is_shouted(cleaned[:_SAMPLE]),
        notices=notices,
    )


def _is_shouted(sample: str) -> bool:
    words = _UPPER_WORD.findall(sample)
    return len(words) > 3 and sum(word.isupper() for word in words) > 0.6 * len(words)


def guess_languages(words: tuple[str, ...]) -> tuple[Language, ...]:
    """The languages of a text, most used first, by stop words that only one of them has (first 2,000 words).

    Both are returned when there are fewer than three such words, or when the second language has at least 15 % as
    many as the first.
    """
    sample = [word.lower() for word in words[:_SAMPLE]]
    counts = {
        language: sum(word in distinctive for word in sample) for language, distinctive in DISTINCTIVE_WORDS.items()
    }
    first = max(Language, key=lambda language: counts[language])
    enough = counts[first] >= _MIN_TELLING_WORDS
    if enough and counts[first.other] < _SECOND_LANGUAGE_SHARE * counts[first]:
        return (first,)
    return (first, first.other)


def is_foreign(words: tuple[str, ...]) -> bool:
    """Whether a text is in neither language: its common words are those of another, or its letters are not Latin."""
    sample = [word.lower() for word in words[:_SAMPLE] if word]
    if len(sample) < _MIN_FOREIGN_WORDS:
        return False
    letters = "".join(sample)[:_SAMPLE]
    # Only beyond ASCII, as to name each character takes a tenth of the time of an answer.
    not_latin = sum("LATIN" not in unicodedata.name(char, "") for char in letters if not char.isascii())
    if not_latin > 0.5 * len(letters):
        return True
    own_count = max(sum(word in STOP_WORDS[language] for word in sample) for language in Language)
    foreign_count = max(sum(word in common for word in sample) for common in FOREIGN_WORDS.values())
    return foreign_count > max(2, _FOREIGN_RATIO * own_count)


@lru_cache(maxsize=_STEMS_KEPT)
def stem(word: str, language: Language) -> str:
    """The accent-free stem of one word, or an empty string for a stop word of that language.

    Snowball stems before accents are folded, because its French rules rest on them. British and American spellings
    have the same stem ("haematology", "hematology"; "randomisation", "randomization").
    """
    lower = word.lower().translate(_LATIN)[:MAX_WORD_LENGTH]
    if not lower or lower in STOP_WORDS[language]:
        return ""
    usual = _american_spelling(lower) if language is Language.EN else _french_singular(lower)
    form = IRREGULAR_FORMS[language].get(usual, usual)
    return fold(_stemmer(language).stemWord(form))


def _american_spelling(word: str) -> str:
    # Need and offer only have to agree: changing "promise" too does no harm.
    return _BRITISH_ENDING.sub(r"iz\1", word.replace("aem", "em").replace("aed", "ed").replace("oed", "ed"))


def _french_singular(word: str) -> str:
    """A French word in the singular where its plural would have another stem, and a science for who practises it."""
    if word in INVARIABLE_FORMS:
        return word
    return _SCIENTIST.sub("logie", _FRENCH_PLURAL.sub(r"\1", word))


def fold(word: str) -> str:
    """`word` in lower case and without accents."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFD", word.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char)).translate(_LATIN)


@lru_cache(maxsize=_STEMS_KEPT)
def is_filler(word: str) -> bool:
    """Whether a word is no subject: filler, a stop word of either language, a number or one letter."""
    lower = word.lower()
    return (
        len(lower) < 2
        or lower.isdecimal()
        or lower in FILLER_WORDS
        or any(lower in words for words in STOP_WORDS.values())
    )


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - its name there


_PER_THREAD = threading.local()


def _stemmer(language: Language) -> _Stemmer:
    # A Snowball stemmer has state between calls, so each thread has its own.
    stemmers: dict[Language, _Stemmer] | None = getattr(_PER_THREAD, "stemmers", None)
    if stemmers is None:
        stemmers = {
            Language.FR: Stemmer.Stemmer("french"),
            Language.EN: Stemmer.Stemmer("english"),
        }
        _PER_THREAD.stemmers = stemmers
    return stemmers[language]
