"""Actions on the keys that sign badges."""

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
    """Create a signing key unless there is one; concurrent calls create one in all."""
    _lock_keys()
    if current_signer() is None:
        create_signing_key(at)


@action(OFFICER, title=gettext_lazy("Change the key that signs badges"))
def change_badge_key(*, actor: Actor, at: dt.datetime, reason: Reason, leaked: bool = False) -> str:
    """Sign badges by a new key from now on; returns its thumbprint.

    Badges signed by earlier keys stay valid, unless these keys `leaked`. Raises `ActionError` without a reason.
    """
    _lock_keys()
    if leaked:
        SigningKey.objects.update(leaked=True)
    return create_signing_key(at).thumbprint


def _lock_keys() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_NUMBER])
