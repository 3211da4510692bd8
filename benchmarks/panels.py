"""Reviewers for the applications to a call, beside a conference's usual greedy way and OR-Tools' minimum-cost flow."""

import math
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from benchmarks.report import markdown_table, write_section
from maillage.matching.panels import Pair, Panel, PanelReviewer, Paper, assign_reviewers
from maillage.matching.panels.assignment import assignment_value
from maillage.matching.panels.panel import BEST_REVIEWER_WEIGHT, COMPETENCE_STEPS, competence_hundredths

_FIELDS = 12
_CALLS = 5
_SIZES = ((200, 60, 12), (200, 60, 10), (200, 60, 9), (500, 150, 12))


def run() -> None:
    """The size that is promised with ample, just enough and too little time of reviewers; then a larger one."""
    assign_reviewers(simulated_panel(0, papers=5, reviewers=5, most=3))
    rows = [row for size in _SIZES for row in _rows(*size)]
    body = f"""{_CALLS} simulated calls of each size, three reviews wanted of each application, a pair in fifty in conflict. Maillage's
assignment is proven, in whole numbers. The greedy way takes the most competent pairs first, as conference systems do.
Minimum-cost flow (OR-Tools, in C++) gets the same goals as one cost. Competence is that of the best reviewer of an application, plus
half of the second's and a third of the third's: the mean, and that of the worst application. Seconds and shares are
means of the calls.

{markdown_table(("applications × reviewers × most", "", "seconds", "reviews", "have an expert", "competence", "worst", "loads", "proven"), rows)}
"""
    write_section("panels", "Panels", body)


def simulated_panel(seed: int, *, papers: int, reviewers: int, most: int) -> Panel:
    """A call: applications of one field or two, reviewers of one to three, more competent the more fields they share."""
    draw = random.Random(f"panel {seed}")
    known = [draw.sample(range(_FIELDS), draw.choice((1, 2, 2, 3))) for _reviewer in range(reviewers)]
    about = [draw.sample(range(_FIELDS), draw.choice((1, 1, 2))) for _paper in range(papers)]
    competence = {
        (f"r{one:03}", f"p{other:03}"): draw.betavariate(2 + 4 * len(set(known[one]) & set(about[other])), 5)
        for one in range(reviewers)
        for other in range(papers)
    }
    conflicts = {pair for pair in competence if draw.random() < 0.02}
    who = tuple(PanelReviewer(f"r{n:03}", most) for n in range(reviewers))
    return Panel(who, tuple(Paper(f"p{n:03}") for n in range(papers)), competence, conflicts, minimum=0.2)


def assign_greedily(panel: Panel) -> list[Pair]:
    """The most competent pair that still fits, again and again."""
    room = Counter({one.key: one.most for one in panel.reviewers} | {one.key: one.wanted for one in panel.papers})
    pairs = []
    for pair in sorted(panel.competence, key=lambda one: (-panel.competence[one], one)):
        if panel.may(*pair) and all(room[key] > 0 for key in pair):
            room.subtract(pair)
            pairs.append(pair)
    return pairs


def assign_by_min_cost_flow(panel: Panel) -> list[Pair]:
    """OR-Tools' flow of least cost (whole numbers), for a panel without fixed pairs; each goal outweighs all after it."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    pairs = [(one, other) for one in panel.reviewers for other in panel.papers if panel.may(one.key, other.key)]
    squares = sum(one.most**2 for one in panel.reviewers) + 1
    # Without what all weights have in common, so that costs do not exceed what OR-Tools can take.
    shares = [BEST_REVIEWER_WEIGHT // (slot + 1) for slot in range(max(one.wanted for one in panel.papers))]
    shares = [share // math.gcd(*shares) for share in shares]
    points = squares * (sum(COMPETENCE_STEPS * sum(shares[: one.wanted]) for one in panel.papers) + 1)
    experts = points * (len(panel.papers) + 1)
    flow, nodes = SimpleMinCostFlow(), _Nodes()
    for one in panel.reviewers:
        for place in range(one.most):
            flow.add_arc_with_capacity_and_unit_cost(nodes["source"], nodes[one], 1, 2 * place + 1)
    arcs = {(one.key, other.key): flow.add_arc_with_capacity_and_unit_cost(nodes[one], nodes[one, other], 1, 0) for one, other in pairs}  # fmt: skip
    for one, other in pairs:
        competence = panel.competence.get((one.key, other.key), 0.0)
        for slot in range(other.wanted):
            is_expert = slot == 0 and competence >= panel.expert
            value = experts * is_expert + squares * competence_hundredths(competence) * shares[slot]
            flow.add_arc_with_capacity_and_unit_cost(nodes[one, other], nodes[other, slot], 1, -value)
    for other in panel.papers:
        for slot in range(other.wanted):
            flow.add_arc_with_capacity_and_unit_cost(nodes[other, slot], nodes["sink"], 1, 0)
    wanted = sum(one.wanted for one in panel.papers)
    flow.set_node_supply(nodes["source"], wanted)
    flow.set_node_supply(nodes["sink"], -wanted)
    if flow.solve_max_flow_with_min_cost() != flow.OPTIMAL:
        raise RuntimeError("The flow was not solved.")
    return [pair for pair, arc in arcs.items() if flow.flow(arc)]


class _Nodes(dict[object, int]):
    """Numbers for whatever is a node."""

    def __missing__(self, key: object) -> int:
        self[key] = len(self)
        return self[key]


def _rows(papers: int, reviewers: int, most: int) -> list[tuple[str, ...]]:
    calls = [simulated_panel(seed, papers=papers, reviewers=reviewers, most=most) for seed in range(_CALLS)]
    size = f"{papers} × {reviewers} × {most}"
    ways: list[tuple[str, Callable[[Panel], Iterable[Pair]]]] = [
        ("greedy", assign_greedily),
        ("minimum-cost flow", assign_by_min_cost_flow),
    ]
    ours = [_timed(assign_reviewers, call) for call in calls]
    proven = f"{sum(found.proven for _spent, found in ours)} of {len(ours)}"
    first = _row(size, "Maillage", calls, [(spent, found.pairs) for spent, found in ours], proven)
    return [first, *(_row(size, name, calls, [_timed(act, call) for call in calls], "") for name, act in ways)]


def _timed(act: Callable[[Panel], Any], call: Panel) -> tuple[float, Any]:
    began = time.perf_counter()
    found = act(call)
    return time.perf_counter() - began, found


def _row(
    size: str, name: str, calls: list[Panel], found: list[tuple[float, Iterable[Pair]]], proven: str
) -> tuple[str, ...]:
    measured = [_measured(call, list(pairs)) for call, (_spent, pairs) in zip(calls, found, strict=True)]
    reviews, experts, competence, worst = (statistics.mean(values) for values in list(zip(*measured, strict=True))[:4])
    loads = f"{min(one[4] for one in measured)}–{max(one[5] for one in measured)}"
    seconds = [spent for spent, _pairs in found]
    spent = f"{statistics.mean(seconds):.2f} s, at most {max(seconds):.2f} s"
    return size, name, spent, f"{reviews:.2%}", f"{experts:.1%}", f"{competence:.4f}", f"{worst:.3f}", loads, proven


def _measured(panel: Panel, pairs: list[Pair]) -> tuple[float, float, float, float, int, int]:
    """Shares of the reviews wanted and of papers with an expert; competence, mean and worst; least and most load."""
    value, papers = assignment_value(panel, pairs), len(panel.papers)
    worst = min(
        assignment_value(panel, [pair for pair in pairs if pair[1] == paper.key]).competence for paper in panel.papers
    )
    loads = Counter({one.key: 0 for one in panel.reviewers})
    loads.update(reviewer for reviewer, _paper in pairs)
    points = BEST_REVIEWER_WEIGHT * COMPETENCE_STEPS
    return (
        value.reviews / sum(one.wanted for one in panel.papers), value.experts / papers,
        value.competence / points / papers, worst / points, min(loads.values()), max(loads.values()),
    )  # fmt: skip
