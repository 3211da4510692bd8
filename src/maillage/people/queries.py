"""Mandates and invitations that an actor may read, the actor of a user, and the cases that wait for a user."""

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
from django.utils.translation import gettext as _

from maillage.core.actors import MANAGER, OFFICER, PUBLIC, READER, ActiveMandate, Actor
from maillage.core.security.session_scope import read_everything
from maillage.people import mandate_scope
from maillage.people.models import Invitation, Mandate, MandateQuerySet, User
from maillage.people.second_factors import has_second_factor
from maillage.register.models import Organisation, Tie
from maillage.register.queries import NETWORK_LIMIT
from maillage.register.vocabulary import ManagedBy
from maillage.workflow import queries as processes
from maillage.workflow.models import Case, waits_for_q

MAX_COUNTED_CASES = 100
_MAX_MANDATES = 200


def mandates_of(person: User, day: dt.date) -> list[Mandate]:
    """The mandates a person holds on a day, by organisation and role."""
    return list(_in_order(_mandates_on(person, day).select_related("delegated_from__person")))


def mandates(*, actor: Actor) -> MandateQuerySet:
    """The mandates this actor may read: their own, those delegated from them, those of organisations they manage."""
    all_mandates: MandateQuerySet = Mandate.objects.all()
    own_condition = Q(person=actor.user_id or 0) | Q(delegated_from__person=actor.user_id or 0)
    return (
        all_mandates
        if actor.is_officer
        else all_mandates.filter(own_condition | Q(organisation__in=_managed_organisation_ids(actor)))
    )


def invitations(*, actor: Actor) -> QuerySet[Invitation]:
    """The invitations this actor may read: those to act for the organisations they manage."""
    all_invitations = Invitation.objects.all()
    return (
        all_invitations
        if actor.is_officer
        else all_invitations.filter(organisation__in=_managed_organisation_ids(actor))
    )


def manages(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor may read and change the mandates of an organisation: its managers, and officers of the site."""
    return actor.is_officer or organisation.pk in _managed_organisation_ids(actor)


def _managed_organisation_ids(actor: Actor) -> frozenset[int]:
    return actor.reach if actor.acting and actor.acting.role == MANAGER else frozenset()


def _mandates_on(person: User, day: dt.date) -> MandateQuerySet:
    return Mandate.objects.on(day).filter(person=person)


def _in_order(mandates: MandateQuerySet) -> MandateQuerySet:
    return mandates.select_related("organisation").order_by("organisation__sort_name", "role", "id")[:_MAX_MANDATES]


def actor_of(user: Any, at: dt.datetime, mandate_id: int | None = None) -> Actor:
    """The actor behind a request's user with the mandate chosen; the public where nobody is signed in.

    A mandate that the person does not hold on that day is ignored.
    """
    if not (isinstance(user, User) and user.is_active):
        return PUBLIC
    return actor_of_person(user, _acting_by_mandate(user, timezone.localdate(at), mandate_id) if mandate_id else None)


def actor_of_person(user: User, acting: ActiveMandate | None = None, *, only_mandate: bool = False) -> Actor:
    """The actor of a person, with a mandate or none; `only_mandate` leaves out the role of officer of the site."""
    return Actor(user.name, frozenset({READER}) if only_mandate else _site_roles(user), user.pk, acting)


def _site_roles(user: User) -> frozenset[str]:
    # An officer who lacks a required second factor does not have the role.
    return frozenset({READER, OFFICER} if user.is_officer and not lacks_second_factor(user) else {READER})


def lacks_second_factor(user: User) -> bool:
    """Whether this officer must set up a second factor before anything else."""
    return settings.SECOND_FACTOR == "required" and user.is_officer and not has_second_factor(user)


def _acting_by_mandate(user: User, day: dt.date, mandate_id: int) -> ActiveMandate | None:
    # The mandate must be read before it is known what the person may read.
    with read_everything():
        candidates = _mandates_on(user, day).filter(pk=mandate_id).select_related("organisation")
        mandate = candidates.annotate(**mandate_scope.scope_annotations(day)).first()
    return mandate_scope.acting_by_mandate(mandate, mandate) if mandate else None


@dataclass(frozen=True, slots=True)
class WaitingCases:
    """How many running cases wait for a person, and how many of these are overdue; by one mandate if it is given."""

    count: int = 0
    overdue: int = 0
    mandate: Mandate | None = None


def count_waiting_cases(user: User, at: dt.datetime) -> WaitingCases:
    """The cases that wait for a person by all mandates held, in use or not; each case counts once.

    Neither number goes beyond `MAX_COUNTED_CASES` + 1, which means more than `MAX_COUNTED_CASES`.
    """
    day = timezone.localdate(at)
    with read_everything():
        held_mandates = (
            _mandates_on(user, day).annotate(**mandate_scope.managed_annotation(day)).only("role", "organisation")
        )
        role_conditions = [
            waits_for_q(role, organisation_ids)
            for role, organisation_ids in _scope_by_role(held_mandates.order_by("id")[:_MAX_MANDATES])
        ]
        site_condition = Q(roles__overlap=sorted(_site_roles(user)))
        waiting_cases = processes.order_by_urgency(
            Case.objects.running().filter(functools.reduce(operator.or_, role_conditions, site_condition))
        )
        due_dates = list(waiting_cases.values_list("due_at", flat=True)[: MAX_COUNTED_CASES + 1])
    return WaitingCases(len(due_dates), sum(1 for due_at in due_dates if due_at and due_at < at))


def _scope_by_role(held_mandates: Iterable[Mandate]) -> Iterable[tuple[str, set[int]]]:
    organisation_ids_by_role: dict[str, set[int]] = defaultdict(set)
    for mandate in held_mandates:
        organisation_ids_by_role[mandate.role] |= mandate_scope.organisation_ids_in_scope(mandate, mandate)
    return organisation_ids_by_role.items()


def count_waiting_cases_by_mandate(user: User, at: dt.datetime) -> list[WaitingCases]:
    """The cases that wait for a person by each mandate held, without empty ones; by organisation and role."""
    day = timezone.localdate(at)
    with read_everything():
        held_mandates = list(_in_order(_mandates_on(user, day).annotate(**mandate_scope.managed_annotation(day))))
        counts = Case.objects.running().aggregate(**dict(_case_counts(held_mandates, at)))
    waiting_cases = [
        WaitingCases(counts[f"all_{mandate.pk}"], counts[f"overdue_{mandate.pk}"], mandate) for mandate in held_mandates
    ]
    return [waiting for waiting in waiting_cases if waiting.count]


def _case_counts(held_mandates: list[Mandate], at: dt.datetime) -> Iterator[tuple[str, Count]]:
    for mandate in held_mandates:
        waits = waits_for_q(mandate.role, mandate_scope.organisation_ids_in_scope(mandate, mandate))
        yield f"all_{mandate.pk}", Count("pk", filter=waits)
        yield f"overdue_{mandate.pk}", Count("pk", filter=waits & Q(due_at__lt=at))


def managing_organisation_ids(organisation_id: int, day: dt.date) -> set[int]:
    """The ids of the organisations whose managers may act for this one on `day`: itself, and those given by a tie."""
    ties = Tie.objects.certain_on(day)
    above = ties.filter(subject=organisation_id, managed_by=ManagedBy.OBJECT).values_list("object_id", flat=True)
    beside = ties.filter(object=organisation_id, managed_by=ManagedBy.SUBJECT).values_list("subject_id", flat=True)
    return {organisation_id, *above, *beside}


def mandate_holder_ids(roles: Iterable[str], organisations: Iterable[int], day: dt.date) -> set[int]:
    """The ids of persons with one of the roles on `day`, as officers or by a mandate for one of the organisations."""
    person_ids: set[int] = set()
    if OFFICER in roles:
        person_ids |= set(User.objects.filter(is_officer=True, is_active=True).values_list("pk", flat=True))
    for organisation_id in organisations:
        condition = Q(organisation=organisation_id, role__in=set(roles) - {MANAGER})
        if MANAGER in roles:
            condition |= Q(organisation__in=managing_organisation_ids(organisation_id, day), role=MANAGER)
        matching_mandates = Mandate.objects.on(day).filter(condition, person__is_active=True)
        person_ids |= set(matching_mandates.values_list("person_id", flat=True)[:NETWORK_LIMIT])
    return person_ids


def invitation_closed_reason(invitation: Invitation, at: dt.datetime) -> str:
    """Why an invitation cannot be accepted any more, in the active language; empty if it can."""
    if invitation.accepted_at:
        return _("This invitation was accepted already; sign in.")
    if invitation.withdrawn_at:
        return _("This invitation was withdrawn; ask whoever sent it.")
    if invitation.expires_at <= at or (invitation.last_day and invitation.last_day < timezone.localdate(at)):
        return _("This invitation is too old; ask whoever sent it for another.")
    if not inviter_last_days(invitation, timezone.localdate(at)):
        return _("Whoever sent this invitation may not give this mandate any more; ask the organisation for another.")
    return ""


def inviter_last_days(invitation: Invitation, day: dt.date) -> list[dt.date | None]:
    """The last days up to which the inviter may give the mandate (`None`: no end); empty if the right has ended."""
    inviter = invitation.invited_by
    if inviter is None or not inviter.is_active:
        return []
    if inviter.is_officer:
        return [None]
    managing = managing_organisation_ids(invitation.organisation_id, day)
    inviter_mandates = Mandate.objects.on(day).filter(
        person=inviter, role=MANAGER, organisation__in=managing, delegated_from=None
    )
    return list(inviter_mandates.values_list("last_day", flat=True))
