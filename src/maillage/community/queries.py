"""Which organisations are parties to the same agreements."""

from collections import defaultdict
from collections.abc import Collection

from maillage.community.models import Agreement, AgreementParty
from maillage.core.actors import Actor
from maillage.register.collaboration_provider import SharedWork


def shared_agreements(organisation_ids: Collection[int], actor: Actor) -> list[SharedWork]:
    """The agreements to which several of these organisations are parties."""
    seen = Agreement.objects.visible_to(actor).filter(parties__organisation__in=organisation_ids).distinct()
    parties: dict[int, set[int]] = defaultdict(set)
    known = AgreementParty.objects.filter(agreement__in=seen, organisation__isnull=False)
    for agreement, organisation in known.values_list("agreement_id", "organisation_id"):
        parties[agreement].add(organisation)
    shared = (agreement for agreement in seen if len(parties[agreement.pk] & set(organisation_ids)) > 1)
    return [
        SharedWork(frozenset(parties[agreement.pk]), str(agreement), until=agreement.possible.upper)
        for agreement in shared
    ]
