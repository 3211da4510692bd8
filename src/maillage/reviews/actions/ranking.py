"""Moves of the panel in the ranking."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.models import Application, Call
from maillage.calls.queries import operators_of_application
from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.reviews.models import Decision, RankingMove
from maillage.reviews.ranking import RankingRow, call_ranking, order_fingerprint


@action(
    LABEL_OFFICER, OFFICER, title=gettext_lazy("Place an application in the ranking"), concerns=operators_of_application
)
def place_application(
    *, actor: Actor, at: dt.datetime, application_id: int, place: int, reason: Reason, base: str = ""
) -> RankingMove:
    """Move an application to a place of the ranking, in the order that was read (`base`, empty for any).

    A tied application may be put in its own place, which breaks the tie. Raises `ActionError` without a reason, for a
    place that is not in the list or where the application already is, once the call is decided, or where somebody has
    moved an application in the meantime.
    """
    application = Application.objects.select_related("version__call__label").get(pk=application_id)
    # Lock the call: its applications are moved one at a time.
    call = Call.objects.select_for_update(of=("self",)).select_related("label").get(pk=application.version.call_id)
    lines = call_ranking(call)
    _refuse_move(call, lines, application_id, place, base)
    stood = next(line for line in lines if line.application.pk == application_id)
    return RankingMove.objects.create(
        application=application, place=place, was=stood.position, reason=reason, at=at, by=actor.name,
        operator_ids=call.operator_ids,
    )  # fmt: skip


def _refuse_move(call: Call, lines: Sequence[RankingRow], application_id: int, place: int, base: str) -> None:
    if base and base != order_fingerprint(lines):
        raise ActionError(
            _("Somebody has moved an application in the meantime: read the order as it is now, then move again.")
        )
    stood = next((line for line in lines if line.application.pk == application_id), None)
    if stood is None:
        raise ActionError(_("This application has not been sent."))
    if not 1 <= place <= len(lines):
        raise ActionError(_("Give a place from 1 to %d.") % len(lines))
    if place == stood.position and not stood.tied:
        raise ActionError(_("The application is already in this place."))
    if Decision.objects.filter(application__version__call=call).exclude(decided_at=None).exists():
        raise ActionError(_("The call is decided; its ranking stays as it is."))
