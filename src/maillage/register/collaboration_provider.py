"""Register of collaboration providers: which organisations have worked together, for rooms that compose teams.

@register_collaboration_provider
def trials(organisation_ids, actor) -> list[SharedWork]: …
"""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import combinations

from maillage.core.actors import Actor
from maillage.core.registers import Register, qualified_name


@dataclass(frozen=True, slots=True)
class SharedWork:
    """Organisations (ids) that took part in one piece of work, its title, and its weight as evidence of collaboration.

    `until` is the first day on which it was surely over; `None` where it goes on or where that is not known.
    """

    organisations: frozenset[int]
    what: str
    weight: float = 1.0
    until: dt.date | None = None


CollaborationProvider = Callable[[Collection[int], Actor], list[SharedWork]]
COLLABORATION_PROVIDERS: Register[CollaborationProvider] = Register("collaboration providers")
# A work of more organisations than this is no evidence that two of them worked together.
_MAX_ORGANISATIONS = 60


def register_collaboration_provider(teller: CollaborationProvider) -> CollaborationProvider:
    """Register a function that returns the shared work of some organisations (ids)."""
    COLLABORATION_PROVIDERS[qualified_name(teller)] = teller
    return teller


def collaboration_strengths(organisation_ids: Collection[int], actor: Actor) -> dict[tuple[int, int], float]:
    """How much each pair (the lower id first) has worked together: 1 - exp(-w / 2), w the weight of all shared works.

    For each pair a work of n organisations counts as its weight, times 4 / n where n is more than four. Pairs that
    never worked together are left out.
    """
    weights: dict[tuple[int, int], float] = defaultdict(float)
    for provider in COLLABORATION_PROVIDERS.values():
        for work in provider(organisation_ids, actor):
            members = sorted(work.organisations & set(organisation_ids))
            if len(work.organisations) <= _MAX_ORGANISATIONS:
                for pair in combinations(members, 2):
                    weights[pair] += work.weight * min(1.0, 4 / len(work.organisations))
    return {pair: 1 - math.exp(-weight / 2) for pair, weight in weights.items()}


def shared_work_titles_by_pair(
    organisation_ids: Collection[int], actor: Actor, since: dt.date | None = None
) -> dict[tuple[int, int], list[str]]:
    """Titles of the shared works of each pair (the lower id first); with a day, without those surely over by then."""
    titles_by_pair: dict[tuple[int, int], list[str]] = defaultdict(list)
    for provider in COLLABORATION_PROVIDERS.values():
        for work in provider(organisation_ids, actor):
            if not (since and work.until and work.until <= since):
                for pair in combinations(sorted(work.organisations & set(organisation_ids)), 2):
                    titles_by_pair[pair].append(work.what)
    return {pair: list(dict.fromkeys(titles)) for pair, titles in titles_by_pair.items()}


def shared_work_titles(one: int, other: int, actor: Actor, since: dt.date | None = None) -> list[str]:
    """Titles of the shared works of two organisations (ids); with a day, without those surely over by then."""
    return shared_work_titles_by_pair([one, other], actor, since).get((min(one, other), max(one, other)), [])
