"""Who reviews what: the applications to a call and the reviewers of its panel, without conflict and as each has time.

Four goals, each only among the assignments that are best by those before it:

1. *reviews*: as many of the reviews wanted as possible;
2. *experts*: as many papers as possible that have a reviewer of competence `Panel.expert` or more;
3. *competence*: with diminishing value, so that no paper is left with weak reviewers only: the best reviewer of a paper
   counts in full, the second for a half, the third for a third (the harmonic weights of Thiele's rule);
4. *balance*: the sum of squared loads is least. Among the loads that remain possible this also makes the highest load
   least and the lowest highest (Frank and Murota, "Decreasing minimization on M-convex sets", 2022).

Each goal is a flow of least cost: its linear programme has whole solutions, and the best can be proven; see `flow`.
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
    """What an assignment is worth: the first part decides, then the second, and so on; more is better.

    Reviews assigned; papers with an expert; competence in points (hundredths of competence times `SHARES // k` for the
    k-th best reviewer of a paper); balance, which is less the sum of squared loads.
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
    """Enough could, but they are full."""


@dataclass(frozen=True, slots=True)
class ReviewShortage:
    """A paper that lacks reviews: how many, why, and how many reviewers may review it at all."""

    paper: str
    missing: int
    reason: ShortageReason
    eligible: int


@dataclass(frozen=True, slots=True)
class PanelAssignment:
    """Pairs in order, their worth, what no worth exceeds, each reviewer's load, and the papers short of reviews."""

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
        """By how much the first goal not proven may be better, as a share of its value; 0 where all are proven."""
        parts = zip(self.value, self.bound, strict=True)
        return next(((bound - value) / max(1, abs(value)) for value, bound in parts if bound != value), 0.0)

    @property
    def spread(self) -> int:
        """The highest load less the lowest."""
        return max(self.loads.values(), default=0) - min(self.loads.values(), default=0)


def assign_reviewers(panel: Panel, seconds: float = 60.0) -> PanelAssignment:
    """The best assignment, proven, or within the time the best found with a true bound. Raises `InvalidPanelError`.

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
            until = 0.0  # what comes next would be sought at the cost of this
    return _build_result(panel, pairs, AssignmentValue(*bounds))


def greedy_assignment(panel: Panel) -> list[Pair]:
    """An assignment at once: in each round every paper, the hardest first, gets the best reviewer who has room."""
    eligible = {paper.key: _eligible(panel, paper) for paper in panel.papers}
    pairs = sorted(panel.fixed)
    room = Counter({one.key: one.most for one in panel.reviewers})
    room.subtract(reviewer for reviewer, _paper in pairs)
    missing = Counter({one.key: one.wanted for one in panel.papers})
    missing.subtract(paper for _reviewer, paper in pairs)
    for turn in range(max(missing.values(), default=0), 0, -1):
        for paper in sorted(missing, key=lambda key: (len(eligible[key]), key)):
            able = (one for one in eligible[paper] if room[one] > 0 and (one, paper) not in panel.fixed)
            if missing[paper] >= turn and (found := next(able, None)):
                eligible[paper].remove(found)
                room[found] -= 1
                missing[paper] -= 1
                pairs.append((found, paper))
    return pairs


def _eligible(panel: Panel, paper: Paper) -> list[str]:
    """The reviewers who may review a paper, the most competent first."""
    able = [one.key for one in panel.reviewers if panel.may(one.key, paper.key)]
    return sorted(able, key=lambda key: (-panel.competence.get((key, paper.key), 0.0), key))


def assignment_value(panel: Panel, pairs: Collection[Pair]) -> AssignmentValue:
    """What pairs are worth, by the formula of `AssignmentValue`."""
    by_paper: dict[str, list[float]] = {}
    for pair in pairs:
        by_paper.setdefault(pair[1], []).append(panel.competence.get(pair, 0.0))
    experts = sum(1 for found in by_paper.values() if max(found) >= panel.expert)
    points = sum(
        competence_hundredths(value) * (BEST_REVIEWER_WEIGHT // place)
        for found in by_paper.values()
        for place, value in enumerate(sorted(found, reverse=True), 1)
    )
    loads = Counter(reviewer for reviewer, _paper in pairs)
    return AssignmentValue(len(pairs), experts, points, -sum(load * load for load in loads.values()))


def _build_result(panel: Panel, pairs: list[Pair], bound: AssignmentValue) -> PanelAssignment:
    given = Counter(reviewer for reviewer, _paper in pairs)
    loads = {one.key: given[one.key] for one in panel.reviewers}
    return PanelAssignment(
        tuple(sorted(pairs)), assignment_value(panel, pairs), bound, loads, tuple(_review_shortages(panel, pairs))
    )


def _review_shortages(panel: Panel, pairs: Iterable[Pair]) -> Iterable[ReviewShortage]:
    got = Counter(paper for _reviewer, paper in pairs)
    for paper in panel.papers:
        if missing := paper.wanted - got[paper.key]:
            eligible = len(_eligible(panel, paper))
            yield ReviewShortage(
                paper.key,
                missing,
                ShortageReason.ELIGIBLE if eligible < paper.wanted else ShortageReason.CAPACITY,
                eligible,
            )


def check_panel(panel: Panel) -> None:
    """Raise `InvalidPanelError` where a panel contradicts itself."""
    reviewers, papers = [one.key for one in panel.reviewers], [one.key for one in panel.papers]
    for key, times in [*Counter(reviewers).items(), *Counter(papers).items()]:
        if times > 1:
            raise InvalidPanelError(_("%(key)s is given twice; keep one.") % {"key": key})
    _check_numbers(panel)
    known = set(reviewers), set(papers)
    for pairs in (panel.competence, panel.conflicts, panel.fixed, panel.declined):
        for pair in pairs:
            _check_known(pair, known)
    for pair, value in panel.competence.items():
        if not 0 <= value <= 1:
            told = {"reviewer": pair[0], "paper": pair[1], "value": value}
            raise InvalidPanelError(_("The competence of %(reviewer)s for %(paper)s is %(value)s; give 0 to 1.") % told)
    _check_fixed(panel)


def _check_numbers(panel: Panel) -> None:
    numbers = [(one.key, one.most) for one in panel.reviewers] + [(one.key, one.wanted) for one in panel.papers]
    for key, number in numbers:
        if number < 0:
            told = {"key": key, "number": number}
            raise InvalidPanelError(_("%(key)s has a number of reviews of %(number)s; give 0 or more.") % told)
    for value in (panel.minimum, panel.expert):
        if not 0 <= value <= 1:
            raise InvalidPanelError(_("A competence of %(value)s cannot be required; give 0 to 1.") % {"value": value})


def _check_known(pair: Pair, known: tuple[set[str], set[str]]) -> None:
    for key, keys in zip(pair, known, strict=True):
        if key not in keys:
            told = {"key": key, "reviewer": pair[0], "paper": pair[1]}
            raise InvalidPanelError(
                _("%(key)s, in the pair %(reviewer)s, %(paper)s, is not in the panel; add it, or leave the pair out.")
                % told
            )


def _check_fixed(panel: Panel) -> None:
    for reviewer, paper in sorted(panel.fixed & (panel.conflicts | panel.declined)):
        told = {"reviewer": reviewer, "paper": paper}
        raise InvalidPanelError(
            _("%(reviewer)s is to keep %(paper)s, which is declined or in conflict; give one of the two up.") % told
        )
    limits = {one.key: one.most for one in panel.reviewers}, {one.key: one.wanted for one in panel.papers}
    for side, limit in enumerate(limits):
        for key, number in sorted(Counter(pair[side] for pair in panel.fixed).items()):
            if number > limit[key]:
                told = {"key": key, "number": str(number), "limit": str(limit[key])}
                raise InvalidPanelError(
                    _("%(number)s reviews of %(key)s are to be kept, of at most %(limit)s; raise that, or free some.")
                    % told
                )
