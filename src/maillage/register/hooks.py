"""What the register declares to other rooms: its search finder, its shared networks; what follows names."""

from collections import defaultdict
from collections.abc import Collection

from maillage.core.action_registry import follows
from maillage.core.actors import Actor
from maillage.core.models import WithdrawnFact
from maillage.register.collaboration_provider import SharedWork, register_collaboration_provider
from maillage.register.models import Identifier, Name, Organisation, PendingTie, Tie
from maillage.register.name_list import NAMES, check_not_current, follow_current_names
from maillage.register.row_types import ORGANISATION
from maillage.register.search_documents import organisation_documents, visible_organisations
from maillage.register.vocabulary import MEMBERSHIP_KINDS
from maillage.search.finders import make_finder, register_finder

register_finder(
    make_finder(
        "organisations",
        Organisation,
        organisation_documents,
        {
            Name: ("organisation_id",),
            PendingTie: ("subject_id",),
            Identifier: ("organisation_id",),
            Tie: ("subject_id", "object_id"),
        },
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


@follows("core.record_fact", "core.correct_fact", "core.end_fact")
def follow_names(*, value: object, **_others: object) -> None:
    """Let an organisation be called as its names say, once one of them is written by itself."""
    if isinstance(value, Name):
        follow_current_names(value.organisation)


@follows("core.withdraw_fact")
def keep_current_name(*, value: WithdrawnFact, **_others: object) -> None:
    """Refuse that the name which an organisation bears now is withdrawn."""
    if value.list_name != NAMES.name:
        return
    organisation = ORGANISATION.find(value.row["of"])
    if isinstance(organisation, Organisation):
        row = NAMES.read({key: text for key, text in value.row.items() if key in ("of", "text", "kind", "language")})
        check_not_current(organisation, row.kind, row.language, row.text)
