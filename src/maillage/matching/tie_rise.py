"""A small rise for proposals whose provider is tied to who asks, which leaves what is on topic first."""

from collections.abc import Mapping, Sequence
from typing import Final

from maillage.matching.match_result import Proposal

# A tied proposal comes before one whose score is higher by at most this share.
MAX_SHARE: Final = 0.1


def rise_tied(proposals: Sequence[Proposal], ties: Mapping[str, int]) -> list[Proposal]:
    """The same proposals, those with more ties (a number by key of the offer) a little earlier.

    One comes before another only if it meets, as closely, all that the other meets of the need, words of no concept
    included, rules out nothing more, and the other's score is at most a tenth higher.
    """
    ranked: list[Proposal] = []
    for proposal in proposals:
        place = len(ranked)
        while place and _comes_before(proposal, ranked[place - 1], ties):
            place -= 1
        ranked.insert(place, proposal)
    return ranked


def _comes_before(one: Proposal, other: Proposal, ties: Mapping[str, int]) -> bool:
    more_ties = ties.get(one.offer, 0) > ties.get(other.offer, 0)
    return more_ties and one.score * (1 + MAX_SHARE) >= other.score and _serves_as_well(one, other)


def _serves_as_well(one: Proposal, other: Proposal) -> bool:
    own = {match.asked: abs(match.steps) for match in one.why.concepts}
    against = len(one.why.opposed) + len(one.why.excluded), len(other.why.opposed) + len(other.why.excluded)
    closely = all(own.get(match.asked, 99) <= abs(match.steps) for match in other.why.concepts)
    words = {match.in_need for match in other.why.words} <= {match.in_need for match in one.why.words}
    stages = sum(stage.fits for stage in one.why.stages) >= sum(stage.fits for stage in other.why.stages)
    return closely and words and stages and against[0] <= against[1]
