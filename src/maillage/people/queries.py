"""Who a person is to the site: the mandates held, and the actor made of the one in use."""

import datetime as dt
import functools
import operator
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from maillage.kernel.actors import MANAGER, OFFICER, PUBLIC, READER, Acting, Actor
from maillage.kernel.processes import queries as processes
from maillage.kernel.processes.models import Case, waits_for
from maillage.kernel.scope import everything
from maillage.people import reach
from maillage.people.factors import has_second_factor
from maillage.people.models import Invitation, Mandate, MandateQuerySet, User
from maillage.register.models import Organisation, Tie
from maillage.register.queries import NETWORK_BOUND
from maillage.register.vocabulary import ManagedBy

COUNTED = 100
_MOST = 200


def mandates_of(person: User, day: dt.date) -> list[Mandate]:
    """The mandates a person holds on a day, by organisation and role."""
    return list(_in_order(_held(person, day).select_related("delegated_from__person")))


def mandates(*, actor: Actor) -> MandateQuerySet:
    """The mandates this actor may read: one's own, those delegated from them, those of the bodies one manages."""
    found: MandateQuerySet = Mandate.objects.all()
    own = Q(person=actor.user_id or 0) | Q(delegated_from__person=actor.user_id or 0)
    return found if actor.is_officer else found.filter(own | Q(organisation__in=_managed(actor)))


def invitations(*, actor: Actor) -> QuerySet[Invitation]:
    """The invitations this actor may read: those to act for the bodies one manages."""
    found = Invitation.objects.all()
    return found if actor.is_officer else found.filter(organisation__in=_managed(actor))


def manages(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor sees and changes who acts for an organisation: its managers, and officers of the site."""
    return actor.is_officer or organisation.pk in _managed(actor)


def _managed(actor: Actor) -> frozenset[int]:
    return actor.reach if actor.acting and actor.acting.role == MANAGER else frozenset()


def _held(person: User, day: dt.date) -> MandateQuerySet:
    held: MandateQuerySet = Mandate.objects.on(day).filter(person=person)
    return held


def _in_order(mandates: MandateQuerySet) -> MandateQuerySet:
    return mandates.select_related("organisation").order_by("organisation__sort_name", "role", "id")[:_MOST]


def actor_of(user: Any, at: dt.datetime, mandate_id: int | None = None) -> Actor:
    """The actor behind a request's user with the mandate chosen; the public where nobody is signed in.

    A mandate that the person does not hold on that day is as if none had been chosen.
    """
    if not (isinstance(user, User) and user.is_active):
        return PUBLIC
    return as_person(user, _acting(user, timezone.localdate(at), mandate_id) if mandate_id else None)


def as_person(user: User, acting: Acting | None = None, *, only_mandate: bool = False) -> Actor:
    """The actor that a person is to the site, within a mandate or none.

    `only_mandate` leaves out what the person may do as an officer of the site.
    """
    return Actor(user.name, frozenset({READER}) if only_mandate else _site_roles(user), user.pk, acting)


def _site_roles(user: User) -> frozenset[str]:
    # A second factor that is required and not there leaves the officer out too.
    return frozenset({READER, OFFICER} if user.is_officer and not lacks_second_factor(user) else {READER})


def lacks_second_factor(user: User) -> bool:
    """Whether this officer must set up a second factor before anything else."""
    return settings.SECOND_FACTOR == "required" and user.is_officer and not has_second_factor(user)


def _acting(user: User, day: dt.date, mandate_id: int) -> Acting | None:
    # Who somebody is must be known before it can be said what he reads.
    with everything():
        held = _held(user, day).filter(pk=mandate_id).select_related("organisation")
        chosen = held.annotate(**reach.opened(day)).first()
    return reach.acting(chosen, chosen) if chosen else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many running cases wait for a person, and how many of them are overdue; by a mandate, where one is named."""

    count: int = 0
    overdue: int = 0
    mandate: Mandate | None = None


def waiting_for(user: User, at: dt.datetime) -> Waiting:
    """What waits for a person by all mandates held, in use or not, so that nothing is missed; each case counts once.

    Neither number goes beyond `COUNTED` + 1, which stands for any above `COUNTED`.
    """
    day = timezone.localdate(at)
    with everything():
        held = _held(user, day).annotate(**reach.managed(day)).only("role", "organisation")
        ways = [waits_for(role, bodies) for role, bodies in _reach_by_role(held.order_by("id")[:_MOST])]
        site = Q(roles__overlap=sorted(_site_roles(user)))
        found = processes.by_urgency(Case.objects.running().filter(functools.reduce(operator.or_, ways, site)))
        due = list(found.values_list("due_at", flat=True)[: COUNTED + 1])
    return Waiting(len(due), sum(1 for one in due if one and one < at))


def _reach_by_role(held: Iterable[Mandate]) -> Iterable[tuple[str, set[int]]]:
    found: dict[str, set[int]] = defaultdict(set)
    for mandate in held:
        found[mandate.role] |= reach.reach_of(mandate, mandate)
    return found.items()


def waiting_by_mandate(user: User, at: dt.datetime) -> list[Waiting]:
    """What waits for a person by each mandate held, for those by which anything does; by organisation and role."""
    day = timezone.localdate(at)
    with everything():
        held = list(_in_order(_held(user, day).annotate(**reach.managed(day))))
        counts = Case.objects.running().aggregate(**dict(_counts(held, at)))
    found = [Waiting(counts[f"all_{one.pk}"], counts[f"overdue_{one.pk}"], one) for one in held]
    return [one for one in found if one.count]


def _counts(held: list[Mandate], at: dt.datetime) -> Iterator[tuple[str, Count]]:
    for one in held:
        waits = waits_for(one.role, reach.reach_of(one, one))
        yield f"all_{one.pk}", Count("pk", filter=waits)
        yield f"overdue_{one.pk}", Count("pk", filter=waits & Q(due_at__lt=at))


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
