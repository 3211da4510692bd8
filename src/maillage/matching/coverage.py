"""How offers cover a concept that a need asks for: the same on the pages of answers and of needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Coverage(StrEnum):
    """How offers cover a concept: itself or in part, only through something wider, or not at all."""

    COVERED = "covered"
    NEARLY = "nearly"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class ConceptCoverage:
    """How a concept is covered; `nearest` are the wider concepts through which it is nearly so."""

    concept: str
    coverage: Coverage
    nearest: tuple[str, ...] = ()


def concept_coverage(concept: str, met: Iterable[tuple[str, int]]) -> ConceptCoverage:
    """How offers cover a concept; `met` are the concepts through which they do, with their steps (above 0: wider)."""
    met = tuple(met)
    if any(steps <= 0 for _concept, steps in met):
        return ConceptCoverage(concept, Coverage.COVERED)
    nearest = tuple(dict.fromkeys(wider for wider, _steps in met))
    return ConceptCoverage(concept, Coverage.NEARLY if nearest else Coverage.NOT, nearest)
