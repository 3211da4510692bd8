"""Features of laboratories for a need: what the text says, what they did, and who asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from maillage.matching.laboratories.evidence import Asker
from maillage.matching.laboratories.index import LaboratoryIndex, Translate, unit_rows, weighted
from maillage.matching.partners.terms import Floats, Matrix, softened

_LEAST: Final = 0.01
"""A share below which all shares count the same."""

_NEAREST_NEEDS, _NEAREST_PROJECTS, _NEAREST_PROFILES = 50, 200, 100
TRAITS: Final = ("fields", "panels", "supervisors", "words")


@dataclass(frozen=True)
class NeedFeatures:
    """The features of all laboratories of an index for one need, by name."""

    index: LaboratoryIndex
    counts: Matrix
    sector: Matrix
    asker: Asker

    @classmethod
    def of(cls, index: LaboratoryIndex, text: str, asker: Asker, translate: Translate) -> NeedFeatures:
        """Read a need in French or English."""
        counts = index.terms.count([translate(text), translate(asker.sector)])
        return cls(index, counts[0], counts[1], asker)

    def all(self) -> dict[str, Floats]:
        """All features."""
        return self.of_text() | self.of_laboratories() | self.of_asker()

    def of_text(self) -> dict[str, Floats]:
        """How near what a laboratory is and did is to the text."""
        index = self.index
        near_needs = nearest(self.need_similarities, _NEAREST_NEEDS) ** 2
        near_projects = nearest(dense(index.projects @ self.words.T), _NEAREST_PROJECTS) ** 2
        label = dense(index.labels @ self.words.T)
        features = {
            "label": label,
            "label at all": log_share(label),
            "profile": share_of_best(self.profile),
            "nearest needs": share_of_best(near_needs @ index.found),
            "nearest projects": log_share(near_projects @ index.taken),
            "projects of supervisors": self._of_supervisors(),
        }
        return features | {name: self._fit(name) for name in TRAITS}

    def of_laboratories(self) -> dict[str, Floats]:
        """What they did, whatever the need."""
        numbers = self.index.numbers
        logarithms = {"answered needs": "needs", "projects": "projects", "age": "age"}
        grown: dict[str, Floats] = {name: _grown(numbers[number]) for name, number in logarithms.items()}
        return grown | {"closed": numbers["closed"], "team": numbers["team"]}

    def of_asker(self) -> dict[str, Floats]:
        """How near they are to who asks: region, sector and past partners. Zero for what is not known."""
        index, region = self.index, self.asker.region
        in_region = (index.regions == region) & bool(region)
        needs_of_region = ((index.need_regions == region) & bool(region)).astype(np.float32)
        sector_words = unit_rows(weighted(self.sector, index.sector_rarity))
        needs_of_sector = dense(index.sectors @ sector_words.T) ** 2
        partners = np.zeros(len(index.laboratories), np.float32)
        partners[index.columns_of(self.asker.partners)] = 1
        return {
            "region": in_region.astype(np.float32),
            "needs of the region": log_share(needs_of_region @ index.found),
            "needs of the sector": log_share(needs_of_sector @ index.found),
            "past partner": partners,
        } | {
            f"{name} of the sector": similarity(index.traits[name], needs_of_sector @ index.need_traits[name])
            for name in ("panels", "words")
        }

    @cached_property
    def words(self) -> Matrix:
        """The weights of the words of the need."""
        return self.index.weights(self.counts)

    @cached_property
    def profile(self) -> Floats:
        """BM25 of the profile of each laboratory."""
        return dense(self.index.profiles @ softened(self.counts).T)

    @cached_property
    def need_similarities(self) -> Floats:
        """The similarity of each past need."""
        return dense(self.index.needs @ self.words.T)

    @cached_property
    def _near_profiles(self) -> Floats:
        return nearest(self.profile, _NEAREST_PROFILES) ** 2

    def _fit(self, trait: str) -> Floats:
        """How alike in a trait laboratories are to those found for near needs, and to those of near profiles."""
        index = self.index
        of_needs = share_of_best(self.need_similarities) ** 2 @ index.need_traits[trait]
        of_laboratories = self._near_profiles @ index.traits[trait]
        return similarity(index.traits[trait], unit(of_needs) + unit(of_laboratories))

    def _of_supervisors(self) -> Floats:
        """What the bodies above a laboratory do, by their own projects near the need, relative to all of theirs."""
        index = self.index
        words = unit_rows(weighted(self.counts, index.body_rarity))
        near = nearest(dense(index.body_texts @ words.T), _NEAREST_NEEDS) ** 2
        near_rates = (near @ index.body_projects) / max(float(near.sum()), 1e-9)
        rates = np.asarray(index.body_projects.sum(0)).ravel() / max(index.body_projects.shape[0], 1)
        return np.asarray(index.bodies @ np.log((near_rates + 0.01) / (rates + 0.01)), np.float32)


def similarity(traits: Matrix, wanted: Floats) -> Floats:
    """The cosine of each row with wanted traits."""
    cosines: Floats = np.asarray(traits @ unit(wanted), np.float32)
    return cosines


def unit(values: Floats) -> Floats:
    """Values scaled to length one."""
    scaled: Floats = np.asarray(values / max(float(np.linalg.norm(values)), 1e-9), np.float32)
    return scaled


def share_of_best(values: Floats) -> Floats:
    """Values as shares of the greatest."""
    shares: Floats = np.asarray(np.maximum(values, 0) / max(float(values.max(initial=0)), 1e-9), np.float32)
    return shares


def log_share(values: Floats) -> Floats:
    """Logarithms of shares of the greatest value."""
    logarithms: Floats = np.log(share_of_best(values) + _LEAST).astype(np.float32) / np.float32(3)
    return logarithms


def _grown(numbers: Floats) -> Floats:
    grown: Floats = np.log1p(numbers).astype(np.float32) / np.float32(2)
    return grown


def nearest(similarities: Floats, number: int) -> Floats:
    """The shares of the best `number` similarities, zero for the others."""
    shares = share_of_best(similarities)
    if number < len(shares):
        shares = np.where(shares >= np.partition(shares, -number)[-number], shares, 0)
    return shares


def dense(matrix: Matrix) -> Floats:
    """A matrix of one row or column as an array."""
    array: Floats = np.asarray(matrix.toarray(), np.float32).ravel()
    return array
