"""Small problems of every shape, and their optimum by trying everything."""

import itertools
from collections.abc import Iterator

from hypothesis import strategies as st

from maillage.matching.teams.problem import (
    COHESION_POINTS,
    COVER_POINTS,
    FIT_POINTS,
    MEMBER_COST,
    Capability,
    ProviderExclusion,
    RequiredSeat,
    TeamOffer,
    TeamProblem,
)
from maillage.matching.teams.team import tie_strength

KEYS = ("a", "b", "c", "d")
PROVIDERS = ("p", "q", "r", "s", "t")


@st.composite
def problems(draw: st.DrawFn) -> TeamProblem:
    """At most four capabilities, five providers and nine offers, with every kind of condition."""
    asked = tuple(
        Capability(key, draw(st.booleans()), draw(st.sampled_from((0.3, 1.0, 2.5))))
        for key in draw(st.lists(st.sampled_from(KEYS), min_size=1, unique=True))
    )
    fits = st.dictionaries(
        st.sampled_from((*KEYS, "z")), st.sampled_from((0.05, 0.4, 0.75, 1.0)), min_size=1, max_size=3
    )
    offers = tuple(
        TeamOffer(f"o{number}", draw(st.sampled_from(PROVIDERS)), draw(fits), draw(st.sampled_from((0, 10, 25, 60))))
        for number in range(draw(st.integers(0, 9)))
    )
    pairs = st.sampled_from(list(itertools.combinations(PROVIDERS, 2)))
    some = st.frozensets(st.sampled_from(PROVIDERS), max_size=3)
    return TeamProblem(
        asked,
        offers,
        draw(st.dictionaries(pairs, st.sampled_from((0.2, 0.6, 1.0)), max_size=6)),
        draw(st.integers(1, 4)),
        draw(st.none() | st.sampled_from((0, 20, 45, 100))),
        tuple(ProviderExclusion(f"x{number}", draw(some)) for number in range(draw(st.integers(0, 2)))),
        tuple(RequiredSeat(f"s{number}", draw(some)) for number in range(draw(st.integers(0, 2)))),
    )


def best_points(problem: TeamProblem) -> int | None:
    """The points of the best team, by trying every assignment; nothing where there is no team."""
    return max((points for points, _team in every_team(problem)), default=None)


def every_team(problem: TeamProblem) -> Iterator[tuple[int, frozenset[str]]]:
    """Each way to cover capabilities and fill seats: its points and its members."""
    tasks = [_takers(problem, one) for one in problem.asked]
    seats = [
        [(name, None) for name in sorted(seat.providers - problem.excluded)] + [None] * (not seat.essential)
        for seat in problem.seats
    ]
    for ways in itertools.product(*tasks, *seats):
        taken = [way for way in ways if way is not None]
        members = frozenset(name for name, _offer in taken)
        used = {offer for _name, offer in taken if offer is not None}
        costs = sum(one.cost for one in problem.offers if one.key in used)
        if members and len(members) <= problem.places and (problem.budget is None or costs <= problem.budget):
            yield _points(problem, ways, members), members


def _takers(problem: TeamProblem, asked: Capability) -> list[tuple[str, str] | None]:
    takers: list[tuple[str, str] | None] = [
        (offer.provider, offer.key)
        for offer in problem.offers
        if asked.key in offer.fits and offer.provider not in problem.excluded
    ]
    return takers if asked.essential else [*takers, None]


def _points(problem: TeamProblem, ways: tuple, members: frozenset[str]) -> int:
    fits = {offer.key: offer.fits for offer in problem.offers}
    points = -MEMBER_COST * len(members)
    for asked, way in zip(problem.asked, ways, strict=False):
        if way is not None:
            thousandths = max(1, round(1000 * fits[way[1]][asked.key]))
            points += (
                round(COVER_POINTS * asked.weight) + (round(FIT_POINTS * asked.weight) * thousandths + 500) // 1000
            )
    for one, other in itertools.combinations(sorted(members), 2):
        points += round(COHESION_POINTS * tie_strength(problem.ties, one, other))
    return points
