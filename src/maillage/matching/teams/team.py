"""A team as it is told: who brings what with which offer, what nobody covers, its worth, and how sure that is."""

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
    """A capability that a member takes, with one of its offers, which fits it by `fit` (0 to 1)."""

    capability: str
    offer: str
    fit: float


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A provider of the team: the parts it takes, the seats it fills (keys of conditions), and what its offers cost."""

    provider: str
    parts: tuple[TeamPart, ...]
    seats: tuple[str, ...]
    cost: int


@dataclass(frozen=True, slots=True)
class Team:
    """A team and its worth in points, of which `cohesion` comes from members that have worked together.

    `bound` is what no team can exceed; where it equals `points` the team is *proven* the best.
    """

    members: tuple[TeamMember, ...]
    uncovered: tuple[str, ...]
    points: int
    cohesion: int
    bound: int

    @property
    def proven(self) -> bool:
        """Whether no other team is worth more."""
        return self.points >= self.bound

    @property
    def gap(self) -> float:
        """By how much the best team may be worth more, as a share of this one's worth; 0 where it is proven."""
        return max(0.0, (self.bound - self.points) / self.points) if self.points > 0 else 0.0

    @property
    def cost(self) -> int:
        """What the offers used cost in all, in euros."""
        return sum(member.cost for member in self.members)

    @property
    def providers(self) -> frozenset[str]:
        """The keys of the members."""
        return frozenset(member.provider for member in self.members)


def team_points(problem: TeamProblem, parts: Iterable[TeamPart], providers: Iterable[str]) -> tuple[int, int]:
    """The points of a team that takes these parts, and those of them that are cohesion; the formula of `Problem`."""
    weights = {one.key: one.weight for one in problem.asked}
    members = sorted(set(providers))
    covered = sum(
        round(COVER_POINTS * weights[part.capability])
        + (round(FIT_POINTS * weights[part.capability]) * max(1, round(1000 * part.fit)) + 500) // 1000
        for part in parts
    )
    pairs = ((one, other) for place, one in enumerate(members) for other in members[:place])
    cohesion = sum(round(COHESION_POINTS * tie_strength(problem.ties, one, other)) for one, other in pairs)
    return covered + cohesion - MEMBER_COST * len(members), cohesion


def tie_strength(ties: Mapping[tuple[str, str], float], one: str, other: str) -> float:
    """How much two providers have worked together, whichever way the pair is given."""
    return max(ties.get((one, other), 0.0), ties.get((other, one), 0.0))


@dataclass(frozen=True, slots=True)
class _PartialTeam:
    """Offers chosen so far: what they cost, what they bring, and which takes which capability."""

    cost: int
    points: int
    parts: tuple[TeamPart, ...]


def best_parts(
    problem: TeamProblem, offers: Iterable[TeamOffer], wanted: frozenset[str], most: int | None
) -> tuple[TeamPart, ...]:
    """The parts by which one provider takes just the capabilities wanted: worth the most within a cost, then cheapest.

    Raises `ValueError` where its offers do not have them at that cost.
    """
    weights = {one.key: one.weight for one in problem.asked}
    states: dict[frozenset[str], list[_PartialTeam]] = {frozenset(): [_PartialTeam(0, 0, ())]}
    for offer in sorted(offers, key=lambda one: one.key):
        has = wanted & offer.fits.keys()
        for taken, held in list(states.items()):
            for part in _subsets(sorted(has - taken)):
                gain = tuple(TeamPart(key, offer.key, offer.fits[key]) for key in part)
                for one in held:
                    cost = one.cost + offer.cost
                    if most is None or cost <= most:
                        parts = (*one.parts, *gain)
                        points = parts_points(weights, parts)
                        states.setdefault(taken | part, []).append(_PartialTeam(cost, points, parts))
        states = {taken: _undominated_states(held) for taken, held in states.items()}
    found = states.get(wanted, [])
    if not found:
        raise ValueError("These offers do not have what is wanted.")
    best = max(found, key=lambda one: (one.points, -one.cost))
    return tuple(sorted(best.parts, key=lambda part: part.capability))


def parts_points(weights: Mapping[str, float], parts: Iterable[TeamPart]) -> int:
    """The points of covering and fitting, as the search reckons them."""
    return sum(
        round(COVER_POINTS * weights[part.capability])
        + (round(FIT_POINTS * weights[part.capability]) * max(1, round(1000 * part.fit)) + 500) // 1000
        for part in parts
    )


def _subsets(keys: list[str]) -> Iterable[frozenset[str]]:
    """The subsets that have something."""
    for number in range(1, 1 << len(keys)):
        yield frozenset(key for place, key in enumerate(keys) if number >> place & 1)


def _undominated_states(held: list[_PartialTeam]) -> list[_PartialTeam]:
    kept: list[_PartialTeam] = []
    for one in sorted(held, key=lambda state: (state.cost, -state.points)):
        if not kept or one.points > kept[-1].points:
            kept.append(one)
    return kept
