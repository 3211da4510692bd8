"""Features of parties from the known members of a consortium: who has worked with them, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from maillage.matching.partners.index import PastProjectIndex
from maillage.matching.partners.terms import Floats, Matrix

Columns = NDArray[np.int64]
MEMBER_FEATURE: Final = "company of members"
_LARGE_PROJECT: Final = 20
"""In a project of more parties, that two of them took part is weak evidence that they worked together."""


@dataclass(frozen=True)
class MemberFeatures:
    """The index by party; `participants` has a row for each party, `small` only projects that are not large."""

    index: PastProjectIndex
    participants: Matrix
    small: Matrix

    @classmethod
    def of(cls, index: PastProjectIndex) -> MemberFeatures:
        """Prepare the index for look-ups by party."""
        participants = index.taken.T.tocsr()
        return cls(index, participants, participants[:, np.flatnonzero(index.sizes <= _LARGE_PROJECT)].tocsr())

    @cached_property
    def _countries(self) -> NDArray[np.str_]:
        return np.array([self.index.evidence.parties[key].country for key in self.index.parties], np.str_)

    def of_members(self, members: Columns) -> dict[str, Floats]:
        """For each party: shares of the company of the members, projects with them, and whether in their country."""
        company = np.asarray(self.index.together[members].sum(0), np.float32).ravel()
        return {
            MEMBER_FEATURE: company,
            "projects with members": _projects_together(self.participants, members),
            "small projects with members": _projects_together(self.small, members),
            "country of members": np.isin(self._countries, self._countries[members]).astype(np.float32),
        }


def _projects_together(participants: Matrix, members: Columns) -> Floats:
    counts = np.asarray((participants[members] @ participants.T).sum(0)).ravel()
    logarithms: Floats = np.log1p(counts).astype(np.float32)
    return logarithms
