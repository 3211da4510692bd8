"""Labels for rooms that do not depend on this one, and the notice that follows a corrected or ended award."""

import datetime as dt
from collections.abc import Mapping

from maillage.core.action_registry import follows
from maillage.core.actors import Actor
from maillage.labels.models import Award
from maillage.labels.notifications import notify_award_term
from maillage.labels.queries import holders_on, labels_by_holder, list_labels
from maillage.register.label_provider import register_label_provider

register_label_provider(labels_by_holder, list_labels, holders_on)
_TERM = frozenset({"from", "to"})


@follows("core.end_fact", "core.correct_fact")
def notify_of_written_term(
    *, actor: Actor, at: dt.datetime, value: object, arguments: Mapping[str, object], **_others: object
) -> None:
    """Notify those who act for the holder when the term of an award is ended or corrected as a fact."""
    values = arguments.get("values")
    if isinstance(value, Award) and (not isinstance(values, Mapping) or _TERM & values.keys()):
        notify_award_term(value, str(arguments["reason"]), actor=actor, at=at)
