"""The desk of each person, announced each morning."""

import datetime as dt

from django.utils.translation import gettext_lazy

from maillage.core.action_registry import action
from maillage.core.actors import Actor
from maillage.desk.notifications import DESK_NOTICES, notify_desk
from maillage.notifications.models import Notice
from maillage.people.models import User


@action(title=gettext_lazy("Announce a desk"), over_api=False)
def announce_desk(*, actor: Actor, at: dt.datetime, person_id: int) -> bool:
    """Tell a person what waits on their desk, in place of what was said before; return whether anything waits."""
    Notice.objects.filter(person_id=person_id, kind=DESK_NOTICES.name).delete()
    return notify_desk(User.objects.get(pk=person_id), at)
