"""Which bodies are parties to the same agreements."""

from collections import defaultdict
from collections.abc import Collection

from maillage.community.models import Agreement, AgreementParty
from maillage.core.actors import Actor
from maillage.register.collaboration_provider import SharedWork


def shared_agreements(bodies: Collection[int], actor: Actor) -> list[SharedWork]:
    """The agreements to which several of these bodies are parties."""
    seen = Agreement.objects.visible_to(actor).filter(parties__organisation__in=bodies).distinct()
    parties: dict[int, set[int]] = defaultdict(set)
    known = AgreementParty.objects.filter(agreement__in=seen, organisation__isnull=False)
    for agreement, organisation in known.values_list("agreement_id", "organisation_id"):
        parties[agreement].add(organisation)
    shared = (one for one in seen if len(parties[one.pk] & set(bodies)) > 1)
    return [SharedWork(frozenset(parties[one.pk]), str(one), until=one.possible.upper) for one in shared]
