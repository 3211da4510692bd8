"""What can be done with labels: here, about the keys that sign badges; what becomes of an award is in `terms`."""

import datetime as dt

from django.db import connection
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import Reason, action
from maillage.core.actors import OFFICER, Actor
from maillage.labels.models import SigningKey
from maillage.labels.signing_keys import create_signing_key, current_signer

_LOCK_NUMBER = 0x6261646765


@action(title=gettext_lazy("Make the first key that signs badges"), over_api=False)
def create_first_badge_key(*, actor: Actor, at: dt.datetime) -> None:
    """Make a key where none can sign; two that ask at the same moment get one."""
    _lock_keys()
    if current_signer() is None:
        create_signing_key(at)


@action(OFFICER, title=gettext_lazy("Change the key that signs badges"))
def change_badge_key(*, actor: Actor, at: dt.datetime, reason: Reason, leaked: bool = False) -> str:
    """Badges are signed by a new key from now on; its thumbprint.

    What earlier keys signed stays good, unless they `leaked`: then none of it is believed any more. Raises `ActionError`
    without a reason.
    """
    _lock_keys()
    if leaked:
        SigningKey.objects.update(leaked=True)
    return create_signing_key(at).thumbprint


def _lock_keys() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_NUMBER])
