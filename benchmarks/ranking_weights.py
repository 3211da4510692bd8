"""How a ranking hangs on its weights, exactly, beside ranking anew at every thousandth of each weight."""

import random
import time
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from benchmarks.report import markdown_table, write_section
from maillage.matching.panels import WeightedCriterion, normalised_criterion_means, rank_ranges, ranking, tipping_point
from maillage.matching.panels.sensitivity import Means

_SIZES = ((45, 6), (200, 6), (200, 10))
_STEP = Decimal("0.1")
_THOUSAND = 1000


def run() -> None:
    """A call of the size of 2016, then of the size that is promised for the assignment."""
    rows = [_row(*size) for size in _SIZES]
    body = f"""A simulated call of each size, three reviews of each application: the ranks that each takes while any one weight moves by
{_STEP} either way, and the least change that brings one across the middle of the list. The peer ranks anew at each
thousandth of each weight; it may miss what happens between two. Ranks are the same where it has found as many; the page promises
under 2 s.

{markdown_table(("applications × criteria", "ranks and least change", "ranking anew", "ratio", "ranks that differ"), rows)}
"""
    write_section("weights", "When a weight moves", body)


def _row(papers: int, criteria: int) -> tuple[str, ...]:
    weighed, means = simulated_ranking(papers, criteria)
    spent, ours = _timed(lambda: (rank_ranges(weighed, means, _STEP), tipping_point(weighed, means, papers // 2))[0])
    anew, theirs = _timed(lambda: rank_ranges_by_enumeration(weighed, means))
    differ = sum((one.best, one.worst) != theirs[paper] for paper, one in ours.items())
    return (f"{papers} × {criteria}", f"{spent:.2f} s", f"{anew:.2f} s", f"{anew / spent:.1f}", str(differ))


def simulated_ranking(papers: int, criteria: int) -> tuple[list[WeightedCriterion], Means]:
    """Criteria of equal weight but for the last, and the means of marks that a strength and chance make, in tenths."""
    draw = random.Random(f"weights {papers} {criteria}")
    share = (Decimal(1) / criteria).quantize(Decimal("0.01"))
    weighed = [WeightedCriterion(f"c{number}", share) for number in range(criteria - 1)]
    weighed.append(WeightedCriterion(f"c{criteria - 1}", 1 - share * (criteria - 1)))
    marks = {}
    for paper in range(papers):
        strength = draw.uniform(1, 4)
        for reviewer in draw.sample(range(60), 3):
            for one in weighed:
                mark = min(5.0, max(0.0, draw.gauss(strength, 0.8)))
                marks[f"r{reviewer:02}", f"p{paper:03}", one.key] = Decimal(f"{mark:.1f}")
    return weighed, normalised_criterion_means(marks, 5.0)


def rank_ranges_by_enumeration(criteria: list[WeightedCriterion], means: Means) -> dict[str, tuple[int, int]]:
    """The best and the worst rank of each paper over a grid of weights."""
    papers = sorted({paper for paper, _criterion in means})
    found = {paper: (len(papers), 1) for paper in papers}
    for moved in criteria:
        for point in range(-int(_STEP * _THOUSAND), int(_STEP * _THOUSAND) + 1):
            to = min(Fraction(1), max(Fraction(0), Fraction(moved.weight) + Fraction(point, _THOUSAND)))
            for paper, rank in ranking(_means_at(criteria, means, moved, to, papers)).items():
                best, worst = found[paper]
                found[paper] = (min(best, rank), max(worst, rank))
    return found


def _means_at(
    criteria: list[WeightedCriterion], means: Means, moved: WeightedCriterion, to: Fraction, papers: list[str]
) -> dict[str, Any]:
    rest = (1 - to) / (1 - Fraction(moved.weight))
    weights = {one.key: float(to if one is moved else rest * Fraction(one.weight)) for one in criteria}
    return {paper: sum(weight * float(means[paper, key]) for key, weight in weights.items()) for paper in papers}


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = act()
    return time.perf_counter() - began, found
