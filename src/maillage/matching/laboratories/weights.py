"""The weights of the ranking: one for each feature, learned on needs of 2005 to 2014 (`learning.py`).

A weight says by how much the logarithm of the odds of a laboratory grows with one unit of the feature.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

Weights = Mapping[str, float]

TEXT_FEATURES: Final = (
    "label", "label at all", "profile", "nearest needs", "nearest projects", "fields", "panels", "supervisors", "words",
)  # fmt: skip
LABORATORY_FEATURES: Final = ("answered needs", "projects", "age", "closed", "team")
ASKER_FEATURES: Final = (
    "region", "needs of the region", "needs of the sector", "panels of the sector", "words of the sector",
)  # fmt: skip
LEARNED_FEATURES: Final = (*TEXT_FEATURES, *LABORATORY_FEATURES, *ASKER_FEATURES)

SET_WEIGHTS: Final = MappingProxyType({"projects of supervisors": 0.6, "past partner": 3.0})
"""Weights set by hand, as the needs that are learned from say nothing of them: these name no company twice, and CORDIS
as we have it begins after them. Less than the 0.8 that projects of supervisors have when later ones are read all the
same, and less than a region."""

WEIGHTS: Final[Weights] = MappingProxyType(
    {
        "label": 4.7,
        "label at all": 0.7,
        "profile": 2.6,
        "nearest needs": 0.8,
        "nearest projects": 0.1,
        "fields": 1.3,
        "panels": 1.2,
        "supervisors": 2.3,
        "words": 3.0,
        "answered needs": -1.8,
        "projects": 1.1,
        "age": 0.5,
        "closed": -1.1,
        "team": -2.0,
        "region": 4.3,
        "needs of the region": 1.1,
        "needs of the sector": 0.6,
        "panels of the sector": 0.9,
        "words of the sector": 1.8,
    }
)
"""The weights where needs of the past are known, with the laboratories that were found for them."""

WEIGHTS_WITHOUT_NEEDS: Final[Weights] = MappingProxyType(
    {
        "label": 4.4,
        "label at all": 0.4,
        "profile": 3.6,
        "nearest projects": 0.2,
        "fields": 1.3,
        "panels": 1.8,
        "supervisors": 2.8,
        "words": -1.8,
        "projects": 2.2,
        "age": 0.7,
        "closed": -1.0,
        "team": -2.6,
        "region": 4.9,
    }
)
"""The weights where no need of the past is known, as on pages, where nobody reads the needs of others. Learned on the
same needs, none of which the index had."""
