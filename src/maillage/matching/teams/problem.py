"""What a team is sought for: capabilities asked, offers that have them, who has worked together, and what must hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

MAX_BITS: Final = 16
"""Capabilities and seats that one search can tell apart; its tables grow with three to that power."""

MAX_PLACES: Final = 8

COVER_POINTS: Final = 1000
"""What a capability of weight 1 is worth when it is covered at all, in points."""

FIT_POINTS: Final = 500
"""What a perfect fit (1.0) adds to that, in points."""

COHESION_POINTS: Final = 150
"""What a pair of members adds that has worked together as much as any (1.0), in points."""

MEMBER_COST: Final = 250
"""What each member costs, in points: one more partner must bring more than a slightly better fit."""


class InvalidTeamProblemError(ValueError):
    """A problem that cannot be; the message names the place and the remedy."""


class ConditionKind(StrEnum):
    """The kinds of things that a solution may have to do without."""

    EXCLUSION = "exclusion"
    SEAT = "seat"
    BUDGET = "budget"
    PLACES = "places"
    ESSENTIAL = "essential"


@dataclass(frozen=True, slots=True)
class Capability:
    """A capability asked: essential (a team without it is none) or wished, and how much it weighs (above 0)."""

    key: str
    essential: bool = True
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class TeamOffer:
    """What one provider offers: how well it fits each capability (above 0, at most 1), and what it costs (whole euros).

    A cost that is not known is 0.
    """

    key: str
    provider: str
    fits: Mapping[str, float]
    cost: int = 0


@dataclass(frozen=True, slots=True)
class ProviderExclusion:
    """A condition on each member by itself (a label in force, a country, being free in time): who does not meet it."""

    key: str
    providers: frozenset[str]


@dataclass(frozen=True, slots=True)
class RequiredSeat:
    """A condition on the team: at least one of these providers is in it (a clinical centre, somebody who must be).

    One that is not essential may stay empty.
    """

    key: str
    providers: frozenset[str]
    essential: bool = True


@dataclass(frozen=True, slots=True)
class TeamProblem:
    """A team of at most `places` providers, each of whom brings at least one capability or takes a seat.

    `ties` gives, for pairs of providers in either order, how much they have worked together (0 to 1). `budget` is in
    whole euros, for the offers that are used; `None` sets no limit.

    A team is worth, in points: for each capability covered its weight times (`COVER_POINTS` + `FIT_POINTS` times the
    best fit among
    its members); for each pair `COHESION_POINTS` times how much they have worked together; less `MEMBER_COST` for
    each member.
    Points are whole numbers, so that what is proven is exact.
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
        return frozenset().union(*(one.providers for one in self.exclusions))


def check_problem(problem: TeamProblem) -> None:
    """Raise `InvalidTeamProblemError` where a problem contradicts itself or is larger than a search can take."""
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
    _check_unique("capability", (one.key for one in problem.asked))
    _check_unique("offer", (one.key for one in problem.offers))
    _check_unique("condition", [*(one.key for one in problem.exclusions), *(one.key for one in problem.seats)])
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
