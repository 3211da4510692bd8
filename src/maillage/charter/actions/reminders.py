"""Action: send reminders of what is due by a charter."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy

from maillage.charter.due_items import list_due_items
from maillage.charter.models import Reminder
from maillage.charter.notifications import notify_due_items
from maillage.charter.queries import charter_version_of, current_follow_ups
from maillage.core.action_registry import action
from maillage.core.actors import SYSTEM, Actor


@action(title=gettext_lazy("Remind of what is due by a charter"))
def remind(*, actor: Actor, at: dt.datetime, follow_up_id: int) -> int:
    """Remind the holder and the officers of the label of new due items, each once; return their number."""
    day = timezone.localdate(at)
    follow_up = current_follow_ups(actor=SYSTEM, day=day).filter(pk=follow_up_id).first()
    if follow_up is None:
        return 0
    reminded = set(Reminder.objects.filter(follow_up=follow_up).values_list("about", flat=True))
    due_items = list_due_items(follow_up, charter_version_of(follow_up, day).document, day)
    new = [due_item for due_item in due_items if due_item.about not in reminded]
    Reminder.objects.bulk_create(Reminder(follow_up=follow_up, about=due_item.about, sent_at=at) for due_item in new)
    if new:
        notify_due_items(follow_up, new, at=at)
    return len(new)
