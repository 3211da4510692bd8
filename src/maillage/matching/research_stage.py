"""Research stages: technology readiness levels and phases of clinical trials found in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

LOWEST_TRL: Final = 1
HIGHEST_TRL: Final = 9

_NUMERALS: Final = ("I", "II", "III", "IV")
_RANGE: Final = r"\s*(?P<link>-|–|/|à|to|et|and|&)\s*"
_TRL = re.compile(rf"\bTRLs?\s*(?:of|de|:)?\s*(?P<low>[1-9])(?:{_RANGE}(?:TRL\s*)?(?P<high>[1-9]))?\b", re.IGNORECASE)
_PHASE_NUMBER: Final = r"(?:iv|i{1,3}|[1-4])"
_PHASE = re.compile(
    rf"\bphases?\s+(?P<low>{_PHASE_NUMBER})[ab]?(?:{_RANGE}(?:phase\s+)?(?P<high>{_PHASE_NUMBER})[ab]?)?\b",
    re.IGNORECASE,
)
_PHASE_WORD = re.compile(rf"{_PHASE_NUMBER}[abc]?", re.IGNORECASE)
_RANGE_SIGNS: Final = frozenset({"-", "–", "à", "to"})


@dataclass(frozen=True, slots=True, order=True)
class TrlRange:
    """Technology readiness levels from `low` to `high`, both included, 1 to 9. Raises ValueError outside of that."""

    low: int
    high: int

    def __post_init__(self) -> None:
        if not LOWEST_TRL <= self.low <= self.high <= HIGHEST_TRL:
            raise ValueError(f"TRL {self.low}-{self.high} is not a range within {LOWEST_TRL}-{HIGHEST_TRL}.")

    def overlaps(self, other: TrlRange) -> bool:
        """Whether the two ranges share a level."""
        return self.low <= other.high and other.low <= self.high

    def __str__(self) -> str:
        return f"TRL {self.low}" if self.low == self.high else f"TRL {self.low}-{self.high}"


def find_trl(text: str) -> TrlRange | None:
    """The range from the lowest to the highest readiness level a text names ("TRL 4-6", "TRL 3 à 5"), or None."""
    levels = [int(level) for match in _TRL.finditer(text) for level in (match["low"], match["high"]) if level]
    return TrlRange(min(levels), max(levels)) if levels else None


def find_phases(text: str) -> frozenset[int]:
    """Phases of clinical trials a text names, 1 to 4: "phase I/II" gives 1 and 2, "phases I à IV" gives all four."""
    return frozenset(phase for match in _PHASE.finditer(text) for phase in _phases_of(match))


def phase_name(*phases: int) -> str:
    """Phases as they are written in both languages: `phase_name(1, 2)` is "phase I/II"."""
    return "phase " + "/".join(_NUMERALS[phase - 1] for phase in phases)


def is_phase_number(word: str) -> bool:
    """Whether a word alone is the number of a phase or part of one: "II", "IIb"."""
    return _PHASE_WORD.fullmatch(word) is not None


def _phases_of(match: re.Match[str]) -> range | tuple[int, ...]:
    low = _phase_number(match["low"])
    high = _phase_number(match["high"]) if match["high"] else low
    return range(low, high + 1) if match["link"] in _RANGE_SIGNS else (low, high)


def _phase_number(numeral: str) -> int:
    return int(numeral) if numeral.isdecimal() else _NUMERALS.index(numeral.upper()) + 1
