"""The delay within which an organisation promises to answer needs."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, action
from maillage.core.actors import MANAGER, OFFICER, PILOT, Actor
from maillage.partnerships.models import AnswerDelay


def _organisation(*, organisation_id: int, **_others: object) -> Iterable[int]:
    return [organisation_id]


@action(MANAGER, PILOT, OFFICER, title=gettext_lazy("Promise a delay of answer"), concerns=_organisation)
def promise_delay(*, actor: Actor, at: dt.datetime, organisation_id: int, working_days: int) -> AnswerDelay:
    """Promise to answer needs within so many working days from now on; open needs keep the delay they began with.

    Raises `ActionError` for a delay that is not 1 to 250 days.
    """
    if not 1 <= working_days <= 250:
        raise ActionError(_("Promise from 1 to 250 working days."))
    today = timezone.localdate(at)
    delays = AnswerDelay.objects.select_for_update().filter(organisation=organisation_id)
    for earlier in delays.possible_on(today).exclude(period_start=today.isoformat()):
        earlier.period_end = (today - dt.timedelta(days=1)).isoformat()
        earlier.save()
    delay: AnswerDelay = delays.filter(period_start=today.isoformat()).first() or AnswerDelay(
        organisation_id=organisation_id, period_start=today.isoformat()
    )
    delay.working_days = working_days
    delay.save()
    return delay
