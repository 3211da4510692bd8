"""Actions that settle and reopen contradictions."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import OFFICER, Actor
from maillage.core.models import Contradiction

_CONTRADICTION = ("core.contradiction", "contradiction_id")


@action(OFFICER, title=gettext_lazy("Settle a contradiction"), changes=_CONTRADICTION)
def settle_contradiction(
    *, actor: Actor, at: dt.datetime, contradiction_id: int, side: str, reason: Reason
) -> Contradiction:
    """Accept one side (`a` or `b`) as true, with a reason; the other side stays visible.

    Raises `ActionError` if the contradiction is settled already.
    """
    contradiction: Contradiction = Contradiction.objects.select_for_update().get(pk=contradiction_id)
    if not contradiction.is_open:
        raise ActionError(_("This contradiction is settled already; reopen it first."))
    if side not in ("a", "b"):
        raise ActionError(_("Choose one of the two sides."))
    contradiction.settled_side, contradiction.settled_reason = side, reason
    contradiction.settled_by, contradiction.settled_at = actor.name, at
    contradiction.save()
    return contradiction


@action(OFFICER, title=gettext_lazy("Reopen a contradiction"), changes=_CONTRADICTION)
def reopen_contradiction(*, actor: Actor, at: dt.datetime, contradiction_id: int, reason: Reason) -> Contradiction:
    """Undo a settlement, which stays in the history."""
    contradiction: Contradiction = Contradiction.objects.select_for_update().get(pk=contradiction_id)
    contradiction.settled_side = contradiction.settled_reason = contradiction.settled_by = ""
    contradiction.settled_at = None
    contradiction.save()
    return contradiction
