"""A team problem as arrays: bits for capabilities and seats, numbers for providers, their options and ties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from maillage.matching.teams.problem import (
    COHESION_POINTS,
    COVER_POINTS,
    FIT_POINTS,
    MEMBER_COST,
    TeamOffer,
    TeamProblem,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SearchTables:
    """The input of the search.

    `providers` are keys by number; `essential` is the mask of bits that must be covered. In option i, provider `of[i]`
    covers exactly the bits `mask[i]`, for `cost[i]` euros and `value[i]` points (without ties). The ties of provider p
    are `start[p]` to `start[p + 1]` in `to` and `worth`, the greatest first.
    """

    providers: list[str]
    bits: int
    essential: int
    places: int
    budget: int
    of: Ints
    mask: Ints
    cost: Ints
    value: Ints
    start: Ints
    to: Ints
    worth: Ints


NO_BUDGET = 2**53


def build_search_tables(problem: TeamProblem) -> SearchTables:
    """The arrays of a checked problem, without providers that are excluded or have no requested capability."""
    from maillage.matching.teams.options import provider_options  # loads compiled code, so not at import

    bit = {capability.key: number for number, capability in enumerate(problem.asked)}
    offers_by_provider = _relevant_offers(problem, bit)
    seats = [(1 << (len(bit) + number), seat.providers) for number, seat in enumerate(problem.seats)]
    for _mask, members in seats:
        for key in members - problem.excluded:
            offers_by_provider.setdefault(key, [])
    names = sorted(offers_by_provider)
    worth = np.array([round(COVER_POINTS * capability.weight) for capability in problem.asked], np.int64)
    extra = np.array([round(FIT_POINTS * capability.weight) for capability in problem.asked], np.int64)
    fits, costs, first = _offers(offers_by_provider, names, bit)
    seated = np.array([sum(mask for mask, members in seats if name in members) for name in names], np.int64)
    budgeted = problem.budget is not None
    of, mask, cost, value = provider_options(fits, costs, first, seated, worth, extra, MEMBER_COST, budgeted)
    start, to, weights = _ties(problem, names)
    essential = sum(1 << number for number, capability in enumerate(problem.asked) if capability.essential)
    essential |= sum(mask for (mask, _members), seat in zip(seats, problem.seats, strict=True) if seat.essential)
    return SearchTables(
        names, len(bit) + len(seats), essential, problem.places,
        problem.budget if problem.budget is not None else NO_BUDGET,
        of, mask, cost, value, start, to, weights,
    )  # fmt: skip


def _relevant_offers(problem: TeamProblem, bit: dict[str, int]) -> dict[str, list[TeamOffer]]:
    """The offers with a requested capability, by provider, without excluded providers."""
    excluded = problem.excluded
    offers_by_provider: dict[str, list[TeamOffer]] = {}
    for offer in problem.offers:
        if offer.provider not in excluded and any(key in bit for key in offer.fits):
            offers_by_provider.setdefault(offer.provider, []).append(offer)
    return offers_by_provider


def _offers(
    offers_by_provider: dict[str, list[TeamOffer]], names: list[str], bit: dict[str, int]
) -> tuple[Any, Ints, Ints]:  # Any: a table in two dimensions
    """Fits in thousandths (rows: offers, columns: capabilities), costs, and the first row of each provider."""
    rows: list[TeamOffer] = []
    first = [0]
    for name in names:
        rows += sorted(offers_by_provider[name], key=lambda offer: offer.key)
        first.append(len(rows))
    fits = np.zeros((len(rows), len(bit)), np.int64)
    for row, offer in enumerate(rows):
        for key, fit in offer.fits.items():
            if key in bit:
                fits[row, bit[key]] = max(1, round(1000 * fit))
    return fits, np.array([offer.cost for offer in rows], np.int64), np.array(first, np.int64)


def _ties(problem: TeamProblem, names: list[str]) -> tuple[Ints, Ints, Ints]:
    numbers = {name: number for number, name in enumerate(names)}
    pairs: dict[tuple[int, int], float] = {}
    for (first, second), value in problem.ties.items():
        if first in numbers and second in numbers:
            pair = min(numbers[first], numbers[second]), max(numbers[first], numbers[second])
            pairs[pair] = max(pairs.get(pair, 0.0), value)
    around: list[list[tuple[int, int]]] = [[] for _name in names]
    for (a, b), value in pairs.items():
        if points := round(COHESION_POINTS * value):
            around[a].append((-points, b))
            around[b].append((-points, a))
    start = np.cumsum([0, *(len(neighbours) for neighbours in around)], dtype=np.int64)
    flat = [entry for neighbours in around for entry in sorted(neighbours)]
    return start, _array(to for _points, to in flat), _array(-points for points, _to in flat)


def _array(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, np.int64)
