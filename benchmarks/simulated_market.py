"""A simulated market: providers of uneven size in a few fields, what they offer, and who has worked with whom.

Nothing here is real. Capabilities are unevenly common, providers unevenly large; most of what one offers lies in its
own fields, and those who worked together once do so again. A seed gives the same market on every machine.
"""

import math
import random
from collections import Counter
from dataclasses import dataclass

from maillage.matching.teams.problem import Capability, RequiredSeat, TeamOffer, TeamProblem

CLINICAL = "a clinical centre"


@dataclass(frozen=True)
class Market:
    """Offers, ties and clinical centres; `common` says how common each capability is, by field."""

    offers: tuple[TeamOffer, ...]
    ties: dict[tuple[str, str], float]
    centres: frozenset[str]
    common: list[dict[str, float]]


def simulated_market(
    seed: int, *, offers: int = 10_000, capabilities: int = 400, providers: int = 500, fields: int = 20
) -> Market:
    """A market with twice as many past projects as providers."""
    draw = random.Random(f"market {seed}")
    each = capabilities // fields
    common = [{f"c{f}-{i}": 1 / (i + 1) ** 0.8 for i in range(each)} for f in range(fields)]
    names = [f"p{p:04}" for p in range(providers)]
    size = {name: draw.lognormvariate(0, 1) for name in names}
    home = {name: draw.sample(range(fields), k=draw.choice((1, 2, 2, 3))) for name in names}
    made = _offers(draw, offers, names, size, home, common)
    ties = _ties(draw, 2 * providers, names, size, home, fields)
    return Market(made, ties, frozenset(name for name in names if draw.random() < 0.08), common)


def _offers(
    draw: random.Random, number: int, names: list[str], size: dict[str, float], home: dict[str, list[int]],
    common: list[dict[str, float]],
) -> tuple[TeamOffer, ...]:  # fmt: skip
    skill = {name: draw.gauss(0, 0.12) for name in names}
    owners = draw.choices(names, [size[name] for name in names], k=number)
    made = []
    for place, owner in enumerate(owners):
        field = draw.choice(home[owner])
        wanted = draw.choices((1, 2, 3, 4, 5), (25, 30, 25, 12, 8))[0]
        has: set[str] = set()
        while len(has) < wanted:
            there = common[field if draw.random() < 0.85 else draw.randrange(len(common))]
            has.add(draw.choices(list(there), list(there.values()))[0])
        fits = {key: min(1.0, max(0.05, round(draw.betavariate(4, 2.5) + skill[owner], 2))) for key in sorted(has)}
        cost = int(draw.lognormvariate(math.log(8_000), 0.6) * (0.6 + 0.4 * wanted) / 100) * 100
        made.append(TeamOffer(f"o{place:05}", owner, fits, cost))
    return tuple(made)


def _ties(
    draw: random.Random,
    projects: int,
    names: list[str],
    size: dict[str, float],
    home: dict[str, list[int]],
    fields: int,
) -> dict[tuple[str, str], float]:
    """How often two have been in one project, from nothing (0) towards always (1)."""
    there = [[name for name in names if field in home[name]] for field in range(fields)]
    together: Counter[tuple[str, str]] = Counter()
    for _project in range(projects):
        field = draw.randrange(fields)
        partners = set()
        for _partner in range(min(12, 2 + int(draw.expovariate(1 / 3)))):
            among = there[field] if there[field] and draw.random() < 0.8 else names
            partners.add(draw.choices(among, [size[name] for name in among])[0])
        together.update((one, other) for one in partners for other in partners if one < other)
    return {pair: round(1 - math.exp(-times / 2), 3) for pair, times in sorted(together.items())}


def sample_capabilities(
    where: Market, seed: int, *, capabilities: int = 8, wished: int = 3, places: int = 5, budget: int | None = None,
    seat: bool = False,
) -> TeamProblem:  # fmt: skip
    """A problem on a market: capabilities mostly of one field, some of them merely wished."""
    draw = random.Random(f"asked {seed}")
    field, keys = draw.randrange(len(where.common)), set[str]()
    while len(keys) < capabilities:
        there = where.common[field if draw.random() < 0.7 else draw.randrange(len(where.common))]
        keys.add(draw.choices(list(there), list(there.values()))[0])
    order = draw.sample(sorted(keys), capabilities)
    asked = tuple(
        Capability(key, place >= wished, 1.0 if place >= wished else draw.choice((0.3, 0.5, 0.7)))
        for place, key in enumerate(order)
    )
    seats = (RequiredSeat(CLINICAL, where.centres),) if seat else ()
    return TeamProblem(asked, where.offers, where.ties, places, budget, seats=seats)
