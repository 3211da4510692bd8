"""The action by which an organisation says when it can take work."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext_lazy

from maillage.core.action_registry import action
from maillage.core.actors import LEAD, MANAGER, OFFICER, Actor
from maillage.core.partial_updates import UNSET, Unset, present_values, strip_text
from maillage.offers.models import Capacity

MAX_NOTE_LENGTH = 300


def _organisation_id(*, organisation_id: int, **_others: object) -> Iterable[int]:
    return [organisation_id]


@action(LEAD, MANAGER, OFFICER, title=gettext_lazy("Say when one can take work"), concerns=_organisation_id)
def say_capacity(
    *,
    actor: Actor,
    at: dt.datetime,
    organisation_id: int,
    free_from: dt.date | Unset | None = UNSET,
    note_fr: str | Unset = UNSET,
    note_en: str | Unset = UNSET,
) -> Capacity:
    """Record from which day on an organisation can take work; at once where `free_from` is `None`."""
    notes = {"note_fr": strip_text(note_fr, MAX_NOTE_LENGTH), "note_en": strip_text(note_en, MAX_NOTE_LENGTH)}
    values = present_values(free_from=free_from, **notes, said_at=at)
    capacity: Capacity = Capacity.objects.update_or_create(organisation_id=organisation_id, defaults=values)[0]
    return capacity
