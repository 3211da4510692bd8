"""Follow ups."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy

from maillage.charter.models import FollowUp
from maillage.core.action_registry import action
from maillage.core.actors import Actor
from maillage.labels.models import Award


def start_follow_ups(at: dt.datetime) -> int:
    """Follow every award in force of a label with a charter whose holder is a body; how many were not followed yet."""
    day = timezone.localdate(at)
    awards = Award.objects.possible_on(day).filter(label__charter__isnull=False, holder__isnull=False, follow_up=None)
    new = [
        FollowUp(award=one, label_id=one.label_id, holder_id=one.holder_id, begun_on=day)
        for one in awards.order_by("pk")
    ]
    return len(FollowUp.objects.bulk_create(new))


@action(title=gettext_lazy("Follow those who hold a label"))
def begin_follow_ups(*, actor: Actor, at: dt.datetime) -> int:
    """Begin to follow each holder of a label with a charter who is not followed yet; how many."""
    return start_follow_ups(at)
