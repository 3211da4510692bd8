"""Helpers of the charter's actions: lock a follow-up, find a commitment, check a file."""

import datetime as dt

from django.utils.translation import gettext as _

from maillage.charter.charter_document import Commitment
from maillage.charter.models import FollowUp
from maillage.charter.queries import charter_version_of
from maillage.core.action_registry import ActionError
from maillage.core.actors import LEAD, MANAGER, OFFICER, PILOT
from maillage.files.models import File

HOLDER_ROLES = (MANAGER, LEAD, PILOT, OFFICER)


def lock_follow_up(follow_up_id: int) -> FollowUp:
    """The follow-up, locked until the transaction ends."""
    rows = FollowUp.objects.select_for_update(of=("self",)).select_related("holder", "label")
    follow_up: FollowUp = rows.get(pk=follow_up_id)
    return follow_up


def get_commitment(follow_up: FollowUp, key: str, day: dt.date) -> Commitment:
    """The commitment of a key in the version that applies on a day. Raises `ActionError` where there is none."""
    commitment = charter_version_of(follow_up, day).document.commitment(key)
    if commitment is None:
        raise ActionError(_("The charter has no commitment “%s”.") % key[:60])
    return commitment


def refuse_unknown_file(follow_up: FollowUp, digest: str) -> None:
    """Raise `ActionError` for a file that is not attached to the follow-up."""
    attached = File.objects.filter(record_kind=FollowUp.kind_name(), record_id=follow_up.pk, content__digest=digest)
    if digest and not attached.exists():
        raise ActionError(_("No file of this digest is attached to the follow-up; attach it first."))
