"""The action that undoes a correction or an end."""

import datetime as dt
import uuid

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actions.facts import (
    WRITERS,
    correct_fact,
    find_fact,
    list_for,
    organisations_of_fact,
)
from maillage.core.actors import Actor
from maillage.core.models import Citation, LastingKey
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.past_changes import PastChange, past_change


@action(*WRITERS, title=gettext_lazy("Undo a change of a fact"), concerns=organisations_of_fact)
def undo_change(
    *, actor: Actor, at: dt.datetime, list_name: str, fact_id: str, change_id: str, reason: Reason
) -> LastingKey:
    """Write the fields that a correction or an end changed as they were before; the sources that it added go with it.

    `change_id` is that of the entry in the history. Raises `ActionError` if a later change touched the same fields.
    """
    fact_list = list_for(actor, at, list_name)
    record = find_fact(fact_list, actor, fact_id)
    change = find_change(fact_list, record, change_id)
    if conflicts := change.conflicts(fact_list.to_row(record)):
        names = ", ".join(str(field.title) for field in conflicts)
        raise ActionError(_("A later change touched this too: %s. Undo that one first, or correct the fact.") % names)
    values = change.values_before()
    corrected = correct_fact(actor=actor, at=at, list_name=list_name, fact_id=fact_id, values=values, reason=reason)
    Citation.objects.filter(pk__in=change.citation_ids).delete()
    return corrected


def find_change(fact_list: AnyFactList, record: Model, change_id: str) -> PastChange:
    """The change with this id in the history of a record. Raises `ActionError` if there is none that can be undone."""
    try:
        change = past_change(fact_list, record, uuid.UUID(change_id))
    except ValueError as error:
        raise ActionError(_("The history has no such change; reload the page.")) from error
    if change is None:
        raise ActionError(_("This is not a change that can be undone: a fact that never was so is withdrawn."))
    if not change.fields:
        raise ActionError(_("This change touched nothing that a correction writes."))
    return change
