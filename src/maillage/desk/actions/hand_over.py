"""Handing over all that a person takes care of: by that person, or by a manager when a mandate ends."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import MANAGER, OFFICER, READER, Actor
from maillage.desk.actions.rows import give_rows, person_of
from maillage.desk.notifications import notify_given
from maillage.desk.queries import owned_rows, persons_who_may_act
from maillage.people.models import Mandate, User
from maillage.people.queries import active_mandates, role_holders


@dataclass(frozen=True, slots=True)
class HandOver:
    """What was handed over to whom: the number of rows, and the titles of those that the person may not deal with."""

    person: User
    number: int
    left: list[str]


def _organisation_of_mandate(*, mandate_id: int, **_others: object) -> list[int]:
    return list(Mandate.objects.filter(pk=mandate_id).values_list("organisation_id", flat=True))


@action(READER, title=gettext_lazy("Hand over all that one takes care of"), over_api=False)
def hand_over_desk(*, actor: Actor, at: dt.datetime, person_id: int, reason: Reason) -> HandOver:
    """Give all rows that the actor takes care of to a colleague, who is told; rows put off too.

    What the colleague may not deal with stays. Raises `ActionError` where nothing can be handed over.
    """
    rows = owned_rows(person_of(actor), at)
    may_act = persons_who_may_act(rows, timezone.localdate(at)).get(person_id, set())
    given = [row for row in rows if row.key in may_act]
    if not given or person_id == actor.user_id:
        raise ActionError(_("This person may deal with nothing that you take care of; choose another colleague."))
    give_rows(given, person_id, at)
    notify_given([row.title for row in given], person_id, actor, at, reason)
    return HandOver(User.objects.get(pk=person_id), len(given), [row.title for row in rows if row.key not in may_act])


@action(OFFICER, MANAGER, title=gettext_lazy("Hand over what a colleague takes care of"), over_api=False,
        concerns=_organisation_of_mandate)  # fmt: skip
def hand_over_mandate(*, actor: Actor, at: dt.datetime, mandate_id: int, person_id: int, reason: Reason) -> HandOver:
    """Give what the holder of a mandate takes care of by it to somebody who holds the same role there.

    What the holder takes care of by another mandate stays. Raises `ActionError` for a person without that role.
    """
    mandate = Mandate.objects.select_related("person").get(pk=mandate_id)
    day = timezone.localdate(at)
    if person_id not in colleagues_by_mandate([mandate], day)[mandate.pk]:
        raise ActionError(_("This person does not hold the same mandate; choose another colleague."))
    reach = _reach(mandate, day)
    owned = (row for row in owned_rows(mandate.person, at) if mandate.role in row.roles)
    rows = [row for row in owned if row.organisation_id in reach]
    give_rows(rows, person_id, at)
    if rows:
        words = _("%(name)s took care of these until now.") % {"name": mandate.person.name}
        notify_given([words], person_id, actor, at, reason, len(rows))
    return HandOver(User.objects.get(pk=person_id), len(rows), [])


def colleagues_by_mandate(mandates: Collection[Mandate], day: dt.date) -> dict[int, set[int]]:
    """By mandate (id), the ids of those who hold the same role for its organisation, without its own person."""
    holders = role_holders({mandate.organisation_id for mandate in mandates}, day)
    return {
        mandate.pk: holders.get((mandate.role, mandate.organisation_id), set()) - {mandate.person_id}
        for mandate in mandates
    }


def _reach(mandate: Mandate, day: dt.date) -> Collection[int | None]:
    acting = next((one for one in active_mandates(mandate.person, day) if one.mandate_id == mandate.pk), None)
    return acting.reach if acting else {mandate.organisation_id}
