"""Which groups have run trials together."""

from collections import defaultdict
from collections.abc import Collection

from maillage.clinical.models import Trial, TrialGroup
from maillage.core.actors import Actor
from maillage.register.collaboration_provider import SharedWork


def shared_trials(bodies: Collection[int], actor: Actor) -> list[SharedWork]:
    """The trials that several of these bodies coordinate, or one coordinates and another sponsors."""
    seen = Trial.objects.visible_to(actor).filter(group_links__group__in=bodies).distinct()
    groups: dict[int, set[int]] = defaultdict(set)
    for trial, group in TrialGroup.objects.filter(trial__in=seen).values_list("trial_id", "group_id"):
        groups[trial].add(group)
    found = []
    for trial in seen:
        members = groups[trial.pk] | ({trial.sponsor_id} if trial.sponsor_id else set())
        if len(members & set(bodies)) > 1:
            found.append(SharedWork(frozenset(members), str(trial), until=trial.possible.upper))
    return found
