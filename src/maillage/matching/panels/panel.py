"""A panel: reviewers, papers to review, and who may review what."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

Pair = tuple[str, str]
"""The keys of a reviewer and of a paper."""

COMPETENCE_STEPS: Final = 100
"""Competence counts in whole hundredths: no estimate is finer, and what is proven is exact."""

BEST_REVIEWER_WEIGHT: Final = 60
"""The weight of a paper's best reviewer; that of the k-th is `SHARES // k`."""


class InvalidPanelError(ValueError):
    """A panel that contradicts itself; the message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class PanelReviewer:
    """A reviewer, and how many reviews are taken at most."""

    key: str
    most: int


@dataclass(frozen=True, slots=True)
class Paper:
    """An application to review, and how many reviews of it are wanted."""

    key: str
    wanted: int = 3


@dataclass(frozen=True, slots=True)
class Panel:
    """Reviewers, papers, and who may review what.

    `competence` is from 0 to 1; a pair that is absent has 0. Nobody is given a paper with less than `minimum`, in spite
    of a conflict, or after having declined it. `fixed` pairs, already accepted, are kept whatever their competence.
    """

    reviewers: tuple[PanelReviewer, ...]
    papers: tuple[Paper, ...]
    competence: Mapping[Pair, float]
    conflicts: AbstractSet[Pair] = frozenset()
    fixed: AbstractSet[Pair] = frozenset()
    declined: AbstractSet[Pair] = frozenset()
    minimum: float = 0.1
    expert: float = 0.6

    def may(self, reviewer: str, paper: str) -> bool:
        """Whether this pair may be assigned."""
        pair = reviewer, paper
        forbidden = pair in self.conflicts or pair in self.declined
        return pair in self.fixed or (not forbidden and self.competence.get(pair, 0.0) >= self.minimum)


def competence_hundredths(competence: float) -> int:
    """Competence as it counts."""
    return round(COMPETENCE_STEPS * competence)
