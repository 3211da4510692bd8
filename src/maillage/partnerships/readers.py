"""Who may read who asks, what they attached, and what was said about a need."""

from maillage.kernel.files.actions import hand_on
from maillage.partnerships.models import Address, AddressRole, Answer, Need, Rating, Requester, TeamRequest


def let_know_who_asks(need: Need, bodies: set[int]) -> None:
    """Let bodies (ids) read who states a need, and the files that came with it."""
    requester = Requester.objects.select_for_update().filter(need=need).first()
    if requester:
        requester.readers = sorted({*requester.readers, *bodies})
        requester.save(update_fields=["readers"])
    hand_on(Need.kind_name(), need.pk, bodies)


def let_answer(need: Need, bodies: set[int]) -> None:
    """The same for bodies that answer the need from now on: they read what teams said and what was answered before."""
    let_know_who_asks(need, bodies)
    for model in (Answer, Rating, TeamRequest):
        for row in model.objects.filter(need=need):
            row.readers = sorted({*row.readers, *bodies})
            row.save(update_fields=["readers"])


def answering(need: Need) -> list[int]:
    """The bodies (ids) that deal with a need: addressees that have not passed it on, and networks drawn in."""
    held = Address.objects.filter(need=need)
    waiting = held.filter(role=AddressRole.ADDRESSEE, dealt_at=None) | held.filter(role=AddressRole.NETWORK)
    return sorted(waiting.values_list("organisation_id", flat=True))


def having_answered(need: Need) -> list[int]:
    """The bodies (ids) that deal with a need or have dealt with it."""
    held = Address.objects.filter(need=need).exclude(role=AddressRole.ASKED)
    return sorted(held.values_list("organisation_id", flat=True))
