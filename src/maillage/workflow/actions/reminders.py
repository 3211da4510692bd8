"""Reminders."""

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
    """Raise the reminders of a case that are due at `at`, each once; returns how many.

    A case that goes on by itself once its delay has ended is then taken on.
    """
    case, raised = lock_case(case_id), 0
    while (clock := case.clock) and (found := clock.next_reminder(raised_offsets(case))) and found[1] <= at:
        Reminder.objects.create(case=case, entered_at=clock.start, offset=found[0], raised_at=at)
        send_case_notice(case_notice(case, "reminder", clock.deadline.remind, at, offset=found[0]))
        raised += 1
    if not (clock and clock.then_at and clock.then_at <= at and _try_automatic_transition(case, actor, at)):
        schedule_reminder(case, after=at)
        case.save(update_fields=["remind_at"])
    return raised


def _try_automatic_transition(case: Case, actor: Actor, at: dt.datetime) -> bool:
    """Whether the case could be taken on by itself; where a condition does not hold, it waits for whoever must act."""
    then = case.clock.deadline.then if case.clock else None
    if then is None:
        return False
    try:
        with transaction.atomic():
            apply_transition(actor=actor, at=at, case_id=case.pk, transition=then.transition)
    except (ActionError, ActionForbiddenError) as refused:
        log.warning("Case %s could not go on by “%s”: %s", case.pk, then.transition, refused)
        return False
    return True
