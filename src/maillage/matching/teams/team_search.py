"""Search for teams: a first team, the proven best, alternatives, the cost of conditions, and conflicts."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from maillage.matching.teams.problem import MAX_PLACES, ConditionKind, TeamProblem, check_problem
from maillage.matching.teams.team import Team, TeamMember, best_parts, team_points

if TYPE_CHECKING:
    from maillage.matching.teams.tables import SearchTables

INSTANT_NODES = 300
_NODES_PER_STEP = 4_000
_POOL_SIZE = 4_096
_MULTIPLIER_CUTS = 40
_NOTHING = -(2**40)


class TeamSearch:
    """A search over the tables of a problem, which can be paused and continued.

    Its state, by depth unless said otherwise: the options still alive (0) and how many (1); the branches of a node
    (2) with their bounds (3), how many (4), and the next to try (5); bits left (6), points so far (7), budget left (8),
    the chosen branch (9). Then the team (10), the points of each provider's ties to it (11), the head (12: depth,
    points to beat, members, nodes, teams in the pool), and the options of the best known team (13).
    """

    def __init__(self, tables: SearchTables, pool: int = 0) -> None:
        import numpy as np

        self.tables = tables
        depths, options, providers = tables.places + tables.bits + 2, max(1, len(tables.of)), len(tables.providers)
        by_depth, by_option = (lambda: np.zeros(depths, np.int64)), (depths, options + 1)
        self.state = (
            np.zeros(by_option, np.int64), by_depth(), np.zeros(by_option, np.int64), np.zeros(by_option), by_depth(),
            by_depth(), by_depth(), by_depth(), by_depth(), by_depth(), by_depth(), np.zeros(providers, np.int64),
            np.zeros(5, np.int64), np.zeros(depths + 1, np.int64),
        )  # fmt: skip
        self.arrays = (tables.of, tables.mask, tables.cost, tables.value, tables.start, tables.to, tables.worth)
        sets = 1 << tables.bits
        programme, least = np.empty((tables.places + 1, sets)), np.empty((tables.places + 1, sets))
        scratch = np.zeros(providers, np.int64), np.zeros(providers), np.ones(1, np.int64), np.empty(options)
        self.spaces = (np.empty(sets), programme, least, *scratch)
        self.pool = np.empty(pool, np.int64), np.empty((pool, tables.places), np.int64)
        self.multiplier, self.ended = 0.0, len(tables.of) == 0
        self._begin()

    @property
    def head(self) -> Any:  # Any: the state of a compiled search has no type
        """Depth, points to beat, members, nodes, teams in the pool."""
        return self.state[12]

    def _begin(self) -> None:
        """Set the root, with all options and bits; then choose the multiplier and remove useless options."""
        import numpy as np

        from maillage.matching.teams import compiled_search

        tables, (live, counts, left, spend) = self.tables, (self.state[place] for place in (0, 1, 6, 8))
        live[0, : len(tables.of)] = np.arange(len(tables.of))
        counts[0], left[0], spend[0] = len(tables.of), (1 << tables.bits) - 1, tables.budget
        self.head[1] = _NOTHING
        least = self.spaces[2]
        compiled_search.fill_least_cost(
            live[0], counts[0], tables.mask, tables.cost, left[0], tables.essential, tables.places, least
        )
        if tables.cost.any():
            self.multiplier = self._least_multiplier()
        self.restart()

    @property
    def _limits(self) -> tuple[int, int, float]:
        return self.tables.essential, self.tables.places, self.multiplier

    def _root(self, remaining: object) -> tuple[int, float]:
        """How many options remain at the root, and its bound."""
        from maillage.matching.teams import compiled_search

        live, count = self.state[0][0], self.state[1][0]
        number, bound = compiled_search.narrow_options(
            live, count, remaining, 0, self.state, self.arrays, self._limits, self.spaces
        )
        return int(number), float(bound)

    def _least_multiplier(self) -> float:
        """The multiplier on cost with the least bound of the root, by ternary search: the bound is convex in it."""
        cost, remaining = self.tables.cost, self.state[0][1].copy()
        low, high = 0.0, 4.0 * float(self.tables.value.max()) / float(cost[cost > 0].min())
        for _step in range(_MULTIPLIER_CUTS):
            at = low + (high - low) / 3, high - (high - low) / 3
            bounds = []
            for self.multiplier in at:
                bounds.append(self._root(remaining)[1])
            low, high = (low, at[1]) if bounds[0] <= bounds[1] else (at[0], high)
        return (low + high) / 2

    def restart(self, beat: int | None = None) -> None:
        """Start again at the root, without the options that cannot exceed the points to beat."""
        import numpy as np

        self.state[0][0, : len(self.tables.of)] = np.arange(len(self.tables.of))
        self.state[1][0] = len(self.tables.of)
        self.state[11][:] = 0
        self.state[5][0], self.head[0], self.head[2], self.ended = -1, 0, 0, len(self.tables.of) == 0
        self.head[1] = self.head[1] if beat is None else beat
        before, counts = -1, self.state[1]
        while counts[0] != before:
            before = counts[0]
            counts[0] = self._root(self.state[0][0])[0]

    def advance(self, nodes: int) -> bool:
        """Continue for at most `nodes` nodes; returns whether the search has ended."""
        from maillage.matching.teams import compiled_search

        if not self.ended:
            ended = compiled_search.advance_search(self.state, self.arrays, self._limits, self.spaces, self.pool, nodes)
            self.ended = bool(ended)
        return self.ended

    @property
    def best(self) -> int | None:
        """The points of the best known team."""
        points = int(self.head[1])
        return None if points == _NOTHING else points

    @property
    def bound(self) -> int:
        """The most points that a team can have, as far as the search has come."""
        best = self.best or 0
        if self.ended:
            return best
        bounds, branches, position, depth = self.state[3], self.state[4], self.state[5], int(self.head[0])
        levels = range(depth + 1)
        open_bounds = [
            float(bounds[level, position[level]]) for level in levels if 0 <= position[level] < branches[level]
        ]
        if position[depth] < 0:
            node_bound = bounds[depth - 1, position[depth - 1] - 1] if depth else self._root(self.state[0][1].copy())[1]
            open_bounds.append(float(node_bound))
        return max([best, *(int(bound + 1e-6) for bound in open_bounds)])

    def taken(self) -> list[tuple[str, int, int]]:
        """The providers of the best known team, each with the bits it covers and their cost."""
        winner = self.state[13]
        return self.named(int(option) for option in winner[1 : 1 + int(winner[0])])

    def named(self, ways: Iterable[int]) -> list[tuple[str, int, int]]:
        """Providers, bits and costs of options, by provider; negative numbers, which are no options, are left out."""
        tables = self.tables
        return sorted(
            (tables.providers[tables.of[o]], int(tables.mask[o]), int(tables.cost[o])) for o in ways if o >= 0
        )


def load_compiled_search() -> None:
    """Load the compiled search; the first time on a machine it is compiled, which takes some twenty seconds."""
    from maillage.matching.teams.problem import Capability, TeamOffer

    tiny = TeamProblem((Capability("a"),), (TeamOffer("o", "p", {"a": 1.0}, 1),), places=1)
    best_team(tiny)
    best_team(replace(tiny, budget=1))


def instant_team(problem: TeamProblem) -> Team | None:
    """A good team at once: the best within the first `INSTANT_NODES` nodes of the search.

    `None` if none is found so soon, though there may be one. Raises `InvalidTeamProblemError`.
    """
    search = _search(problem)
    search.advance(INSTANT_NODES)
    return _team(problem, search)


def best_team(problem: TeamProblem, seconds: float = 10.0) -> Team | None:
    """The best team, proven, or the best found within the time with a valid bound (`Team.bound`).

    `None` if no team meets all conditions, or none was found in time. Raises `InvalidTeamProblemError`.
    """
    search = _search(problem)
    _run(search, seconds)
    return _team(problem, search)


def best_teams(problem: TeamProblem, number: int = 10, seconds: float = 10.0) -> list[Team]:
    """The best team and others, each the best of those that differ from all before it, the best first.

    Two teams differ if one has at least two members that the other lacks. A team that was not proven in time has a
    `bound` above its points. Raises `InvalidTeamProblemError`.
    """
    check_problem(problem)
    from maillage.matching.teams.tables import build_search_tables

    search, gathered, until = (
        TeamSearch(build_search_tables(problem), _POOL_SIZE),
        dict[frozenset[str], _GatheredTeam](),
        time.monotonic() + seconds,
    )
    nodes = INSTANT_NODES
    while True:
        ended = search.advance(nodes) or time.monotonic() > until
        _gather(search, gathered)
        chosen = _different_teams(gathered, number)
        beat = chosen[-1].points if len(chosen) == number else _NOTHING
        if ended and (beat >= int(search.head[1]) or time.monotonic() > until):
            break
        if ended or nodes == INSTANT_NODES:
            # Start again: with fewer options, or for teams that were skipped because better ones were expected.
            search.restart(beat)
        search.head[1], nodes = max(beat, int(search.head[1])), _NODES_PER_STEP
    bound = 0 if search.ended else search.bound
    return [_build_team(problem, team.taken, max(team.points, bound)) for team in chosen]


@dataclass(frozen=True, slots=True)
class _GatheredTeam:
    """A team from the pool: its points, and for each member its bits and cost."""

    points: int
    taken: list[tuple[str, int, int]]


def _gather(search: TeamSearch, gathered: dict[frozenset[str], _GatheredTeam]) -> None:
    """Empty the pool of a search; for each set of members, keep the best division of work."""
    values, teams = search.pool
    for row in range(int(search.head[4])):
        shares = search.named(int(option) for option in teams[row])
        team, points = frozenset(name for name, _bits, _cost in shares), int(values[row])
        if team not in gathered or points > gathered[team].points:
            gathered[team] = _GatheredTeam(points, shares)
    search.head[4] = 0


def _different_teams(gathered: dict[frozenset[str], _GatheredTeam], number: int) -> list[_GatheredTeam]:
    """The best teams that differ from each other, the best first."""
    chosen: list[frozenset[str]] = []
    for team in sorted(gathered, key=lambda members: (-gathered[members].points, sorted(members))):
        if all(max(len(team - other), len(other - team)) >= 2 for other in chosen):
            chosen.append(team)
        if len(chosen) == number:
            break
    return [gathered[team] for team in chosen]


def _search(problem: TeamProblem) -> TeamSearch:
    check_problem(problem)
    from maillage.matching.teams.tables import build_search_tables

    return TeamSearch(build_search_tables(problem))


def _run(search: TeamSearch, seconds: float) -> None:
    """Search a first good team, remove options by it, then search until the end or until the time is up."""
    until = time.monotonic() + seconds
    if search.advance(INSTANT_NODES):
        return
    search.restart()
    while not search.advance(_NODES_PER_STEP):
        if time.monotonic() > until:
            return


def _team(problem: TeamProblem, search: TeamSearch) -> Team | None:
    if search.best is None:
        return None
    return _build_team(problem, search.taken(), search.bound)


def _build_team(problem: TeamProblem, shares: list[tuple[str, int, int]], bound: int) -> Team:
    members = tuple(_member(problem, *share) for share in shares)
    parts = [part for member in members for part in member.parts]
    points, cohesion = team_points(problem, parts, [member.provider for member in members])
    covered = {part.capability for part in parts}
    uncovered = tuple(capability.key for capability in problem.asked if capability.key not in covered)
    return Team(members, uncovered, points, cohesion, max(points, bound))


def _member(problem: TeamProblem, name: str, bits: int, cost: int) -> TeamMember:
    offers = [offer for offer in problem.offers if offer.provider == name]
    capabilities = frozenset(capability.key for number, capability in enumerate(problem.asked) if bits >> number & 1)
    seats = tuple(seat.key for number, seat in enumerate(problem.seats, len(problem.asked)) if bits >> number & 1)
    parts = best_parts(problem, offers, capabilities, None if problem.budget is None else cost)
    used = {part.offer for part in parts}
    return TeamMember(name, parts, seats, sum(offer.cost for offer in offers if offer.key in used))


@dataclass(frozen=True, slots=True)
class TeamCondition:
    """A condition that a team must meet, by its kind and key."""

    kind: ConditionKind
    key: str = ""


def team_conditions(problem: TeamProblem) -> list[TeamCondition]:
    """All conditions of a problem."""
    conditions = [
        TeamCondition(ConditionKind.EXCLUSION, exclusion.key) for exclusion in problem.exclusions if exclusion.providers
    ]
    conditions += [TeamCondition(ConditionKind.SEAT, seat.key) for seat in problem.seats if seat.essential]
    conditions += [
        TeamCondition(ConditionKind.ESSENTIAL, capability.key) for capability in problem.asked if capability.essential
    ]
    conditions += [TeamCondition(ConditionKind.BUDGET)] if problem.budget is not None else []
    return [*conditions, TeamCondition(ConditionKind.PLACES)] if problem.places < MAX_PLACES else conditions


def without_conditions(problem: TeamProblem, dropped: Sequence[TeamCondition]) -> TeamProblem:
    """The problem without some conditions: their capabilities and seats become optional, their limits are lifted."""
    dropped_set = set(dropped)
    return replace(
        problem,
        exclusions=tuple(
            exclusion
            for exclusion in problem.exclusions
            if TeamCondition(ConditionKind.EXCLUSION, exclusion.key) not in dropped_set
        ),
        seats=tuple(
            replace(seat, essential=seat.essential and TeamCondition(ConditionKind.SEAT, seat.key) not in dropped_set)
            for seat in problem.seats
        ),
        asked=tuple(
            replace(capability, essential=False)
            if TeamCondition(ConditionKind.ESSENTIAL, capability.key) in dropped_set
            else capability
            for capability in problem.asked
        ),
        budget=None if TeamCondition(ConditionKind.BUDGET) in dropped_set else problem.budget,
        places=MAX_PLACES if TeamCondition(ConditionKind.PLACES) in dropped_set else problem.places,
    )


@dataclass(frozen=True, slots=True)
class ConditionCost:
    """The cost of a condition: the best team without it, and how many more points that has."""

    condition: TeamCondition
    team: Team | None
    points: int


def condition_costs(problem: TeamProblem, seconds: float = 10.0) -> list[ConditionCost]:
    """The cost of each condition, the highest first. Raises `InvalidTeamProblemError`."""
    check_problem(problem)
    seconds_each = seconds / (1 + len(team_conditions(problem)))
    current = best_team(problem, seconds_each)
    costs = []
    for condition in team_conditions(problem):
        team = best_team(without_conditions(problem, [condition]), seconds_each)
        gain = (team.points if team else 0) - (current.points if current else 0)
        costs.append(ConditionCost(condition, team, max(0, gain)))
    return sorted(costs, key=lambda cost: -cost.points)


def find_incompatible_conditions(problem: TeamProblem) -> list[TeamCondition]:
    """A smallest set of conditions that cannot hold together, if no team meets them all.

    Empty if a team meets them all, or if no offer has a requested capability. Raises `InvalidTeamProblemError`.
    """
    check_problem(problem)
    conditions = team_conditions(problem)
    if _is_possible(problem) or not _is_possible(without_conditions(problem, conditions)):
        return []
    for size in (1, 2, 3):
        for conflict in itertools.combinations(conditions, size):
            others = [condition for condition in conditions if condition not in conflict]
            if not _is_possible(without_conditions(problem, others)):
                return list(conflict)
    return _irreducible_conflict(problem, conditions)


def _irreducible_conflict(problem: TeamProblem, conditions: list[TeamCondition]) -> list[TeamCondition]:
    """A set of conditions that cannot hold together, but any part of it can; found by dropping one after the other."""
    dropped: list[TeamCondition] = []
    for condition in conditions:
        if not _is_possible(without_conditions(problem, [*dropped, condition])):
            dropped.append(condition)
    return [condition for condition in conditions if condition not in dropped]


def _is_possible(problem: TeamProblem) -> bool:
    """Whether any team meets the conditions."""
    search = _search(problem)
    return any(search.best is not None for _step in _steps(search))


def _steps(search: TeamSearch) -> Iterator[None]:
    while not search.advance(INSTANT_NODES):
        yield
    yield
