"""Action: start the follow-up of new holders of a label."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy

from maillage.charter.models import FollowUp
from maillage.core.action_registry import action
from maillage.core.actors import Actor
from maillage.labels.models import Award


def start_follow_ups(at: dt.datetime) -> int:
    """Follow every award, possibly in force and held by an organisation, of a label with a charter; return how many."""
    day = timezone.localdate(at)
    awards = Award.objects.possible_on(day).filter(label__charter__isnull=False, holder__isnull=False, follow_up=None)
    new = [
        FollowUp(award=award, label_id=award.label_id, holder_id=award.holder_id, begun_on=day)
        for award in awards.order_by("pk")
        if award.holder_id is not None
    ]
    return len(FollowUp.objects.bulk_create(new))


@action(title=gettext_lazy("Follow those who hold a label"))
def begin_follow_ups(*, actor: Actor, at: dt.datetime) -> int:
    """Start the follow-up of each holder of a label with a charter who has none; return their number."""
    return start_follow_ups(at)
