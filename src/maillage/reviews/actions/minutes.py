"""Minutes of a panel session."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.models import Call
from maillage.calls.queries import operators_of_call
from maillage.core.action_registry import ActionError, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, Actor
from maillage.reviews.models import Minutes

_MAX_PERSONS, _MAX_NAME_LENGTH = 200, 200


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Make the minutes of a panel"), concerns=operators_of_call)
def make_minutes(*, actor: Actor, at: dt.datetime, call_id: int, present: list[str]) -> Minutes:
    """Save who was present; the minutes then show the call as it is at this moment, for good.

    Raises `ActionError` where nobody is named, or more than 200, or a name is longer than 200 characters.
    """
    names = list(dict.fromkeys(" ".join(name.split()) for name in present if name.strip()))
    if not 1 <= len(names) <= _MAX_PERSONS or any(len(name) > _MAX_NAME_LENGTH for name in names):
        raise ActionError(_("Name who was present, one person a line: 1 to 200 names of up to 200 characters."))
    call = Call.objects.select_related("label").get(pk=call_id)
    return Minutes.objects.create(call=call, at=at, by=actor.name, present=names, operator_ids=call.operator_ids)
