"""Teams: members with their offers, uncovered capabilities, points, and the bound that proves them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from maillage.matching.teams.problem import (
    COHESION_POINTS,
    COVER_POINTS,
    FIT_POINTS,
    MEMBER_COST,
    TeamOffer,
    TeamProblem,
)


@dataclass(frozen=True, slots=True)
class TeamPart:
    """A capability covered by a member with one of its offers, which fits it by `fit` (0 to 1)."""

    capability: str
    offer: str
    fit: float


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A provider in the team: its parts, the seats it fills (keys of conditions), and its cost in euros."""

    provider: str
    parts: tuple[TeamPart, ...]
    seats: tuple[str, ...]
    cost: int


@dataclass(frozen=True, slots=True)
class Team:
    """A team and its value in points, of which `cohesion` comes from members that have worked together.

    No team can have more points than `bound`; if it equals `points`, the team is *proven* the best.
    """

    members: tuple[TeamMember, ...]
    uncovered: tuple[str, ...]
    points: int
    cohesion: int
    bound: int

    @property
    def proven(self) -> bool:
        """Whether no other team has more points."""
        return self.points >= self.bound

    @property
    def gap(self) -> float:
        """By how much the best team may be better, as a share of the points of this one; 0 if proven."""
        return max(0.0, (self.bound - self.points) / self.points) if self.points > 0 else 0.0

    @property
    def cost(self) -> int:
        """The total cost of the offers used, in euros."""
        return sum(member.cost for member in self.members)

    @property
    def providers(self) -> frozenset[str]:
        """The keys of the members."""
        return frozenset(member.provider for member in self.members)


def team_points(problem: TeamProblem, parts: Iterable[TeamPart], providers: Iterable[str]) -> tuple[int, int]:
    """The points of a team with these parts, and how many of them are cohesion; the formula of `TeamProblem`."""
    weights = {capability.key: capability.weight for capability in problem.asked}
    members = sorted(set(providers))
    covered = sum(
        round(COVER_POINTS * weights[part.capability])
        + (round(FIT_POINTS * weights[part.capability]) * max(1, round(1000 * part.fit)) + 500) // 1000
        for part in parts
    )
    pairs = ((first, second) for position, first in enumerate(members) for second in members[:position])
    cohesion = sum(round(COHESION_POINTS * tie_strength(problem.ties, first, second)) for first, second in pairs)
    return covered + cohesion - MEMBER_COST * len(members), cohesion


def tie_strength(ties: Mapping[tuple[str, str], float], one: str, other: str) -> float:
    """How much two providers have worked together (0 to 1), in either order."""
    return max(ties.get((one, other), 0.0), ties.get((other, one), 0.0))


@dataclass(frozen=True, slots=True)
class _PartialTeam:
    """Offers chosen so far: their cost, their points, and which covers which capability."""

    cost: int
    points: int
    parts: tuple[TeamPart, ...]


def best_parts(
    problem: TeamProblem, offers: Iterable[TeamOffer], wanted: frozenset[str], most: int | None
) -> tuple[TeamPart, ...]:
    """The parts with which one provider covers exactly the capabilities `wanted`: most points, then least cost.

    `most` limits the cost in euros. Raises `ValueError` if its offers cannot cover them at that cost.
    """
    weights = {capability.key: capability.weight for capability in problem.asked}
    states: dict[frozenset[str], list[_PartialTeam]] = {frozenset(): [_PartialTeam(0, 0, ())]}
    for offer in sorted(offers, key=lambda offer: offer.key):
        available = wanted & offer.fits.keys()
        for covered, partial_teams in list(states.items()):
            for part in _subsets(sorted(available - covered)):
                gain = tuple(TeamPart(key, offer.key, offer.fits[key]) for key in part)
                for partial_team in partial_teams:
                    cost = partial_team.cost + offer.cost
                    if most is None or cost <= most:
                        parts = (*partial_team.parts, *gain)
                        points = parts_points(weights, parts)
                        states.setdefault(covered | part, []).append(_PartialTeam(cost, points, parts))
        states = {covered: _undominated_states(partial_teams) for covered, partial_teams in states.items()}
    candidates = states.get(wanted, [])
    if not candidates:
        raise ValueError("These offers do not have what is wanted.")
    best = max(candidates, key=lambda partial_team: (partial_team.points, -partial_team.cost))
    return tuple(sorted(best.parts, key=lambda part: part.capability))


def parts_points(weights: Mapping[str, float], parts: Iterable[TeamPart]) -> int:
    """The points of parts for covering and fit, rounded as in the search."""
    return sum(
        round(COVER_POINTS * weights[part.capability])
        + (round(FIT_POINTS * weights[part.capability]) * max(1, round(1000 * part.fit)) + 500) // 1000
        for part in parts
    )


def _subsets(keys: list[str]) -> Iterable[frozenset[str]]:
    """The subsets that are not empty."""
    for number in range(1, 1 << len(keys)):
        yield frozenset(key for place, key in enumerate(keys) if number >> place & 1)


def _undominated_states(partial_teams: list[_PartialTeam]) -> list[_PartialTeam]:
    undominated: list[_PartialTeam] = []
    for partial_team in sorted(partial_teams, key=lambda partial_team: (partial_team.cost, -partial_team.points)):
        if not undominated or partial_team.points > undominated[-1].points:
            undominated.append(partial_team)
    return undominated


def team_of_offers(problem: TeamProblem, offers: Iterable[str], bound: int) -> Team:
    """The team of offers (keys) that a person chose; each capability is covered by the one that fits it best.

    Members may bring nothing. `bound` is that of the best team, with which its points can be compared.
    """
    keys = set(offers)
    chosen = [offer for offer in problem.offers if offer.key in keys]
    parts = [part for capability in problem.asked if (part := _best_part(capability.key, chosen))]
    members = tuple(
        TeamMember(
            provider,
            tuple(part for part in parts if part.offer in {one.key for one in chosen if one.provider == provider}),
            tuple(seat.key for seat in problem.seats if provider in seat.providers),
            sum(one.cost for one in chosen if one.provider == provider),
        )
        for provider in dict.fromkeys(offer.provider for offer in chosen)
    )
    covered = {part.capability for part in parts}
    uncovered = tuple(capability.key for capability in problem.asked if capability.key not in covered)
    points, cohesion = team_points(problem, parts, (member.provider for member in members))
    return Team(members, uncovered, points, cohesion, bound)


def _best_part(capability: str, offers: Iterable[TeamOffer]) -> TeamPart | None:
    fitting = [TeamPart(capability, offer.key, offer.fits[capability]) for offer in offers if capability in offer.fits]
    return max(fitting, key=lambda part: part.fit, default=None)
