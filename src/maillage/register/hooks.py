"""Registration of the register with other rooms: its search finder and its collaboration provider."""

from collections import defaultdict
from collections.abc import Collection

from maillage.core.actors import Actor
from maillage.register.collaboration_provider import SharedWork, register_collaboration_provider
from maillage.register.models import Identifier, Name, Organisation, Tie
from maillage.register.search_documents import organisation_documents, visible_organisations
from maillage.register.vocabulary import MEMBERSHIP_KINDS
from maillage.search.finders import make_finder, register_finder

register_finder(
    make_finder(
        "organisations",
        Organisation,
        organisation_documents,
        {Name: ("organisation_id",), Identifier: ("organisation_id",), Tie: ("subject_id", "object_id")},
        visible=visible_organisations,
        preferred=True,
    )
)


@register_collaboration_provider
def shared_networks(organisation_ids: Collection[int], actor: Actor) -> list[SharedWork]:
    """Networks that several of the organisations are members of: weak evidence of collaboration, of weight 0.25."""
    ties = Tie.objects.visible_to(actor).filter(subject__in=organisation_ids, kind__in=MEMBERSHIP_KINDS)
    members_by_network: dict[tuple[int, str], set[int]] = defaultdict(set)
    for subject, network, name in ties.values_list("subject_id", "object_id", "object__sort_name"):
        members_by_network[network, name].add(subject)
    return [
        SharedWork(frozenset(members), name, 0.25)
        for (_network, name), members in members_by_network.items()
        if len(members) > 1
    ]
