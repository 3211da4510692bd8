"""The desk of each person, announced each morning."""

import datetime as dt

from django.utils.translation import gettext_lazy

from maillage.core.action_registry import action
from maillage.core.actors import Actor
from maillage.desk.models import RowOwner
from maillage.desk.notifications import DESK_NOTICES, notify_desk
from maillage.desk.queries import read_desk
from maillage.notifications.models import Notice
from maillage.people.models import User


@action(title=gettext_lazy("Announce a desk"), over_api=False)
def announce_desk(*, actor: Actor, at: dt.datetime, person_id: int) -> bool:
    """Tell a person what waits on their desk, in place of what was said before; return whether anything waits.

    Rows that the person took care of and that have ended are given back: a row on a subject comes again.
    """
    person = User.objects.get(pk=person_id)
    _give_back_ended_rows(person, at)
    Notice.objects.filter(person_id=person_id, kind=DESK_NOTICES.name).delete()
    return notify_desk(person, at)


def _give_back_ended_rows(person: User, at: dt.datetime) -> None:
    """Forget that a person takes care of rows that are not on their desk any more."""
    desk = read_desk(person, at)
    rows = [*desk.rows, *(row for row, _until in desk.snoozed)]
    waiting = {(row.kind, row.number) for row in rows}
    # Of some kinds the desk may hold the first rows only: one that is missing there may still wait.
    for own in RowOwner.objects.filter(owner=person).exclude(kind__in=desk.cut):
        if (own.kind, own.number) not in waiting:
            own.delete()
