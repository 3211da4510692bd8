"""On problems of middle size the search and two general solvers come to the same worth."""

import pytest

from benchmarks.simulated_market import sample_capabilities, simulated_market
from benchmarks.team_models import solve_with_cp_sat, solve_with_highs
from maillage.matching.teams import best_team

# The compiler of the search takes most of a minute in a new clone, and the solvers seconds to load.
pytestmark = pytest.mark.programs

SMALL = simulated_market(3, offers=400, capabilities=60, providers=60, fields=6)
PROBLEMS = [
    sample_capabilities(SMALL, seed, capabilities=5, wished=2, places=3 + seed % 2,
             budget=30_000 if seed % 3 == 1 else None, seat=seed % 4 == 2)
    for seed in range(8)
]  # fmt: skip


@pytest.mark.parametrize("problem", PROBLEMS, ids=range(len(PROBLEMS)))
@pytest.mark.parametrize("solver", [solve_with_cp_sat, solve_with_highs], ids=["CP-SAT", "HiGHS"])
def test_the_same_worth(problem, solver):
    team, solved = best_team(problem), solver(problem, 120)
    assert solved.proven
    assert (team.points if team else None) == solved.points


def test_what_is_stopped_has_a_true_bound():
    large = simulated_market(4, offers=3_000, capabilities=100, providers=300, fields=5)
    problem = sample_capabilities(large, 1, capabilities=10, places=7)
    stopped, proven = best_team(problem, seconds=0.0), best_team(problem, seconds=120.0)
    assert proven
    assert proven.proven
    assert stopped
    assert stopped.points <= proven.points <= stopped.bound
