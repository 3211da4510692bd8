"""What the site holds of persons beside their accounts; each room says its own, for the export and for the erasure.

hold(Held("tokens", ApiToken, "person", ("name", "created_at", "expires_at")))     # goes with the account
name(Contradiction, "settled_by")                                                 # a name that is then forgotten
"""

from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.db import models

from maillage.kernel.actors import FORMER
from maillage.kernel.history import tracked_models
from maillage.kernel.models import Contradiction, Grant
from maillage.kernel.notices.models import Notice, Preference
from maillage.kernel.processes.models import CaseStep, ProcessDefinition
from maillage.people.models import User

_BOUND = 1_000


@dataclass(frozen=True, slots=True)
class Held:
    """Rows that belong to a person alone: what of them is told, and whether they go with the account."""

    title: str
    model: type[models.Model]
    person: str
    fields: tuple[str, ...]
    goes: bool = True

    def of(self, user: User) -> list[dict[str, Any]]:
        """The rows of a person as plain values."""
        rows = self.model._base_manager.filter(**{self.person: user}).order_by("pk").values(*self.fields)
        return [{key.replace("__", "_"): value for key, value in row.items()} for row in rows[:_BOUND]]


HELD: list[Held] = []
_NAMING: list[tuple[type[models.Model], str]] = []


def hold(held: Held) -> None:
    """Make rows of persons known."""
    HELD.append(held)


def name(model: type[models.Model], field: str) -> None:
    """Make known that a field of a tracked table gives the name of whoever wrote it."""
    _NAMING.append((model, field))


hold(Held("notices", Notice, "person", ("kind", "subject_en", "body_en", "created_at", "read_at", "mailed_at")))
hold(Held("choices", Preference, "person", ("kind", "pace")))
hold(Held("named_for", Grant, "person", ("record_kind", "record_id")))
name(Contradiction, "settled_by")
name(CaseStep, "actor")
name(ProcessDefinition, "author")


def forget(user: User) -> None:
    """Remove what belongs to the person alone, and their name where they wrote something, now and in its history.

    Must run while the history still knows what was written by whom.
    """
    for held in HELD:
        if held.goes:
            held.model._base_manager.filter(**{held.person: user}).delete()
    events = dict(tracked_models())
    for model, field in _NAMING:
        written = events[model]._default_manager.filter(**{field: user.name, "pgh_context__metadata__user": user.pk})
        ids = set(written.values_list("id", flat=True))
        # What is published or done is never changed otherwise.
        with pgtrigger.ignore():
            model._base_manager.filter(pk__in=ids, **{field: user.name}).update(**{field: FORMER})
        events[model]._default_manager.filter(id__in=ids, **{field: user.name}).update(**{field: FORMER})
