"""Action: send the reminders of a case, and apply its automatic transition."""

import datetime as dt
import logging

from django.db import transaction
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, ActionForbiddenError, action
from maillage.core.actors import Actor
from maillage.workflow.actions.cases import apply_transition
from maillage.workflow.engine import case_notice, lock_case, raised_offsets, schedule_reminder
from maillage.workflow.models import Case, Reminder
from maillage.workflow.signals import send_case_notice

log = logging.getLogger("django.maillage.processes")


@action(title=gettext_lazy("Raise a reminder that is due"))
def remind(*, actor: Actor, at: dt.datetime, case_id: int) -> int:
    """Send the reminders of a case that are due at `at`, each once; return their number.

    Then apply the automatic transition of the case, if its time has come.
    """
    case, sent = lock_case(case_id), 0
    while (clock := case.clock) and (reminder := clock.next_reminder(raised_offsets(case))) and reminder[1] <= at:
        Reminder.objects.create(case=case, entered_at=clock.start, offset=reminder[0], raised_at=at)
        send_case_notice(case_notice(case, "reminder", clock.deadline.remind, at, offset=reminder[0]))
        sent += 1
    if not (clock and clock.then_at and clock.then_at <= at and _try_automatic_transition(case, actor, at)):
        schedule_reminder(case, after=at)
        case.save(update_fields=["remind_at"])
    return sent


def _try_automatic_transition(case: Case, actor: Actor, at: dt.datetime) -> bool:
    """Try the automatic transitions; return whether one was applied. A case that all refuse stays where it is."""
    automatic = case.clock.deadline.then if case.clock else None
    return any(_is_applied(case, name, actor, at) for name in (automatic.in_order if automatic else ()))


def _is_applied(case: Case, transition: str, actor: Actor, at: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            apply_transition(actor=actor, at=at, case_id=case.pk, transition=transition)
    except (ActionError, ActionForbiddenError) as error:
        log.info("Case %s could not go on by “%s”: %s", case.pk, transition, error)
        return False
    return True
