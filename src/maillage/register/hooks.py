"""Hooks."""

from collections import defaultdict
from collections.abc import Collection

from maillage.core.actors import Actor
from maillage.register.collaboration_provider import SharedWork, register_collaboration_provider
from maillage.register.models import Tie
from maillage.register.vocabulary import MEMBERSHIP_KINDS


@register_collaboration_provider
def shared_networks(bodies: Collection[int], actor: Actor) -> list[SharedWork]:
    """Members of one consortium or network know each other, which says a little."""
    ties = Tie.objects.visible_to(actor).filter(subject__in=bodies, kind__in=MEMBERSHIP_KINDS)
    around: dict[tuple[int, str], set[int]] = defaultdict(set)
    for subject, whole, name in ties.values_list("subject_id", "object_id", "object__sort_name"):
        around[whole, name].add(subject)
    return [
        SharedWork(frozenset(members), name, 0.25) for (_whole, name), members in around.items() if len(members) > 1
    ]
