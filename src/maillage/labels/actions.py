"""What can be done with labels: here, about the keys that sign badges; what becomes of an award is in `terms`."""

import datetime as dt

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.kernel.actions import Impossible, action
from maillage.kernel.actors import OFFICER, Actor
from maillage.labels import terms  # noqa: F401 - actions of this room
from maillage.labels.keys import make_key, signer
from maillage.labels.models import SigningKey

_LOCK = 0x6261646765


@action(title=gettext_lazy("Make the first key that signs badges"), over_api=False)
def first_badge_key(*, actor: Actor, at: dt.datetime) -> None:
    """Make a key where none can sign; two that ask at the same moment get one."""
    _one_at_a_time()
    if signer() is None:
        make_key(at)


@action(OFFICER, title=gettext_lazy("Change the key that signs badges"))
def change_badge_key(*, actor: Actor, at: dt.datetime, reason: str, leaked: bool = False) -> str:
    """Badges are signed by a new key from now on; its thumbprint.

    What earlier keys signed stays good, unless they `leaked`: then none of it is believed any more. Raises `Impossible`
    without a reason.
    """
    if not reason.strip():
        raise Impossible(_("Give the reason."))
    _one_at_a_time()
    if leaked:
        SigningKey.objects.update(leaked=True)
    return make_key(at).thumbprint


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
