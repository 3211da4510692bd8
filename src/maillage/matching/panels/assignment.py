"""Assign reviewers to the applications of a call, without conflicts and within the capacity of each reviewer.

Four goals, each only among the assignments that are best by those before it:

1. *reviews*: as many of the reviews wanted as possible;
2. *experts*: as many papers as possible that have a reviewer of competence `Panel.expert` or more;
3. *competence*: with diminishing value, so that no paper is left with weak reviewers only: the best reviewer of a paper
   counts in full, the second for a half, the third for a third (the harmonic weights of Thiele's rule);
4. *balance*: the sum of squared loads is least. Among the loads that remain possible this also makes the highest load
   least and the lowest highest (Frank and Murota, "Decreasing minimization on M-convex sets", 2022).

Each goal is a flow of least cost: its linear programme has whole solutions, which can be proven; see `flow_network`.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from maillage.language import gettext as _
from maillage.matching.panels.flow_network import FlowNetwork
from maillage.matching.panels.panel import (
    BEST_REVIEWER_WEIGHT,
    InvalidPanelError,
    Pair,
    Panel,
    Paper,
    competence_hundredths,
)


class AssignmentValue(NamedTuple):
    """The value of an assignment, compared part by part; more is better.

    Reviews assigned; papers with an expert; competence in points (hundredths of competence times
    `BEST_REVIEWER_WEIGHT // k` for the k-th best reviewer of a paper); balance, which is less the sum of squared loads.
    """

    reviews: int
    experts: int
    competence: int
    balance: int


class ShortageReason(StrEnum):
    """Why a paper lacks reviews."""

    ELIGIBLE = "eligible"
    """Fewer reviewers than wanted are competent, free of conflict and have not declined."""
    CAPACITY = "capacity"
    """Enough reviewers are eligible, but they have no capacity left."""


@dataclass(frozen=True, slots=True)
class ReviewShortage:
    """A paper that lacks reviews: how many, why, and how many reviewers may review it at all."""

    paper: str
    missing: int
    reason: ShortageReason
    eligible: int


@dataclass(frozen=True, slots=True)
class PanelAssignment:
    """Pairs in order, their value and its bound, the load of each reviewer, and papers that lack reviews."""

    pairs: tuple[Pair, ...]
    value: AssignmentValue
    bound: AssignmentValue
    loads: Mapping[str, int]
    lacks: tuple[ReviewShortage, ...]

    @property
    def proven(self) -> bool:
        """Whether no other assignment is better."""
        return self.value == self.bound

    @property
    def gap(self) -> float:
        """By how much the first goal that is not proven may be better, as a share of its value; 0 if all are proven."""
        parts = zip(self.value, self.bound, strict=True)
        return next(((bound - value) / max(1, abs(value)) for value, bound in parts if bound != value), 0.0)

    @property
    def spread(self) -> int:
        """The highest load less the lowest."""
        return max(self.loads.values(), default=0) - min(self.loads.values(), default=0)


def assign_reviewers(panel: Panel, seconds: float = 60.0) -> PanelAssignment:
    """The best assignment, proven, or the best found in time, with a valid bound. Raises `InvalidPanelError`.

    To replace a reviewer, fix the other pairs of the assignment and put those of this reviewer among the declined.
    """
    check_panel(panel)
    until = time.monotonic() + seconds
    pairs = greedy_assignment(panel)
    network, bounds = FlowNetwork(panel), list[int]()
    for part, goal in enumerate(network.goals):
        pairs, bound = network.best(goal, pairs, until - time.monotonic())
        bounds.append(bound)
        if assignment_value(panel, pairs)[part] < bound:
            until = 0.0  # the next goals must not be improved at the cost of this one
    return _build_result(panel, pairs, AssignmentValue(*bounds))


def greedy_assignment(panel: Panel) -> list[Pair]:
    """A fast assignment: in each round every paper, the hardest first, gets the best reviewer with capacity left."""
    eligible = {paper.key: _eligible(panel, paper) for paper in panel.papers}
    pairs = sorted(panel.fixed)
    room = Counter({reviewer.key: reviewer.most for reviewer in panel.reviewers})
    room.subtract(reviewer for reviewer, _paper in pairs)
    missing = Counter({paper.key: paper.wanted for paper in panel.papers})
    missing.subtract(paper for _reviewer, paper in pairs)
    for missing_reviews in range(max(missing.values(), default=0), 0, -1):
        for paper in sorted(missing, key=lambda key: (len(eligible[key]), key)):
            candidates = (
                reviewer for reviewer in eligible[paper] if room[reviewer] > 0 and (reviewer, paper) not in panel.fixed
            )
            if missing[paper] >= missing_reviews and (chosen := next(candidates, None)):
                eligible[paper].remove(chosen)
                room[chosen] -= 1
                missing[paper] -= 1
                pairs.append((chosen, paper))
    return pairs


def _eligible(panel: Panel, paper: Paper) -> list[str]:
    """The reviewers who may review a paper, the most competent first."""
    eligible = [reviewer.key for reviewer in panel.reviewers if panel.may(reviewer.key, paper.key)]
    return sorted(eligible, key=lambda key: (-panel.competence.get((key, paper.key), 0.0), key))


def assignment_value(panel: Panel, pairs: Collection[Pair]) -> AssignmentValue:
    """The value of pairs, by the definition of `AssignmentValue`."""
    competences_by_paper: dict[str, list[float]] = {}
    for pair in pairs:
        competences_by_paper.setdefault(pair[1], []).append(panel.competence.get(pair, 0.0))
    experts = sum(1 for competences in competences_by_paper.values() if max(competences) >= panel.expert)
    points = sum(
        competence_hundredths(value) * (BEST_REVIEWER_WEIGHT // place)
        for competences in competences_by_paper.values()
        for place, value in enumerate(sorted(competences, reverse=True), 1)
    )
    loads = Counter(reviewer for reviewer, _paper in pairs)
    return AssignmentValue(len(pairs), experts, points, -sum(load * load for load in loads.values()))


def _build_result(panel: Panel, pairs: list[Pair], bound: AssignmentValue) -> PanelAssignment:
    counts = Counter(reviewer for reviewer, _paper in pairs)
    loads = {reviewer.key: counts[reviewer.key] for reviewer in panel.reviewers}
    return PanelAssignment(
        tuple(sorted(pairs)), assignment_value(panel, pairs), bound, loads, tuple(_review_shortages(panel, pairs))
    )


def _review_shortages(panel: Panel, pairs: Iterable[Pair]) -> Iterable[ReviewShortage]:
    counts = Counter(paper for _reviewer, paper in pairs)
    for paper in panel.papers:
        if missing := paper.wanted - counts[paper.key]:
            eligible = len(_eligible(panel, paper))
            yield ReviewShortage(
                paper.key,
                missing,
                ShortageReason.ELIGIBLE if eligible < paper.wanted else ShortageReason.CAPACITY,
                eligible,
            )


def check_panel(panel: Panel) -> None:
    """Raise `InvalidPanelError` if a panel contradicts itself."""
    reviewers, papers = [reviewer.key for reviewer in panel.reviewers], [paper.key for paper in panel.papers]
    for key, count in [*Counter(reviewers).items(), *Counter(papers).items()]:
        if count > 1:
            raise InvalidPanelError(_("%(key)s is given twice; keep one.") % {"key": key})
    _check_numbers(panel)
    known = set(reviewers), set(papers)
    for pairs in (panel.competence, panel.conflicts, panel.fixed, panel.declined):
        for pair in pairs:
            _check_known(pair, known)
    for pair, value in panel.competence.items():
        if not 0 <= value <= 1:
            names = {"reviewer": pair[0], "paper": pair[1], "value": value}
            raise InvalidPanelError(
                _("The competence of %(reviewer)s for %(paper)s is %(value)s; give 0 to 1.") % names
            )
    _check_fixed(panel)


def _check_numbers(panel: Panel) -> None:
    numbers = [(reviewer.key, reviewer.most) for reviewer in panel.reviewers]
    numbers += [(paper.key, paper.wanted) for paper in panel.papers]
    for key, number in numbers:
        if number < 0:
            names = {"key": key, "number": number}
            raise InvalidPanelError(_("%(key)s has a number of reviews of %(number)s; give 0 or more.") % names)
    for value in (panel.minimum, panel.expert):
        if not 0 <= value <= 1:
            raise InvalidPanelError(_("A competence of %(value)s cannot be required; give 0 to 1.") % {"value": value})


def _check_known(pair: Pair, known: tuple[set[str], set[str]]) -> None:
    for key, keys in zip(pair, known, strict=True):
        if key not in keys:
            names = {"key": key, "reviewer": pair[0], "paper": pair[1]}
            raise InvalidPanelError(
                _("%(key)s, in the pair %(reviewer)s, %(paper)s, is not in the panel; add it, or leave the pair out.")
                % names
            )


def _check_fixed(panel: Panel) -> None:
    for reviewer, paper in sorted(panel.fixed & (panel.conflicts | panel.declined)):
        names = {"reviewer": reviewer, "paper": paper}
        raise InvalidPanelError(
            _("%(reviewer)s is to keep %(paper)s, which is declined or in conflict; give one of the two up.") % names
        )
    most = {reviewer.key: reviewer.most for reviewer in panel.reviewers}
    limits = most, {paper.key: paper.wanted for paper in panel.papers}
    for side, limit in enumerate(limits):
        for key, number in sorted(Counter(pair[side] for pair in panel.fixed).items()):
            if number > limit[key]:
                names = {"key": key, "number": str(number), "limit": str(limit[key])}
                raise InvalidPanelError(
                    _("%(number)s reviews of %(key)s are to be kept, of at most %(limit)s; raise that, or free some.")
                    % names
                )
