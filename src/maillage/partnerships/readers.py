"""Who may read who asks, and what they attached."""

from maillage.kernel.files.actions import hand_on
from maillage.partnerships.models import Need, Requester


def let_know_who_asks(need: Need, bodies: set[int]) -> None:
    """Let bodies (ids) read who states a need, and the files that came with it."""
    requester = Requester.objects.select_for_update().filter(need=need).first()
    if requester:
        requester.readers = sorted({*requester.readers, *bodies})
        requester.save(update_fields=["readers"])
    hand_on(Need.kind_name(), need.pk, bodies)
