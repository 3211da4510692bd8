"""The set of judged needs in needs.yaml, and the measures of a ranking of offers for them."""

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from maillage.matching.word_lists import Language

_FILE = Path(__file__).parent / "needs.yaml"
_RIGHT, _NEAR = 2, 1
_DEPTH = 5

# The keys of the offers proposed for a text, best first.
Ranker = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class JudgedNeed:
    """A need in one language with the grade of each offer that answers it; `part` says how it was used in tuning."""

    kind: str
    language: Language
    text: str
    grades: dict[str, int]
    part: str

    @property
    def answerable(self) -> bool:
        """Whether any offer does what is asked."""
        return _RIGHT in self.grades.values()


@dataclass(frozen=True, slots=True)
class Figures:
    """How well a ranking does on some needs."""

    answerable: int
    first: int
    in_three: int
    ndcg: float
    lost: int
    to_refuse: int
    refused: int

    def cells(self) -> tuple[str, ...]:
        """The cells of a row of a table."""
        return (
            f"{_percentage(self.first, self.answerable)} ({self.first} of {self.answerable})",
            _percentage(self.in_three, self.answerable),
            f"{self.ndcg:.3f}",
            str(self.lost),
            f"{self.refused} of {self.to_refuse}",
        )


FIGURE_COLUMNS = ("success@1", "success@3", "nDCG@5", "answerable, no right offer", "refused")


def read_needs() -> list[JudgedNeed]:
    """The needs, each entry in its languages."""
    entries = yaml.safe_load(_FILE.read_text("utf-8"))["needs"]
    return [
        JudgedNeed(
            entry["kind"],
            language,
            entry[language.value],
            dict.fromkeys(entry.get("near", ()), _NEAR) | dict.fromkeys(entry.get("right", ()), _RIGHT),
            next((part for part in ("held", "fresh", "pairs") if entry.get(part)), "tuned"),
        )
        for entry in entries
        for language in Language
        if language.value in entry
    ]


def measure_ranking(needs: Iterable[JudgedNeed], rank: Ranker) -> Figures:
    """Rank the offers for each need and count."""
    ranked = [(need, rank(need.text)) for need in needs]
    answerable = [(need, keys) for need, keys in ranked if need.answerable]
    refusable = [keys for need, keys in ranked if not need.grades]
    return Figures(
        answerable=len(answerable),
        first=sum(_has_right(need, keys[:1]) for need, keys in answerable),
        in_three=sum(_has_right(need, keys[:3]) for need, keys in answerable),
        ndcg=statistics.fmean(_ndcg(need, keys) for need, keys in answerable),
        lost=sum(not _has_right(need, keys) for need, keys in answerable),
        to_refuse=len(refusable),
        refused=sum(not keys for keys in refusable),
    )


def _has_right(need: JudgedNeed, keys: Iterable[str]) -> bool:
    return any(need.grades.get(key) == _RIGHT for key in keys)


def _ndcg(need: JudgedNeed, keys: Sequence[str]) -> float:
    """Normalised discounted cumulative gain of the first five, with gains 3 (right) and 1 (near)."""
    best = _gain(sorted(need.grades.values(), reverse=True))
    return _gain([need.grades.get(key, 0) for key in keys]) / best


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(grades[:_DEPTH]))


def _percentage(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"
