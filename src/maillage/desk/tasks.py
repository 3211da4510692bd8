"""Each morning of the week, before the digests are sent: announce the desks."""

import logging

from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.core.actors import SYSTEM
from maillage.desk.actions.morning import announce_desk
from maillage.people.models import Mandate, User

log = logging.getLogger(__name__)


@app.periodic(cron="45 4 * * 1-5")
@app.task(name="desk.announce_desks", queueing_lock="desk.announce_desks")
def announce_desks(timestamp: int) -> int:
    """Announce the desk of each person who holds a mandate or is an officer; return for how many something waits."""
    at = timezone.now()
    held = Mandate.objects.on(timezone.localdate(at)).values("person")
    persons = User.objects.filter(Q(is_officer=True) | Q(pk__in=held), is_active=True)
    return sum(_announce(person_id) for person_id in persons.order_by("pk").values_list("pk", flat=True))


def _announce(person_id: int) -> bool:
    try:
        return announce_desk(actor=SYSTEM, at=timezone.now(), person_id=person_id)
    except Exception:
        # One desk must not keep the others waiting.
        log.exception("The desk of the person %s could not be announced", person_id)
        return False
