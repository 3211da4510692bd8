"""Which organisations have run trials together."""

from collections import defaultdict
from collections.abc import Collection

from maillage.clinical.models import Trial, TrialGroup
from maillage.core.actors import Actor
from maillage.register.collaboration_provider import SharedWork


def shared_trials(organisation_ids: Collection[int], actor: Actor) -> list[SharedWork]:
    """The trials that several of these organisations coordinate, or that one coordinates and another sponsors."""
    seen = Trial.objects.visible_to(actor).filter(group_links__group__in=organisation_ids).distinct()
    groups: dict[int, set[int]] = defaultdict(set)
    for trial_id, group_id in TrialGroup.objects.filter(trial__in=seen).values_list("trial_id", "group_id"):
        groups[trial_id].add(group_id)
    shared_works = []
    for trial in seen:
        members = groups[trial.pk] | ({trial.sponsor_id} if trial.sponsor_id else set())
        if len(members & set(organisation_ids)) > 1:
            shared_works.append(SharedWork(frozenset(members), str(trial), until=trial.possible.upper))
    return shared_works
