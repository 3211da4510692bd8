"""Assignments against trying everything, and what must hold of every one."""

import doctest
import itertools
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.panels import assign_by_min_cost_flow, simulated_panel
from maillage.matching import panels
from maillage.matching.panels import (
    AssignmentValue,
    InvalidPanelError,
    Panel,
    PanelAssignment,
    PanelReviewer,
    Paper,
    ReviewShortage,
    ShortageReason,
    assign_reviewers,
)
from maillage.matching.panels.assignment import assignment_value, greedy_assignment
from tests.property_tests import examples

many = examples(150)


@st.composite
def small_panels(draw, reviewers: int = 4, papers: int = 3) -> Panel:
    """Panels with coarse competence, so that ties are common; fixed pairs keep to every limit."""
    who = tuple(PanelReviewer(f"r{n}", draw(st.integers(0, 3))) for n in range(draw(st.integers(0, reviewers))))
    what = tuple(Paper(f"p{n}", draw(st.integers(0, 3))) for n in range(draw(st.integers(0, papers))))
    pairs = [(one.key, other.key) for one in who for other in what]
    if not pairs:
        return Panel(who, what, {})
    competence = draw(st.dictionaries(st.sampled_from(pairs), st.sampled_from([0.0, 0.05, 0.3, 0.6, 0.604, 0.9, 1.0])))
    some = st.frozensets(st.sampled_from(pairs), max_size=3)
    conflicts, declined = draw(some), draw(some)
    fixed = _kept(who, what, sorted(draw(some) - conflicts - declined))
    return Panel(who, what, competence, conflicts, fixed, declined, minimum=draw(st.sampled_from([0.0, 0.1])))


def _kept(who, what, pairs):
    room, kept = Counter({one.key: one.most for one in who} | {one.key: one.wanted for one in what}), set()
    for pair in pairs:
        if all(room[key] > 0 for key in pair):
            room.subtract(pair)
            kept.add(pair)
    return frozenset(kept)


def every_assignment(panel: Panel):
    """All that keeps to the rules, by trying every set of reviewers for every paper."""
    most = {one.key: one.most for one in panel.reviewers}
    ways = []
    for paper in panel.papers:
        able = [one.key for one in panel.reviewers if panel.may(one.key, paper.key)]
        kept = {reviewer for reviewer, key in panel.fixed if key == paper.key}
        sets = (set(some) for n in range(paper.wanted + 1) for some in itertools.combinations(able, n))
        ways.append([{(one, paper.key) for one in some} for some in sets if kept <= some])
    for way in itertools.product(*ways):
        pairs = set().union(*way)
        loads = Counter(reviewer for reviewer, _paper in pairs)
        if all(load <= most[key] for key, load in loads.items()):
            yield pairs


def holds(panel: Panel, assigned: PanelAssignment) -> None:
    """No rule is broken, and what is told is so."""
    pairs = set(assigned.pairs)
    loads, got = Counter(one for one, _other in pairs), Counter(other for _one, other in pairs)
    assert len(pairs) == len(assigned.pairs)
    assert panel.fixed <= pairs
    assert not pairs & (panel.conflicts | panel.declined)
    assert all(panel.competence.get(pair, 0.0) >= panel.minimum for pair in pairs - panel.fixed)
    assert assigned.loads == {one.key: loads[one.key] for one in panel.reviewers}
    assert all(loads[one.key] <= one.most for one in panel.reviewers)
    assert {lack.paper: lack.missing for lack in assigned.lacks} == {
        one.key: one.wanted - got[one.key] for one in panel.papers if got[one.key] != one.wanted
    }
    assert all(lack.missing > 0 for lack in assigned.lacks)
    assert assigned.value == assignment_value(panel, pairs)
    assert assigned.bound >= assigned.value
    assert assigned.gap >= 0
    assert assigned.proven == (assigned.gap == 0)


@pytest.mark.programs  # takes seconds
@many
@given(small_panels())
def test_the_best_assignment_is_the_best(panel):
    assigned = assign_reviewers(panel)
    holds(panel, assigned)
    assert assigned.proven
    assert assigned.value == max(assignment_value(panel, pairs) for pairs in every_assignment(panel))


@pytest.mark.programs  # takes seconds
@many
@given(small_panels())
def test_no_assignment_as_good_has_a_smaller_spread(panel):
    assigned = assign_reviewers(panel)
    equals = [pairs for pairs in every_assignment(panel) if assignment_value(panel, pairs)[:3] == assigned.value[:3]]
    spreads = []
    for pairs in equals:
        loads = Counter(one for one, _other in pairs)
        spreads.append(max((loads[one.key] for one in panel.reviewers), default=0)
                       - min((loads[one.key] for one in panel.reviewers), default=0))  # fmt: skip
    assert assigned.spread == min(spreads)


@pytest.mark.programs  # takes seconds
@many
@given(small_panels(reviewers=8, papers=8))
def test_what_is_stopped_keeps_the_rules_and_has_a_true_bound(panel):
    stopped, proven = assign_reviewers(panel, seconds=0.0), assign_reviewers(panel)
    holds(panel, stopped)
    holds(panel, proven)
    assert proven.proven
    assert stopped.value <= proven.value <= stopped.bound


@pytest.mark.programs  # takes seconds
@many
@given(small_panels(reviewers=8, papers=8))
def test_all_reviews_are_there_whenever_they_can_be(panel):
    """What lacks beside the fixed pairs is what the worst set of papers lacks, by the theorem on cuts and flows."""
    wanted = {one.key: one.wanted - sum(paper == one.key for _other, paper in panel.fixed) for one in panel.papers}
    most = {one.key: one.most - sum(reviewer == one.key for reviewer, _other in panel.fixed) for one in panel.reviewers}

    def lack(papers) -> int:
        able = {one: sum(panel.may(one, key) and (one, key) not in panel.fixed for key in papers) for one in most}
        return sum(wanted[key] for key in papers) - sum(min(most[one], able[one]) for one in most)

    sets = itertools.chain.from_iterable(itertools.combinations(wanted, n) for n in range(len(wanted) + 1))
    assert sum(lack.missing for lack in assign_reviewers(panel).lacks) == max(lack(papers) for papers in sets)


@pytest.mark.parametrize("seed", range(4))
def test_another_solver_comes_to_the_same_worth(seed):
    panel = simulated_panel(seed, papers=60, reviewers=20, most=8 + seed)
    assigned = assign_reviewers(panel)
    assert assigned.proven
    assert assigned.value == assignment_value(panel, assign_by_min_cost_flow(panel))


def test_experts_are_shared_out_before_competence_is_summed():
    competence = {("a", "x"): 1.0, ("b", "x"): 0.8, ("c", "x"): 0.5, ("a", "y"): 0.6, ("b", "y"): 0.1, ("c", "y"): 0.1}
    who = (PanelReviewer("a", 1), PanelReviewer("b", 1), PanelReviewer("c", 1))
    assigned = assign_reviewers(Panel(who, (Paper("x", 1), Paper("y", 1)), competence))
    assert assigned.pairs == (("a", "y"), ("b", "x"))
    assert assigned.value == AssignmentValue(reviews=2, experts=2, competence=(80 + 60) * 60, balance=-2)


def test_no_paper_is_left_with_weak_reviewers_only():
    strong, weak = ("a", "b"), ("c", "d")
    competence = {(one, paper): 0.55 for one in strong for paper in "xy"}
    competence |= {(one, paper): 0.2 for one in weak for paper in "xy"}
    assigned = assign_reviewers(
        Panel(tuple(PanelReviewer(one, 1) for one in "abcd"), (Paper("x", 2), Paper("y", 2)), competence)
    )
    assert {paper for one, paper in assigned.pairs if one in strong} == {"x", "y"}


def test_where_competence_ties_loads_are_level():
    competence = {(one, str(paper)): 0.5 for one in "abc" for paper in range(6)}
    assigned = assign_reviewers(
        Panel(tuple(PanelReviewer(one, 6) for one in "abc"), tuple(Paper(str(n), 1) for n in range(6)), competence)
    )
    assert assigned.loads == {"a": 2, "b": 2, "c": 2}
    assert assigned.spread == 0


def test_what_lacks_and_why():
    competence = {("a", "x"): 0.9, ("b", "x"): 0.9, ("a", "y"): 0.9, ("b", "y"): 0.9, ("c", "y"): 0.05}
    panel = Panel(
        (PanelReviewer("a", 1), PanelReviewer("b", 2), PanelReviewer("c", 5)),
        (Paper("x", 2), Paper("y", 2)),
        competence,
        conflicts={("b", "x")},
    )
    assigned = assign_reviewers(panel)
    assert assigned.pairs == (("a", "x"), ("b", "y"))
    assert assigned.lacks == (
        ReviewShortage("x", 1, ShortageReason.ELIGIBLE, eligible=1),
        ReviewShortage("y", 1, ShortageReason.CAPACITY, eligible=2),
    )


def test_replacing_a_late_reviewer_keeps_all_else():
    panel = simulated_panel(5, papers=30, reviewers=15, most=10)
    before = assign_reviewers(panel)
    late = max(before.loads, key=lambda key: before.loads[key])
    theirs = {pair for pair in before.pairs if pair[0] == late}
    after = assign_reviewers(replace(panel, fixed=set(before.pairs) - theirs, declined=theirs))
    assert after.proven
    assert after.loads[late] == 0
    assert not after.lacks
    assert set(before.pairs) - theirs <= set(after.pairs)


def test_an_assignment_at_once_is_within_the_best():
    panel = simulated_panel(6, papers=40, reviewers=15, most=9)
    stopped, proven = assign_reviewers(panel, seconds=0.0), assign_reviewers(panel)
    assert stopped.pairs == tuple(sorted(greedy_assignment(panel)))
    assert not stopped.proven
    assert 0 < stopped.gap < 0.2
    assert stopped.value < proven.value < stopped.bound


PANEL = Panel((PanelReviewer("a", 1), PanelReviewer("b", 2)), (Paper("x", 1), Paper("y", 2)), {("a", "x"): 0.5})


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            {"reviewers": (PanelReviewer("a", -1), PanelReviewer("b", 1))},
            "a has a number of reviews of -1; give 0 or more.",
        ),
        ({"papers": (Paper("x", -2), Paper("y"))}, "x has a number of reviews of -2; give 0 or more."),
        ({"reviewers": (PanelReviewer("a", 1), PanelReviewer("a", 1))}, "a is given twice; keep one."),
        ({"papers": (Paper("x"), Paper("x"))}, "x is given twice; keep one."),
        ({"competence": {("c", "x"): 0.5}}, "c, in the pair c, x, is not in the panel"),
        ({"conflicts": {("a", "z")}}, "z, in the pair a, z, is not in the panel"),
        ({"declined": {("x", "a")}}, "x, in the pair x, a, is not in the panel"),
        ({"fixed": {("c", "x")}}, "c, in the pair c, x, is not in the panel"),
        ({"competence": {("a", "x"): 1.2}}, "The competence of a for x is 1.2; give 0 to 1."),
        ({"competence": {("a", "x"): float("nan")}}, "The competence of a for x is nan; give 0 to 1."),
        ({"minimum": -0.1}, "A competence of -0.1 cannot be required; give 0 to 1."),
        ({"fixed": {("a", "x")}, "conflicts": {("a", "x")}}, "a is to keep x, which is declined or in conflict"),
        ({"fixed": {("a", "x")}, "declined": {("a", "x")}}, "a is to keep x, which is declined or in conflict"),
        ({"fixed": {("a", "x"), ("a", "y")}}, "2 reviews of a are to be kept, of at most 1"),
        ({"fixed": {("a", "x"), ("b", "x")}}, "2 reviews of x are to be kept, of at most 1"),
    ],
)
def test_what_cannot_be_is_refused(changed, told):
    with pytest.raises(InvalidPanelError) as refused:
        assign_reviewers(replace(PANEL, **changed))
    assert told in str(refused.value)


def test_the_example_holds():
    tested = doctest.testmod(panels)
    assert tested.attempted > 0
    assert tested.failed == 0
