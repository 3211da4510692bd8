"""The team problem as a linear model of yes-or-no variables, solved by two general solvers: CP-SAT and HiGHS."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from maillage.matching.teams.problem import (
    COHESION_POINTS,
    COVER_POINTS,
    FIT_POINTS,
    MEMBER_COST,
    TeamOffer,
    TeamProblem,
)

Terms = list[tuple[int, int]]


@dataclass(frozen=True)
class Solved:
    """The points of the best team found (nothing where there is none), and whether no other is worth more."""

    points: int | None
    proven: bool


@dataclass
class Model:
    """What each variable (by number) is worth, and constraints: terms (variable, factor), least and most of their sum."""

    worth: list[int] = field(default_factory=list)
    rows: list[tuple[Terms, int, int]] = field(default_factory=list)

    def variable(self, worth: int = 0) -> int:
        self.worth.append(worth)
        return len(self.worth) - 1

    def implies(self, one: int, *others: int) -> None:
        """Where one is yes, so is each of the others."""
        self.rows += [([(one, 1), (other, -1)], -1, 0) for other in others]


def linear_model(problem: TeamProblem) -> Model:
    """The model: who is a member, which offers are used, who takes what, which ties count."""
    model = Model()
    offers = _useful(problem)
    seated = {name for seat in problem.seats for name in seat.providers} - problem.excluded
    member = {name: model.variable(-MEMBER_COST) for name in sorted({one.provider for one in offers} | seated)}
    does: dict[str, list[int]] = {name: [] for name in member}
    used = _take(model, problem, offers, member, does)
    for seat in problem.seats:
        fill = [(name, model.variable()) for name in sorted(seat.providers & seated)]
        model.rows.append(([(one, 1) for _name, one in fill], int(seat.essential), 1))
        for name, one in fill:
            model.implies(one, member[name])
            does[name].append(one)
    for name, tasks in does.items():
        model.rows.append(([(member[name], 1), *((task, -1) for task in tasks)], -len(tasks), 0))
    for (one, other), points in _pairs(problem, member).items():
        model.implies(model.variable(points), member[one], member[other])
    model.rows.append(([(one, 1) for one in member.values()], 1, problem.places))
    if problem.budget is not None:
        model.rows.append(([(one, cost) for one, cost in used], 0, problem.budget))
    return model


def _take(
    model: Model, problem: TeamProblem, offers: list[TeamOffer], member: dict[str, int], does: dict[str, list[int]]
) -> list[tuple[int, int]]:
    """Each capability is taken by at most one offer; returns the variable of each offer used, and its cost."""
    takers: dict[str, list[int]] = {one.key: [] for one in problem.asked}
    used = []
    for offer in offers:
        use = model.variable()
        model.implies(use, member[offer.provider])
        used.append((use, offer.cost))
        for key in sorted(takers.keys() & offer.fits.keys()):
            take = model.variable(_gain(problem, offer, key))
            model.implies(take, use)
            takers[key].append(take)
            does[offer.provider].append(take)
    for one in problem.asked:
        model.rows.append(([(take, 1) for take in takers[one.key]], int(one.essential), 1))
    return used


def _useful(problem: TeamProblem) -> list[TeamOffer]:
    asked = {one.key for one in problem.asked}
    return [one for one in problem.offers if asked & one.fits.keys() and one.provider not in problem.excluded]


def _gain(problem: TeamProblem, offer: TeamOffer, key: str) -> int:
    weight = next(one.weight for one in problem.asked if one.key == key)
    return (
        round(COVER_POINTS * weight)
        + (round(FIT_POINTS * weight) * max(1, round(1000 * offer.fits[key])) + 500) // 1000
    )


def _pairs(problem: TeamProblem, members: Iterable[str]) -> dict[tuple[str, str], int]:
    known, found = set(members), dict[tuple[str, str], int]()
    for (one, other), value in problem.ties.items():
        if one in known and other in known and (points := round(COHESION_POINTS * value)):
            pair = min(one, other), max(one, other)
            found[pair] = max(found.get(pair, 0), points)
    return found


def solve_with_cp_sat(problem: TeamProblem, seconds: float) -> Solved:
    """CP-SAT with eight workers."""
    from ortools.sat.python import cp_model

    model, given = cp_model.CpModel(), linear_model(problem)
    variables = [model.new_bool_var("") for _worth in given.worth]
    for terms, least, most in given.rows:
        model.add_linear_constraint(sum(factor * variables[one] for one, factor in terms), least, most)
    model.maximize(sum(worth * one for worth, one in zip(given.worth, variables, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_time_in_seconds = 8, seconds
    status = solver.solve(model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return Solved(round(solver.objective_value) if found else None, status in (cp_model.OPTIMAL, cp_model.INFEASIBLE))


def solve_with_highs(problem: TeamProblem, seconds: float) -> Solved:
    """HiGHS, as a mixed integer programme."""
    import highspy

    model, given = highspy.Highs(), linear_model(problem)
    model.silent()
    model.setOptionValue("time_limit", seconds)
    model.setOptionValue("mip_rel_gap", 0.0)
    variables = [model.addBinary(obj=worth) for worth in given.worth]
    for terms, least, most in given.rows:
        if not terms:
            if least > 0:
                return Solved(None, True)
            continue
        total = model.qsum([variables[one] * factor for one, factor in terms])
        model.addConstr(least <= total)
        model.addConstr(total <= most)
    model.setMaximize()
    model.solve()
    status = model.getModelStatus()
    optimal = status == highspy.HighsModelStatus.kOptimal
    proven = optimal or status == highspy.HighsModelStatus.kInfeasible
    return Solved(round(model.getObjectiveValue()) if optimal else None, proven)
