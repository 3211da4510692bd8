"""Who a person is to the site: the mandates held, and the actor made of the one in use."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from maillage.kernel.actors import MANAGER, OFFICER, PUBLIC, READER, Acting, Actor
from maillage.kernel.processes import queries as processes
from maillage.kernel.scope import everything
from maillage.people.factors import has_second_factor
from maillage.people.models import Mandate, User
from maillage.register.models import Tie
from maillage.register.queries import NETWORK_BOUND, members_of_any, networks_of
from maillage.register.vocabulary import ManagedBy

_COUNTED = 100


def mandates_of(person: User, day: dt.date) -> list[Mandate]:
    """The mandates a person holds on a day, by organisation and role."""
    held = Mandate.objects.on(day).filter(person=person).select_related("organisation", "delegated_from__person")
    return list(held.order_by("organisation__sort_name", "role", "id")[:200])


def actor_of(user: Any, at: dt.datetime, mandate_id: int | None = None, *, only_mandate: bool = False) -> Actor:
    """The actor behind a request's user with the mandate chosen; the public where nobody is signed in.

    A mandate that the person does not hold on that day is as if none had been chosen. `only_mandate` leaves out what
    the person may do as an officer of the site, as does a second factor that is required and not there.
    """
    if not (isinstance(user, User) and user.is_active):
        return PUBLIC
    officer = user.is_officer and not only_mandate and not lacks_second_factor(user)
    roles = frozenset({READER, OFFICER} if officer else {READER})
    return Actor(user.name, roles, user.pk, _acting(user, timezone.localdate(at), mandate_id) if mandate_id else None)


def lacks_second_factor(user: User) -> bool:
    """Whether this officer must set up a second factor before anything else."""
    return settings.SECOND_FACTOR == "required" and user.is_officer and not has_second_factor(user)


def _acting(user: User, day: dt.date, mandate_id: int) -> Acting | None:
    # Who somebody is must be known before it can be said what he reads.
    with everything():
        chosen = Mandate.objects.on(day).filter(person=user, pk=mandate_id).select_related("organisation").first()
        return acting(chosen, day) if chosen else None


def acting(mandate: Mandate, day: dt.date) -> Acting:
    """What a mandate opens on a day."""
    own = {mandate.organisation_id}
    return Acting(
        mandate_id=mandate.pk,
        role=mandate.role,
        organisation_id=mandate.organisation_id,
        organisation=mandate.organisation.short_name,
        first_day=mandate.first_day,
        last_day=mandate.last_day,
        reach=frozenset(own | managed_by(mandate.organisation_id, day) if mandate.role == MANAGER else own),
        network=network_of(mandate.organisation_id, day),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many running cases wait for a person by one mandate (or, with none, as what they are to the site)."""

    mandate: Mandate | None
    count: int
    overdue: int


def waiting_for(user: User, at: dt.datetime) -> list[Waiting]:
    """What waits for a person by each mandate held, in use or not, so that nothing is missed; counted up to 100."""
    roles = frozenset({READER, OFFICER} if user.is_officer else {READER})
    day = timezone.localdate(at)
    with everything():
        held: list[Mandate | None] = [None, *mandates_of(user, day)[:_COUNTED]]
        counted = [_waiting(Actor(user.name, roles, user.pk), one, at) for one in held]
    return [one for one in counted if one.count]


def _waiting(person: Actor, mandate: Mandate | None, at: dt.datetime) -> Waiting:
    actor = replace(person, roles=frozenset(), acting=acting(mandate, timezone.localdate(at))) if mandate else person
    found = processes.waiting(actor=actor, at=at).values_list("due_at", flat=True)[:_COUNTED]
    due = list(found)
    return Waiting(mandate, len(due), sum(1 for one in due if one and one < at))


def managed_by(organisation_id: int, day: dt.date) -> set[int]:
    """The organisations for which the managers of this one may act, because a tie surely in force on `day` says so."""
    ties = Tie.objects.certain_on(day)
    below = ties.filter(object=organisation_id, managed_by=ManagedBy.OBJECT).values_list("subject_id", flat=True)
    beside = ties.filter(subject=organisation_id, managed_by=ManagedBy.SUBJECT).values_list("object_id", flat=True)
    return {*below, *beside}


def managers_of(organisation_id: int, day: dt.date) -> set[int]:
    """The organisations whose managers may act for this one on `day`: itself, and those that a tie names."""
    ties = Tie.objects.certain_on(day)
    above = ties.filter(subject=organisation_id, managed_by=ManagedBy.OBJECT).values_list("object_id", flat=True)
    beside = ties.filter(object=organisation_id, managed_by=ManagedBy.SUBJECT).values_list("subject_id", flat=True)
    return {organisation_id, *above, *beside}


def holders(roles: Iterable[str], organisations: Iterable[int], day: dt.date) -> set[int]:
    """The persons who hold one of the roles on `day`: officers of the site, or by a mandate for an organisation."""
    found: set[int] = set()
    if OFFICER in roles:
        found |= set(User.objects.filter(is_officer=True, is_active=True).values_list("pk", flat=True))
    for organisation_id in organisations:
        wanted = Q(organisation=organisation_id, role__in=set(roles) - {MANAGER})
        if MANAGER in roles:
            wanted |= Q(organisation__in=managers_of(organisation_id, day), role=MANAGER)
        held = Mandate.objects.on(day).filter(wanted, person__is_active=True)
        found |= set(held.values_list("person_id", flat=True)[:NETWORK_BOUND])
    return found


def network_of(organisation_id: int, day: dt.date) -> frozenset[int]:
    """The bodies that this one belongs to on `day`, those that belong to it, and those that belong to the same."""
    above = {organisation_id, *networks_of(organisation_id, day)}
    return frozenset(above | members_of_any(above, day))
