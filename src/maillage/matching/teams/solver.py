"""From a problem to teams: one at once, the best that can be proven, others unlike it, what each condition costs."""

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
    """One search over the tables of a problem, which can stop and go on.

    Its state, by depth unless said otherwise: the options still alive (0) and how many (1); the ways on from a node (2)
    with their bounds (3), how many (4), and the next to try (5); bits left (6), points so far (7), budget left (8), the
    way taken (9). Then the team (10), the points of each provider's ties to it (11), the head (12: depth, points to
    beat, members, nodes, teams in the pool), and the ways of the best team known (13).
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
    def head(self) -> Any:
        """Depth, points to beat, members, nodes, teams in the pool."""
        return self.state[12]

    def _begin(self) -> None:
        """Set the root: everything alive and left; then settle the multiplier and remove what is of no use."""
        import numpy as np

        from maillage.matching.teams import search

        tables, (live, counts, left, spend) = self.tables, (self.state[place] for place in (0, 1, 6, 8))
        live[0, : len(tables.of)] = np.arange(len(tables.of))
        counts[0], left[0], spend[0] = len(tables.of), (1 << tables.bits) - 1, tables.budget
        self.head[1] = _NOTHING
        least = self.spaces[2]
        search.fill_least_cost(
            live[0], counts[0], tables.mask, tables.cost, left[0], tables.essential, tables.places, least
        )
        if tables.cost.any():
            self.multiplier = self._least_multiplier()
        self.restart()

    @property
    def _limits(self) -> tuple[int, int, float]:
        return self.tables.essential, self.tables.places, self.multiplier

    def _root(self, kept: Any) -> tuple[int, float]:
        """How many options of the root are kept, and its bound."""
        from maillage.matching.teams import search

        live, count = self.state[0][0], self.state[1][0]
        number, bound = search.narrow_options(live, count, kept, 0, self.state, self.arrays, self._limits, self.spaces)
        return int(number), float(bound)

    def _least_multiplier(self) -> float:
        """The multiplier on cost for which the bound of the root is least. It is convex in it: cut by thirds."""
        cost, kept = self.tables.cost, self.state[0][1].copy()
        low, high = 0.0, 4.0 * float(self.tables.value.max()) / float(cost[cost > 0].min())
        for _step in range(_MULTIPLIER_CUTS):
            at = low + (high - low) / 3, high - (high - low) / 3
            bounds = []
            for self.multiplier in at:
                bounds.append(self._root(kept)[1])
            low, high = (low, at[1]) if bounds[0] <= bounds[1] else (at[0], high)
        return (low + high) / 2

    def restart(self, beat: int | None = None) -> None:
        """Begin again at the root, with what the points to beat allow to be removed: ties to it count no more."""
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
        """Go on for some nodes; returns whether the search has ended."""
        from maillage.matching.teams import search

        if not self.ended:
            ended = search.advance_search(self.state, self.arrays, self._limits, self.spaces, self.pool, nodes)
            self.ended = bool(ended)
        return self.ended

    @property
    def best(self) -> int | None:
        """The points of the best team known."""
        points = int(self.head[1])
        return None if points == _NOTHING else points

    @property
    def bound(self) -> int:
        """What no team can exceed, as far as the search has come: the best of what is open, or of what is known."""
        best = self.best or 0
        if self.ended:
            return best
        bounds, branches, position, depth = self.state[3], self.state[4], self.state[5], int(self.head[0])
        levels = range(depth + 1)
        ways = [float(bounds[level, position[level]]) for level in levels if 0 <= position[level] < branches[level]]
        if position[depth] < 0:
            entered = bounds[depth - 1, position[depth - 1] - 1] if depth else self._root(self.state[0][1].copy())[1]
            ways.append(float(entered))
        return max([best, *(int(bound + 1e-6) for bound in ways)])

    def taken(self) -> list[tuple[str, int, int]]:
        """The providers of the best team known, each with the bits it takes and what that costs."""
        winner = self.state[13]
        return self.named(int(way) for way in winner[1 : 1 + int(winner[0])])

    def named(self, ways: Iterable[int]) -> list[tuple[str, int, int]]:
        """Options as providers, bits and costs, by provider; what is no option is left out."""
        tables = self.tables
        return sorted(
            (tables.providers[tables.of[o]], int(tables.mask[o]), int(tables.cost[o])) for o in ways if o >= 0
        )


def load_compiled_search() -> None:
    """Load the compiled search, compiling it if that was never done on this machine (some twenty seconds, once)."""
    from maillage.matching.teams.problem import Capability, TeamOffer

    tiny = TeamProblem((Capability("a"),), (TeamOffer("o", "p", {"a": 1.0}, 1),), places=1)
    best_team(tiny)
    best_team(replace(tiny, budget=1))


def instant_team(problem: TeamProblem) -> Team | None:
    """A good team at once: the first that the search comes to, and what little more it finds on the way.

    Raises `InvalidTeamProblemError`. Nothing where none is found so soon; there may be one.
    """
    search = _search(problem)
    search.advance(INSTANT_NODES)
    return _team(problem, search)


def best_team(problem: TeamProblem, seconds: float = 10.0) -> Team | None:
    """The best team, proven, or the best found within the time with a true bound (`Team.bound`).

    Nothing where no team meets all that must hold, or none was found in time. Raises `InvalidTeamProblemError`.
    """
    search = _search(problem)
    _run(search, seconds)
    return _team(problem, search)


def alternative_teams(problem: TeamProblem, number: int = 10, seconds: float = 10.0) -> list[Team]:
    """The best team and others, each worth the most of those that differ from all before it, the best first.

    Two teams differ where one has two members or more that the other lacks. What the time did not suffice to prove has
    a `bound` above its points. Raises `InvalidTeamProblemError`.
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
            # Begin anew: with less to go through, or for teams that were left out because better ones were in sight.
            search.restart(beat)
        search.head[1], nodes = max(beat, int(search.head[1])), _NODES_PER_STEP
    bound = 0 if search.ended else search.bound
    return [_build_team(problem, way.taken, max(way.points, bound)) for way in chosen]


@dataclass(frozen=True, slots=True)
class _GatheredTeam:
    """A team gathered: its points, and what each member takes."""

    points: int
    taken: list[tuple[str, int, int]]


def _gather(search: TeamSearch, gathered: dict[frozenset[str], _GatheredTeam]) -> None:
    """Empty the pool of a search; of the ways to divide the work in one team, the best is kept."""
    values, teams = search.pool
    for row in range(int(search.head[4])):
        taken = search.named(int(way) for way in teams[row])
        team, points = frozenset(name for name, _bits, _cost in taken), int(values[row])
        if team not in gathered or points > gathered[team].points:
            gathered[team] = _GatheredTeam(points, taken)
    search.head[4] = 0


def _different_teams(gathered: dict[frozenset[str], _GatheredTeam], number: int) -> list[_GatheredTeam]:
    """The best teams that differ from each other, the best first."""
    chosen: list[frozenset[str]] = []
    for team in sorted(gathered, key=lambda one: (-gathered[one].points, sorted(one))):
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
    """First a dive for a good team, with which the root is narrowed; then to the end, or of the time."""
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


def _build_team(problem: TeamProblem, taken: list[tuple[str, int, int]], bound: int) -> Team:
    members = tuple(_member(problem, *way) for way in taken)
    parts = [part for member in members for part in member.parts]
    points, cohesion = team_points(problem, parts, [member.provider for member in members])
    covered = {part.capability for part in parts}
    uncovered = tuple(one.key for one in problem.asked if one.key not in covered)
    return Team(members, uncovered, points, cohesion, max(points, bound))


def _member(problem: TeamProblem, name: str, bits: int, cost: int) -> TeamMember:
    offers = [one for one in problem.offers if one.provider == name]
    wanted = frozenset(one.key for number, one in enumerate(problem.asked) if bits >> number & 1)
    seats = tuple(one.key for number, one in enumerate(problem.seats, len(problem.asked)) if bits >> number & 1)
    parts = best_parts(problem, offers, wanted, None if problem.budget is None else cost)
    used = {part.offer for part in parts}
    return TeamMember(name, parts, seats, sum(offer.cost for offer in offers if offer.key in used))


@dataclass(frozen=True, slots=True)
class TeamCondition:
    """Something that a team must meet, by its kind and key."""

    kind: ConditionKind
    key: str = ""


def team_conditions(problem: TeamProblem) -> list[TeamCondition]:
    """All that a problem asks of a team."""
    found = [TeamCondition(ConditionKind.EXCLUSION, one.key) for one in problem.exclusions if one.providers]
    found += [TeamCondition(ConditionKind.SEAT, one.key) for one in problem.seats if one.essential]
    found += [TeamCondition(ConditionKind.ESSENTIAL, one.key) for one in problem.asked if one.essential]
    found += [TeamCondition(ConditionKind.BUDGET)] if problem.budget is not None else []
    return [*found, TeamCondition(ConditionKind.PLACES)] if problem.places < MAX_PLACES else found


def without_conditions(problem: TeamProblem, dropped: Sequence[TeamCondition]) -> TeamProblem:
    """The problem without some of its conditions: what was essential may then be left open, and places are many."""
    gone = set(dropped)
    return replace(
        problem,
        exclusions=tuple(
            one for one in problem.exclusions if TeamCondition(ConditionKind.EXCLUSION, one.key) not in gone
        ),
        seats=tuple(
            replace(one, essential=one.essential and TeamCondition(ConditionKind.SEAT, one.key) not in gone)
            for one in problem.seats
        ),
        asked=tuple(
            replace(one, essential=False) if TeamCondition(ConditionKind.ESSENTIAL, one.key) in gone else one
            for one in problem.asked
        ),
        budget=None if TeamCondition(ConditionKind.BUDGET) in gone else problem.budget,
        places=MAX_PLACES if TeamCondition(ConditionKind.PLACES) in gone else problem.places,
    )


@dataclass(frozen=True, slots=True)
class ConditionCost:
    """What a condition costs: the best team without it, and how many more points that is worth."""

    condition: TeamCondition
    team: Team | None
    points: int


def condition_costs(problem: TeamProblem, seconds: float = 10.0) -> list[ConditionCost]:
    """What each condition costs, the dearest first. Raises `InvalidTeamProblemError`."""
    check_problem(problem)
    each = seconds / (1 + len(team_conditions(problem)))
    now = best_team(problem, each)
    found = []
    for condition in team_conditions(problem):
        team = best_team(without_conditions(problem, [condition]), each)
        gain = (team.points if team else 0) - (now.points if now else 0)
        found.append(ConditionCost(condition, team, max(0, gain)))
    return sorted(found, key=lambda cost: -cost.points)


def find_conflict(problem: TeamProblem) -> list[TeamCondition]:
    """Where no team meets all conditions: a smallest set of them that cannot hold together.

    Empty where a team meets them all, and where nobody offers anything that is asked. Raises `InvalidTeamProblemError`.
    """
    check_problem(problem)
    everything = team_conditions(problem)
    if _is_possible(problem) or not _is_possible(without_conditions(problem, everything)):
        return []
    for size in (1, 2, 3):
        for held in itertools.combinations(everything, size):
            if not _is_possible(without_conditions(problem, [one for one in everything if one not in held])):
                return list(held)
    return _irreducible_conflict(problem, everything)


def _irreducible_conflict(problem: TeamProblem, everything: list[TeamCondition]) -> list[TeamCondition]:
    """A set that cannot hold together and of which any part can; found by leaving out one after the other."""
    dropped: list[TeamCondition] = []
    for one in everything:
        if not _is_possible(without_conditions(problem, [*dropped, one])):
            dropped.append(one)
    return [one for one in everything if one not in dropped]


def _is_possible(problem: TeamProblem) -> bool:
    """Whether any team meets the conditions."""
    search = _search(problem)
    return any(search.best is not None for _step in _steps(search))


def _steps(search: TeamSearch) -> Iterator[None]:
    while not search.advance(INSTANT_NODES):
        yield
    yield
