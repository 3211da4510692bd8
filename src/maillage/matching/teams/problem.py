"""The input of a search for teams: requested capabilities, offers, ties between providers, and conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

MAX_BITS: Final = 16
"""The most capabilities and seats in one search; its time grows with three to that power."""

MAX_PLACES: Final = 8

COVER_POINTS: Final = 1000
"""Points for covering a capability of weight 1 at all."""

FIT_POINTS: Final = 500
"""Points that a perfect fit (1.0) adds to that."""

COHESION_POINTS: Final = 150
"""Points for a pair of members with the strongest tie (1.0)."""

MEMBER_COST: Final = 250
"""Points that each member costs: one more partner must bring more than a slightly better fit."""


class InvalidTeamProblemError(ValueError):
    """A contradictory or too large problem; the message names the place and the remedy."""


class ConditionKind(StrEnum):
    """The kinds of conditions that can be dropped."""

    EXCLUSION = "exclusion"
    SEAT = "seat"
    BUDGET = "budget"
    PLACES = "places"
    ESSENTIAL = "essential"


@dataclass(frozen=True, slots=True)
class Capability:
    """A requested capability: essential (every team must cover it) or optional, and its weight (above 0)."""

    key: str
    essential: bool = True
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class TeamOffer:
    """An offer of a provider: its fit for each capability (above 0, at most 1), and its cost in whole euros.

    An unknown cost is 0.
    """

    key: str
    provider: str
    fits: Mapping[str, float]
    cost: int = 0


@dataclass(frozen=True, slots=True)
class ProviderExclusion:
    """A condition on each member (a label in force, a country, free capacity): the providers that do not meet it."""

    key: str
    providers: frozenset[str]


@dataclass(frozen=True, slots=True)
class RequiredSeat:
    """A condition on the team: at least one of these providers is a member (a clinical centre, a required partner).

    A seat that is not essential may stay empty.
    """

    key: str
    providers: frozenset[str]
    essential: bool = True


@dataclass(frozen=True, slots=True)
class TeamProblem:
    """A team of at most `places` providers, each of which covers at least one capability or fills a seat.

    `ties` gives, for pairs of providers in either order, how much they have worked together (0 to 1). `budget` is in
    whole euros, for the offers that are used; `None` sets no limit.

    The value of a team, in points: for each covered capability its weight times (`COVER_POINTS` + `FIT_POINTS` times
    the best fit among its members); for each pair `COHESION_POINTS` times their tie; less `MEMBER_COST` a member.
    Points are whole numbers, so that proofs are exact.
    """

    asked: tuple[Capability, ...]
    offers: tuple[TeamOffer, ...]
    ties: Mapping[tuple[str, str], float] = field(default_factory=dict)
    places: int = 5
    budget: int | None = None
    exclusions: tuple[ProviderExclusion, ...] = ()
    seats: tuple[RequiredSeat, ...] = ()

    @property
    def excluded(self) -> frozenset[str]:
        """The providers that no team may have."""
        return frozenset().union(*(exclusion.providers for exclusion in self.exclusions))


def check_problem(problem: TeamProblem) -> None:
    """Raise `InvalidTeamProblemError` if a problem contradicts itself or is too large for a search."""
    if not problem.asked:
        raise InvalidTeamProblemError("Nothing is asked: name at least one capability.")
    bits = len(problem.asked) + len(problem.seats)
    if bits > MAX_BITS:
        raise InvalidTeamProblemError(f"{bits} capabilities and seats are asked; ask for at most {MAX_BITS}.")
    if not 1 <= problem.places <= MAX_PLACES:
        raise InvalidTeamProblemError(
            f"A team of {problem.places} cannot be sought; ask for 1 to {MAX_PLACES} members."
        )
    if problem.budget is not None and problem.budget < 0:
        raise InvalidTeamProblemError("The budget is negative; give what may be spent, or none.")
    _check_unique("capability", (capability.key for capability in problem.asked))
    _check_unique("offer", (offer.key for offer in problem.offers))
    exclusion_keys = [exclusion.key for exclusion in problem.exclusions]
    _check_unique("condition", exclusion_keys + [seat.key for seat in problem.seats])
    for capability in problem.asked:
        if not capability.weight > 0:
            raise InvalidTeamProblemError(
                f"Capability {capability.key} weighs {capability.weight}; give it a weight above 0."
            )
    for offer in problem.offers:
        _check_offer(offer)
    for pair, value in problem.ties.items():
        if pair[0] == pair[1] or not 0 <= value <= 1:
            raise InvalidTeamProblemError(
                f"The tie {pair[0]}, {pair[1]} of {value} cannot be: two providers, a value from 0 to 1."
            )


def _check_offer(offer: TeamOffer) -> None:
    if offer.cost < 0:
        raise InvalidTeamProblemError(f"Offer {offer.key} costs {offer.cost}; give a cost from 0.")
    for capability, fit in offer.fits.items():
        if not 0 < fit <= 1:
            raise InvalidTeamProblemError(
                f"Offer {offer.key} fits {capability} by {fit}; leave it out, or give a fit up to 1."
            )


def _check_unique(what: str, keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise InvalidTeamProblemError(f"The {what} {key} is given twice; keep one.")
        seen.add(key)
