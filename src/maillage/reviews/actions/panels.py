"""The phases of a panel."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.queries import operators_of_call
from maillage.core.action_registry import ActionError, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.reviews.models import Panel, ReviewPhase


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Open the next phase of a review"), concerns=operators_of_call)
def open_next_phase(*, actor: Actor, at: dt.datetime, call_id: int, phase: str) -> Panel:
    """Open the discussion, in which reviewers see each other's reviews, or close the review; there is no way back.

    Raises `ActionError` for any other phase than the next.
    """
    order = list(ReviewPhase)
    panel: Panel = Panel.objects.select_for_update().get(call=call_id)
    if phase not in ReviewPhase.values or order.index(ReviewPhase(phase)) != order.index(ReviewPhase(panel.phase)) + 1:
        raise ActionError(_("A review goes from independent reviews to the discussion, then it closes."))
    panel.phase = phase
    panel.save()
    return panel
