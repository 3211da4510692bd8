"""A panel: reviewers, papers to review, and who may review what."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

Pair = tuple[str, str]
"""The keys of a reviewer and of a paper."""

COMPETENCE_STEPS: Final = 100
"""Competence counts in whole hundredths: estimates are not finer, and proofs are exact."""

BEST_REVIEWER_WEIGHT: Final = 60
"""The weight of a paper's best reviewer; that of the k-th is `BEST_REVIEWER_WEIGHT // k`."""


class InvalidPanelError(ValueError):
    """A contradictory panel; the message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class PanelReviewer:
    """A reviewer, and the highest number of reviews."""

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

    `competence` is from 0 to 1; a pair that is absent has 0. A reviewer gets no paper with a competence below
    `minimum`, with a conflict, or after having declined it. `fixed` pairs, already accepted, remain in any case.
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
    """Competence in whole hundredths."""
    return round(COMPETENCE_STEPS * competence)
