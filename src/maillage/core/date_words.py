"""Dates as people write them, in French and English, read as EDTF: `7/2/2020`, `fév. 2020`, `about 2006`."""

import re
from collections.abc import Callable
from functools import cache

from babel import Locale

from maillage.core.periods import OPEN, UNKNOWN
from maillage.core.text import fold

_UNKNOWN = frozenset({"", "unknown", "not known", "inconnu", "inconnue", "non connu", "non connue", "?"})
_OPEN = frozenset(
    {"still true", "still", "today", "now", "en cours", "toujours vrai", "encore", "aujourd hui", "present"}
)
_ABOUT = re.compile(r"(?:about|around|circa|ca|c|vers|environ|env)\s+(.*)")


@cache
def _months() -> dict[str, int]:
    """The number of each month by its folded names in French and English, whole and short."""
    numbers: dict[str, int] = {}
    for language in ("fr", "en"):
        for width in ("wide", "abbreviated"):
            for number, name in Locale(language).months["format"][width].items():
                numbers[fold(name)] = number
    return numbers | {"sept": 9, "fev": 2, "aout": 8}


def read_date(text: str) -> str:
    """The EDTF text of a date in words or figures; a text that is no date of these forms is returned as it is.

    Days in figures are day before month, as in France and the United Kingdom.
    """
    words = re.sub(r"\s+", " ", text.strip())
    folded = fold(words)
    if folded in _UNKNOWN and not words.startswith("."):
        return UNKNOWN
    if folded in _OPEN:
        return OPEN
    if about := _ABOUT.fullmatch(folded):
        return f"{read_date(about[1])}~"
    return next((date for read in _READERS if (date := read(words, folded))), words)


def _in_figures(words: str, _folded: str) -> str:
    """`7/2/2020`, `07.02.2020`, `2/2020`."""
    match = re.fullmatch(r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})", words)
    return _edtf(match[3], int(match[2]), match[1]) if match else ""


def _in_words(_words: str, folded: str) -> str:
    """`7 février 2020`, `1er mars 2020`, `February 2020`."""
    match = re.fullmatch(r"(?:(\d{1,2})(?:er|st|nd|rd|th)? )?([a-z]+) (\d{4})", folded)
    month = _months().get(match[2]) if match else None
    return _edtf(match[3], month, match[1]) if match and month else ""


_SEASONS = {
    "spring": 21, "printemps": 21, "summer": 22, "ete": 22, "autumn": 23, "fall": 23, "automne": 23, "winter": 24,
    "hiver": 24,
}  # fmt: skip


def _season(_words: str, folded: str) -> str:
    """`printemps 2020`, `spring of 2020`, `l’été 2020`."""
    match = re.fullmatch(r"(?:the |le |l )?([a-z]+) (?:of |de )?(\d{4})", folded)
    season = _SEASONS.get(match[1]) if match else None
    return f"{match[2]}-{season}" if match and season else ""


def _quarter(_words: str, folded: str) -> str:
    """`T1 2020`, `Q3 2020`, `1er trimestre 2020`."""
    match = re.fullmatch(r"(?:[tq]([1-4])|([1-4])(?:er|e|eme)? trimestre)(?: de)? (\d{4})", folded)
    return f"{match[3]}-{32 + int(match[1] or match[2])}" if match else ""


def _decade(_words: str, folded: str) -> str:
    """`années 1990`, `the 1990s`."""
    match = re.fullmatch(r"(?:(?:les )?annees (\d{3})0|(?:the )?(\d{3})0 ?s)", folded)
    return f"{match[1] or match[2]}X" if match else ""


def _american(_words: str, folded: str) -> str:
    """`February 7 2020`, `Feb 7, 2020`."""
    match = re.fullmatch(r"([a-z]+) (\d{1,2})(?:st|nd|rd|th)? (\d{4})", folded)
    month = _months().get(match[1]) if match else None
    return _edtf(match[3], month, match[2]) if match and month else ""


def _edtf(year: str, month: int, day: str | None) -> str:
    return f"{year}-{month:02}" + (f"-{int(day):02}" if day else "")


_READERS: tuple[Callable[[str, str], str], ...] = (
    _in_figures,
    _in_words,
    _american,
    _season,
    _quarter,
    _decade,
)
