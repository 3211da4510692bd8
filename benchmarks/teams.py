"""The team search on simulated markets, beside CP-SAT with eight workers on the same problems."""

import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmarks.report import markdown_table, write_section
from benchmarks.simulated_market import Market, sample_capabilities, simulated_market
from benchmarks.team_models import solve_with_cp_sat
from maillage.matching.teams import Team, TeamProblem, best_team, best_teams, instant_team, load_compiled_search

_PROBLEMS, _LARGE, _BY_CP_SAT = 60, 20, 6
_PATIENCE = 30.0
_MILLISECONDS = 1000


def run() -> None:
    """Every size that is promised, then the peer on a few of the problems."""
    began = time.perf_counter()
    load_compiled_search()
    warmed = time.perf_counter() - began
    usual = simulated_market(1)
    problems = _problems(usual, _PROBLEMS)
    first = [_timed(instant_team, problem) for problem in problems]
    best = [_timed(best_team, problem) for problem in problems]
    others = [_timed(best_teams, problem) for problem in problems]
    lines = [
        _line("a team at once", [spent for spent, _team in first], _near(first, best)),
        _line("the best team", [spent for spent, _team in best], _proven(best)),
        _line("ten that differ by two members", [spent for spent, _teams in others], _full(others)),
        _sized("six members", usual, _LARGE, places=6),
        _sized("20,000 offers", simulated_market(1, offers=20_000), _LARGE),
        _sized("50,000 offers by 2,500 providers", simulated_market(1, offers=50_000, providers=2_500), _LARGE),
        _peer(problems[:_BY_CP_SAT], best),
    ]
    body = f"""10,000 simulated offers on 400 capabilities by 500 providers, {len(usual.ties):,} pairs of which have worked
together; eight capabilities are asked, five of them essential, of at most five members; a third of the {_PROBLEMS} problems has
a budget, a fourth a seat for a clinical centre. Milliseconds from the offers to the team. Loading the compiled search
took {warmed:.1f} s, once in a process. The larger sizes are {_LARGE} problems each.

{markdown_table(("", "median", "95 of 100 under", "slowest", "of which"), lines)}
"""
    write_section("teams", "Teams", body)


def _problems(where: Market, number: int, **more: int) -> list[TeamProblem]:
    return [
        sample_capabilities(where, seed, budget=40_000 if seed % 3 == 1 else None, seat=seed % 4 == 2, **more)
        for seed in range(number)
    ]


def _timed(act: Callable[[TeamProblem], Any], problem: TeamProblem) -> tuple[float, Any]:
    began = time.perf_counter()
    found = act(problem)
    return (time.perf_counter() - began) * _MILLISECONDS, found


def _line(name: str, spent: list[float], told: str) -> tuple[str, ...]:
    ordered = sorted(spent)
    middle, most = statistics.median(ordered), ordered[-1]
    return name, f"{middle:.0f} ms", f"{ordered[int(0.95 * len(ordered))]:.0f} ms", f"{most:.0f} ms", told


def _proven(found: list[tuple[float, Team | None]]) -> str:
    return f"{sum(1 for _spent, team in found if team is None or team.proven)} of {len(found)} proven"


def _near(first: list[tuple[float, Team | None]], best: list[tuple[float, Team | None]]) -> str:
    pairs = [(one, other) for (_a, one), (_b, other) in zip(first, best, strict=True) if other]
    reached = [one.points / other.points for one, other in pairs if one]
    same = sum(1 for one, other in pairs if one and one.points == other.points)
    return f"{same} of {len(pairs)} are the best; the others reach {min(reached, default=0):.1%} of it or more"


def _full(found: list[tuple[float, list[Team]]]) -> str:
    return f"{sum(1 for _spent, teams in found if len(teams) == 10)} of {len(found)} gave ten"


def _sized(name: str, where: Market, number: int, **more: int) -> tuple[str, ...]:
    found = [_timed(best_team, problem) for problem in _problems(where, number, **more)]
    return _line(name, [spent for spent, _team in found], _proven(found))


def _peer(problems: list[TeamProblem], best: list[tuple[float, Team | None]]) -> tuple[str, ...]:
    spent, proven, reached = [], 0, []
    for problem, (_time, team) in zip(problems, best, strict=False):
        began = time.perf_counter()
        solved = solve_with_cp_sat(problem, _PATIENCE)
        spent.append((time.perf_counter() - began) * _MILLISECONDS)
        proven += solved.proven
        reached.append((solved.points or 0) / team.points if team else 1.0)
    told = (
        f"{proven} of {len(problems)} proven in {_PATIENCE:.0f} s each; best found {min(reached):.1%} of ours or more"
    )
    return _line("CP-SAT, eight workers: the best team", spent, told)
