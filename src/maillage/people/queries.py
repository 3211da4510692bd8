"""Mandates and invitations that an actor may read, the actor of a user, and who holds which role for whom."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
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

_MAX_MANDATES = 200
_WITH_MANDATE = ("organisation", "delegated_from__person")


def mandates_of(person: User, day: dt.date) -> list[Mandate]:
    """The mandates a person holds on a day, by organisation and role."""
    return list(_in_order(_mandates_on(person, day)))


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
    return mandates.select_related(*_WITH_MANDATE).order_by("organisation__sort_name", "role", "id")[:_MAX_MANDATES]


def actor_of(user: User | AnonymousUser | None, at: dt.datetime, mandate_id: int | None = None) -> Actor:
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


def has_verified_address(user_id: int | None, email: str) -> bool:
    """Whether a mail address is one of this account that its person has confirmed."""
    addresses = EmailAddress.objects.filter(user=user_id or 0, email__iexact=email, verified=True)
    return bool(addresses.exists())


def lacks_second_factor(user: User) -> bool:
    """Whether this officer must set up a second factor before anything else."""
    return settings.SECOND_FACTOR == "required" and user.is_officer and not has_second_factor(user)


def _acting_by_mandate(user: User, day: dt.date, mandate_id: int) -> ActiveMandate | None:
    # The mandate must be read before it is known what the person may read.
    with read_everything():
        candidates = _mandates_on(user, day).filter(pk=mandate_id).select_related("organisation")
        mandate = candidates.annotate(**mandate_scope.scope_annotations(day)).first()
    return mandate_scope.acting_by_mandate(mandate, mandate) if mandate else None


def active_mandates(user: User, day: dt.date) -> list[ActiveMandate]:
    """The mandates that a person holds on a day, by organisation and role, each with its reach; 200 at most."""
    with read_everything():
        held = _in_order(_mandates_on(user, day).annotate(**mandate_scope.scope_annotations(day)))
        return [_with_absent_person(mandate, mandate_scope.acting_by_mandate(mandate, mandate)) for mandate in held]


def _with_absent_person(mandate: Mandate, acting: ActiveMandate) -> ActiveMandate:
    absent = mandate.delegated_from.person if mandate.delegated_from else None
    return replace(acting, stands_in_for_id=absent.pk, stands_in_for=absent.name) if absent else acting


def attended_organisations(day: dt.date) -> dict[str, frozenset[int]]:
    """The ids of the organisations for which an active person holds a role on a day, by role."""
    by_role: dict[str, set[int]] = defaultdict(set)
    with read_everything():
        held = Mandate.objects.on(day).filter(person__is_active=True).values_list("role", "organisation_id").distinct()
        for role, organisation_id in held:
            by_role[role].add(organisation_id)
        by_role[MANAGER] |= {managed for _manager, managed in _management(day, managers=by_role[MANAGER])}
    return {role: frozenset(organisation_ids) for role, organisation_ids in by_role.items()}


def _management(
    day: dt.date, *, managers: Collection[int] | None = None, managed: Collection[int] | None = None
) -> list[tuple[int, int]]:
    """By ties, each organisation (id) whose managers act for another, with that other; of some managers or managed."""
    ties = Tie.objects.certain_on(day)
    above, beside = ties.filter(managed_by=ManagedBy.OBJECT), ties.filter(managed_by=ManagedBy.SUBJECT)
    if managers is not None:
        above, beside = above.filter(object__in=managers), beside.filter(subject__in=managers)
    if managed is not None:
        above, beside = above.filter(subject__in=managed), beside.filter(object__in=managed)
    return [*above.values_list("object_id", "subject_id"), *beside.values_list("subject_id", "object_id")]


def role_holders(organisation_ids: Collection[int], day: dt.date) -> dict[tuple[str, int], set[int]]:
    """The ids of the active persons who hold a role for one of the organisations, by role and organisation."""
    with read_everything():
        managed: dict[int, set[int]] = defaultdict(set)
        for manager, organisation_id in _management(day, managed=organisation_ids):
            managed[manager].add(organisation_id)
        held = Mandate.objects.on(day).filter(
            Q(organisation__in=organisation_ids) | Q(role=MANAGER, organisation__in=set(managed)),
            person__is_active=True,
        )
        triples = list(held.values_list("role", "organisation_id", "person_id"))
    holders: dict[tuple[str, int], set[int]] = defaultdict(set)
    for role, holder, person_id in triples:
        for organisation_id in {holder, *(managed[holder] if role == MANAGER else ())}:
            holders[role, organisation_id].add(person_id)
    return holders


def managing_organisation_ids(organisation_id: int, day: dt.date) -> set[int]:
    """The ids of the organisations whose managers may act for this one on `day`: itself, and those given by a tie."""
    return {organisation_id, *(manager for manager, _managed in _management(day, managed=[organisation_id]))}


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
