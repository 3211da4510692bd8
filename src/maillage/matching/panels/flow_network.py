"""The assignment as a network flow from reviewers through pairs to the slots of papers, solved goal by goal.

There is an arc for each pair and slot (the k-th slot of a paper takes its k-th best reviewer), and one for each place
in a reviewer's load. Rows: a pair is used at most once, a slot takes at most one pair, and the pairs of a reviewer fill
as many places. A matrix of this kind (a network) has whole vertices (Hoffman and Kruskal, 1956), so that each goal is a
linear programme, which HiGHS solves by its interior point method with crossover.

Proofs do not depend on the tolerances of the solver. Its prices of rows (dual values) are rounded, and by weak duality
any prices give a valid bound, computed here in whole numbers; a flow that attains it is the best. The next goal is then
optimised among the flows that attain it too: by complementary slackness those that keep arcs with a reduced value at
their limit and rows with a price full, which is again a network.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maillage.matching.panels.panel import BEST_REVIEWER_WEIGHT, Pair, Panel, competence_hundredths

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Runs:
    """Consecutive runs of places: the owner of each place, its position in the run, and the start of each run."""

    owner: Whole
    place: Whole
    start: Whole

    @classmethod
    def of(cls, lengths: Whole) -> _Runs:
        import numpy as np

        start, owner = np.cumsum(lengths) - lengths, np.repeat(np.arange(len(lengths)), lengths)
        return cls(owner, np.arange(len(owner)) - start[owner], start)


class FlowNetwork:
    """The arcs and rows of a panel; `goals` has, for each goal, the value of a unit of flow on each arc.

    Arcs: pairs by slots, then reviewers by places of their load. Rows: pairs, then papers by slots, then reviewers.
    `goals`, `low` and `high` have a value for each arc, `limits` and `full` (the limit must be reached) for each row.
    """

    def __init__(self, panel: Panel) -> None:
        import numpy as np

        who = [reviewer.key for reviewer in panel.reviewers]
        self.pairs = [
            (reviewer, paper.key) for reviewer in who for paper in panel.papers if panel.may(reviewer, paper.key)
        ]
        self.reviewer = _key_positions(who, [reviewer for reviewer, _paper in self.pairs])
        self.paper = _key_positions([paper.key for paper in panel.papers], [paper for _reviewer, paper in self.pairs])
        self.competence = np.array([panel.competence.get(pair, 0.0) for pair in self.pairs])
        wanted = np.array([paper.wanted for paper in panel.papers], np.int64)
        able = np.bincount(self.reviewer, minlength=len(who))
        self.arcs = _Runs.of(wanted[self.paper])
        self.slots = _Runs.of(wanted)
        self.places = _Runs.of(
            np.array([min(reviewer.most, int(n)) for reviewer, n in zip(panel.reviewers, able, strict=True)], np.int64)
        )
        self._lay([pair in panel.fixed for pair in self.pairs], len(who))
        self.goals = self._goals(panel.expert)

    def _lay(self, fixed: list[bool], reviewers: int) -> None:
        """Set the rows: which arcs they have, and their limits."""
        import numpy as np
        from scipy.sparse import csr_array

        pairs, rows, arcs = len(self.pairs), len(self.pairs) + len(self.slots.owner), len(self.arcs.owner)
        self.slot_row = pairs + self.slots.start[self.paper[self.arcs.owner]] + self.arcs.place
        reviewer_row = rows + self.reviewer[self.arcs.owner]
        row = np.concatenate([self.arcs.owner, self.slot_row, reviewer_row, rows + self.places.owner])
        column = np.concatenate([*[np.arange(arcs)] * 3, arcs + np.arange(len(self.places.owner))])
        sign = np.repeat(np.array([1, -1]), [3 * arcs, len(self.places.owner)])
        shape = rows + reviewers, arcs + len(self.places.owner)
        self.matrix = csr_array((sign, (row, column)), shape=shape)
        self.limits = np.repeat(np.array([1, 0]), [rows, reviewers])
        self.full = np.concatenate([np.array(fixed, bool), np.repeat([False, True], [rows - pairs, reviewers])])
        self.low, self.high = np.zeros(shape[1], np.int64), np.ones(shape[1], np.int64)

    def _goals(self, expert: float) -> list[Whole]:
        import numpy as np

        points = np.array([competence_hundredths(value) for value in self.competence], np.int64)
        slot, none = self.arcs.place, np.zeros(len(self.places.owner), np.int64)
        is_expert = (self.competence >= expert)[self.arcs.owner] & (slot == 0)
        by_arc = (
            np.ones_like(slot),
            is_expert.astype(np.int64),
            points[self.arcs.owner] * (BEST_REVIEWER_WEIGHT // (slot + 1)),
        )
        # The squares of loads are sums of odd numbers: 1, 1 + 3, 1 + 3 + 5.
        balance = np.concatenate([np.zeros_like(slot), -(2 * self.places.place + 1)])
        return [*(np.concatenate([goal, none]) for goal in by_arc), balance]

    def best(self, goal: Whole, pairs: list[Pair], seconds: float) -> tuple[list[Pair], int]:
        """The best pairs by a goal, and its bound, which later calls preserve. `pairs` that reach it are returned.

        If `seconds` do not suffice: `pairs`, and a bound that is valid but may not be reached.
        """
        flows, prices = self._flows(pairs), self._slot_prices(goal)
        bound = self._bound(goal, prices)
        if goal @ flows < bound:
            solved = self._solved(goal, seconds)
            if solved is None:
                return pairs, bound
            flows, prices = solved
        self._narrow(goal, prices)
        used = self.arcs.owner[flows[: len(self.arcs.owner)] == 1]
        return [self.pairs[number] for number in used], int(goal @ flows)

    def _flows(self, pairs: Iterable[Pair]) -> Whole:
        """The flows that use these pairs, each paper's best reviewer in its first slot."""
        import numpy as np

        chosen, flows = set(pairs), np.zeros(self.matrix.shape[1], np.int64)
        numbers = [number for number, pair in enumerate(self.pairs) if pair in chosen]
        filled, loads = Counter[int](), Counter[int]()
        for number in sorted(numbers, key=lambda number: -self.competence[number]):
            reviewer, paper = self.reviewer[number], self.paper[number]
            flows[self.arcs.start[number] + filled[paper]] = 1
            flows[len(self.arcs.owner) + self.places.start[reviewer] + loads[reviewer]] = 1
            filled[paper] += 1
            loads[reviewer] += 1
        return flows

    def _slot_prices(self, goal: Whole) -> Whole:
        """Prices as if reviewers had no limit: that of a slot is the highest value of its arcs."""
        import numpy as np

        prices, arcs = np.zeros(len(self.limits), np.int64), len(self.arcs.owner)
        np.maximum.at(prices, self.slot_row, (goal * self.high)[:arcs])
        return prices

    def _bound(self, goal: Whole, prices: Whole) -> int:
        """The bound on all flows by these prices (not negative for rows that need not be full)."""
        reduced = goal - self.matrix.T @ prices
        return int(self.limits @ prices + self.high @ reduced.clip(min=0) + self.low @ reduced.clip(max=0))

    def _narrow(self, goal: Whole, prices: Whole) -> None:
        """Restrict the network to flows whose value is the bound of these prices."""
        import numpy as np

        reduced = goal - self.matrix.T @ prices
        self.low, self.high = np.where(reduced > 0, self.high, self.low), np.where(reduced < 0, self.low, self.high)
        self.full |= prices != 0

    def _solved(self, goal: Whole, seconds: float) -> tuple[Whole, Whole] | None:
        """Flows and prices of equal value, which proves both; `None` if the solver ran out of time."""
        import numpy as np
        from scipy.optimize import linprog

        if seconds <= 0:
            return None
        free, full = self.matrix[~self.full], self.matrix[self.full]
        solution = linprog(
            -goal, free, self.limits[~self.full], full, self.limits[self.full], np.stack([self.low, self.high], 1),
            method="highs-ipm", options={"time_limit": seconds},
        )  # fmt: skip
        if solution.status != 0:
            return None
        prices = np.zeros(len(self.limits), np.int64)
        prices[~self.full] = _round_values(-solution.ineqlin.marginals).clip(min=0)
        prices[self.full] = _round_values(-solution.eqlin.marginals)
        flows = _round_values(solution.x)
        return (flows, prices) if self._holds(flows) and goal @ flows == self._bound(goal, prices) else None

    def _holds(self, flows: Whole) -> bool:
        """Whether flows respect all limits."""
        left = self.limits - self.matrix @ flows
        within = (self.low <= flows).all() and (flows <= self.high).all()
        return bool(within and (left >= 0).all() and (left[self.full] == 0).all())


def _key_positions(keys: Sequence[str], wanted: Iterable[str]) -> Whole:
    """The positions of the wanted keys in `keys`."""
    import numpy as np

    positions = {key: number for number, key in enumerate(keys)}
    return np.array([positions[key] for key in wanted], np.int64)


def _round_values(values: NDArray[np.float64]) -> Whole:
    import numpy as np

    return np.rint(values).astype(np.int64)
