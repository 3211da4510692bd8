"""The team search against trying everything, and what must hold of every answer."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.matching import teams
from maillage.matching.teams.problem import (
    Capability,
    ConditionKind,
    InvalidTeamProblemError,
    ProviderExclusion,
    RequiredSeat,
    TeamOffer,
    TeamProblem,
)
from maillage.matching.teams.team import Team, team_points
from maillage.matching.teams.team_search import (
    TeamCondition,
    best_team,
    best_teams,
    condition_costs,
    find_incompatible_conditions,
    instant_team,
    team_conditions,
    without_conditions,
)
from tests.matching.teams.sample_problems import best_points, every_team, problems
from tests.property_tests import examples

# The compiler of the search takes most of a minute in a new clone.
pytestmark = pytest.mark.programs

many = examples(300)


def holds(problem: TeamProblem, team: Team) -> None:
    """A team meets all that was asked, and is worth what it says."""
    parts = [part for member in team.members for part in member.parts]
    offers = {one.key: one for one in problem.offers}
    assert len(team.providers) == len(team.members) <= problem.places
    assert not team.providers & problem.excluded
    for member in team.members:
        assert member.parts or member.seats
        for part in member.parts:
            assert (offers[part.offer].provider, offers[part.offer].fits[part.capability]) == (
                member.provider,
                part.fit,
            )
    covered = [part.capability for part in parts]
    assert len(covered) == len(set(covered))
    assert {one.key for one in problem.asked if one.essential} <= set(covered)
    assert set(covered) | set(team.uncovered) == {one.key for one in problem.asked}
    used = {part.offer for part in parts}
    assert team.cost == sum(offers[key].cost for key in used)
    assert problem.budget is None or team.cost <= problem.budget
    filled = {seat for member in team.members for seat in member.seats}
    assert filled == {one.key for one in problem.seats}
    assert (team.points, team.cohesion) == team_points(problem, parts, team.providers)
    assert team.bound >= team.points


@many
@given(problems())
def test_the_best_team_is_the_best(problem):
    team, expected = best_team(problem), best_points(problem)
    assert (team.points if team else None) == expected
    if team:
        assert team.proven
        holds(problem, team)


@many
@given(problems())
def test_the_instant_team_is_a_team_and_its_bound_is_true(problem):
    team = instant_team(problem)
    if team:
        holds(problem, team)
        assert team.bound >= (best_points(problem) or 0)


@many
@given(problems(), st.integers(1, 6))
def test_alternatives_differ_and_none_better_is_left_out(problem, number):
    found = best_teams(problem, number)
    left = {team: points for points, team in sorted(every_team(problem), key=lambda pair: pair[0])}
    for place, team in enumerate(found):
        holds(problem, team)
        allowed = [
            points for other, points in left.items()
            if all(max(len(other - one.providers), len(one.providers - other)) >= 2 for one in found[:place])
        ]  # fmt: skip
        assert team.points == max(allowed)
    if len(found) < number:
        chosen = [one.providers for one in found]
        assert not [
            other for other in left if all(max(len(other - one), len(one - other)) >= 2 for one in chosen)
        ]  # fmt: skip


@many
@given(problems(), st.randoms())
def test_the_order_of_what_is_given_changes_nothing(problem, random):
    offers, asked, seats = list(problem.offers), list(problem.asked), list(problem.seats)
    for each in (offers, asked, seats):
        random.shuffle(each)
    other = replace(problem, offers=tuple(offers), asked=tuple(asked), seats=tuple(seats))
    one, two = best_team(problem), best_team(other)
    assert (one.points if one else None) == (two.points if two else None)


@many
@given(problems())
def test_no_condition_left_out_makes_the_best_worse(problem):
    team = best_team(problem)
    for cost in condition_costs(problem):
        assert cost.points >= 0
        if team:
            assert cost.team
            assert cost.team.points == team.points + cost.points


@many
@given(problems())
def test_a_conflict_is_one_and_no_part_of_it_is(problem):
    found = find_incompatible_conditions(problem)
    if best_points(problem) is not None:
        assert found == []
        return
    everything = team_conditions(problem)
    if best_points(without_conditions(problem, everything)) is None:
        assert found == []
        return
    assert found
    assert best_points(without_conditions(problem, [one for one in everything if one not in found])) is None
    for one in found:
        rest = [other for other in everything if other not in found or other == one]
        assert best_points(without_conditions(problem, rest)) is not None


def simple(**changes: object) -> TeamProblem:
    offers = (
        TeamOffer("o1", "lab", {"cells": 0.9}, 20_000),
        TeamOffer("o2", "centre", {"trial": 0.8, "cells": 0.2}, 40_000),
        TeamOffer("o3", "bank", {"samples": 0.6}, 5_000),
    )
    asked = (Capability("cells"), Capability("trial"), Capability("samples", essential=False, weight=0.5))
    return replace(TeamProblem(asked, offers, {("lab", "centre"): 1.0}), **changes)


def test_who_brings_what_is_told():
    team = best_team(simple())
    assert team
    brought = {member.provider: [part.capability for part in member.parts] for member in team.members}
    assert brought == {"bank": ["samples"], "centre": ["trial"], "lab": ["cells"]}
    assert (team.uncovered, team.cost, team.cohesion, team.gap) == ((), 65_000, 150, 0.0)


def test_what_a_budget_costs_is_told():
    problem = simple(budget=45_000)
    team = best_team(problem)
    assert team
    assert team.providers == {"centre", "bank"}
    [budget] = [cost for cost in condition_costs(problem) if cost.condition.kind is ConditionKind.BUDGET]
    assert budget.points > 0
    assert budget.team
    assert "lab" in budget.team.providers


def test_what_cannot_hold_together_is_named():
    problem = simple(budget=30_000, exclusions=(ProviderExclusion("label", frozenset({"bank"})),))
    assert best_team(problem) is None
    assert set(find_incompatible_conditions(problem)) == {
        TeamCondition(ConditionKind.BUDGET),
        TeamCondition(ConditionKind.ESSENTIAL, "trial"),
    }
    seat = simple(seats=(RequiredSeat("clinical centre", frozenset({"centre"})),), exclusions=(
        ProviderExclusion("label", frozenset({"centre", "bank"})),
    ))  # fmt: skip
    assert find_incompatible_conditions(seat) in (
        [TeamCondition(ConditionKind.EXCLUSION, "label"), TeamCondition(ConditionKind.SEAT, "clinical centre")],
        [TeamCondition(ConditionKind.EXCLUSION, "label"), TeamCondition(ConditionKind.ESSENTIAL, "trial")],
    )


def test_nobody_offers_anything():
    problem = simple(offers=())
    assert best_team(problem) is instant_team(problem) is None
    assert best_teams(problem) == []
    assert find_incompatible_conditions(problem) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"asked": ()}, "Nothing is asked"),
        ({"places": 0}, "team of 0"),
        ({"places": 9}, "team of 9"),
        ({"budget": -1}, "budget is negative"),
        ({"asked": (Capability("cells"), Capability("cells"))}, "capability cells is given twice"),
        ({"asked": (Capability("cells", weight=0),)}, "weighs 0"),
        ({"asked": tuple(Capability(f"c{number}") for number in range(17))}, "at most 16"),
        ({"offers": (TeamOffer("o", "p", {"cells": 1.2}),)}, "fits cells by 1.2"),
        ({"offers": (TeamOffer("o", "p", {"cells": 0.0}),)}, "fits cells by 0"),
        ({"offers": (TeamOffer("o", "p", {"cells": 1.0}, -5),)}, "costs -5"),
        (
            {"offers": (TeamOffer("o", "p", {"cells": 1.0}), TeamOffer("o", "q", {"trial": 1.0}))},
            "offer o is given twice",
        ),
        ({"ties": {("lab", "lab"): 0.5}}, "tie lab, lab"),
        ({"ties": {("lab", "bank"): 1.5}}, "from 0 to 1"),
        (
            {"seats": (RequiredSeat("x", frozenset()),), "exclusions": (ProviderExclusion("x", frozenset()),)},
            "condition x is given twice",
        ),
    ],
)
def test_a_problem_that_cannot_be_is_told(changes, message):
    with pytest.raises(InvalidTeamProblemError, match=message):
        best_team(simple(**changes))


def test_the_example_of_the_docs_holds():
    import doctest

    assert doctest.testmod(teams).attempted > 0
    assert doctest.testmod(teams).failed == 0
