"""Capacities."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy

from maillage.core.action_registry import action
from maillage.core.actors import LEAD, MANAGER, OFFICER, Actor
from maillage.offers.models import Capacity


def _organisation_id(*, organisation_id: int, **_others: Any) -> Iterable[int]:
    return [organisation_id]


@action(LEAD, MANAGER, OFFICER, title=gettext_lazy("Say when one can take work"), concerns=_organisation_id)
def say_capacity(
    *,
    actor: Actor,
    at: dt.datetime,
    organisation_id: int,
    free_from: dt.date | None = None,
    note_fr: str = "",
    note_en: str = "",
) -> Capacity:
    """The body can take work from a day on; at once where none is given."""
    values = {"free_from": free_from, "note_fr": note_fr.strip()[:300], "note_en": note_en.strip()[:300], "said_at": at}
    said: Capacity = Capacity.objects.update_or_create(organisation_id=organisation_id, defaults=values)[0]
    return said
