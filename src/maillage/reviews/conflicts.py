"""What keeps a reviewer from a dossier, as far as the register knows: found for all pairs of a call at once."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from maillage.calls.models import Application, ApplicationParty, PartyRole
from maillage.core.actors import MANAGER, SYSTEM
from maillage.people.models import Mandate, User
from maillage.people.queries import managing_organisation_ids
from maillage.register.collaboration_provider import shared_work_titles_by_pair
from maillage.register.models import Organisation, Tie
from maillage.register.vocabulary import MEMBERSHIP_KINDS, TieKind
from maillage.reviews.models import ConflictReason, Reviewer

# Of these ties either end is too near to judge the other.
CLOSE_TIES = (*MEMBERSHIP_KINDS, TieKind.SUPERVISOR, TieKind.HOST, TieKind.HOSTED, TieKind.HOSTED_BY)


@dataclass(frozen=True, slots=True)
class DetectedConflict:
    """A reviewer and a dossier (ids), why they are kept apart, and what that rests on."""

    reviewer: int
    application: int
    reason: ConflictReason
    evidence: str


def detected_conflicts(
    reviewers: list[Reviewer], applications: list[Application], since: dt.date, day: dt.date
) -> Iterator[DetectedConflict]:
    """The conflicts that the register shows between reviewers and the bodies of dossiers.

    They work for the body, or hold a mandate for it on `day`; they work for a body tied to it by belonging, supervision
    or hosting, now or once, or for one that has worked with it, unless all that surely was over by `since`. Family
    names are not compared.
    """
    employers = {one.employer_id for one in reviewers if one.employer_id}
    near = _tied_organisations(employers)
    bodies = _organisations_by_application(applications)
    named = Organisation.objects.filter(pk__in=_union(bodies) | employers)
    names = {one.pk: one.short_name for one in named}
    together = shared_work_titles_by_pair(_union(bodies) | employers, SYSTEM, since)
    acting = _organisations_by_person(reviewers, _union(bodies), day)
    for reviewer in reviewers:
        own = reviewer.employer_id
        for application, held in bodies.items():
            if applying := sorted(held & {own, *acting[reviewer.person_id]}):
                yield DetectedConflict(
                    reviewer.pk, application, ConflictReason.APPLICANT, ", ".join(names[one] for one in applying)
                )
            elif own is None:
                continue
            elif tied := sorted(held & near.get(own, set())):
                told = ", ".join(names[one] for one in tied)
                yield DetectedConflict(reviewer.pk, application, ConflictReason.SUPERVISION, told)
            elif works := _shared_works(own, held, together):
                yield DetectedConflict(reviewer.pk, application, ConflictReason.TOGETHER, "; ".join(works[:5]))


def _organisations_by_application(applications: list[Application]) -> dict[int, set[int]]:
    """The bodies that write each dossier."""
    found: dict[int, set[int]] = {one.pk: set() for one in applications}
    parties = ApplicationParty.objects.filter(application__in=found).exclude(part=PartyRole.OFFICE)
    for application, body in parties.values_list("application_id", "organisation_id"):
        found[application].add(body)
    return found


def _organisations_by_person(reviewers: list[Reviewer], bodies: set[int], day: dt.date) -> dict[int, set[int]]:
    """The bodies for which each person among the reviewers may act on a day, as a manager of one above them too."""
    found: dict[int, set[int]] = {one.person_id: set() for one in reviewers}
    for person, body in _mandates(bodies, day, list(found)):
        found[person].add(body)
    return found


def _mandates(bodies: set[int], day: dt.date, persons: list[int]) -> Iterator[tuple[int, int]]:
    """Each person and body (ids) that they may act for: by its own mandate, or as a manager of one that manages it."""
    above = {body: managing_organisation_ids(body, day) for body in bodies}
    held = Mandate.objects.on(day).filter(person__in=persons, organisation__in=_union(above))
    for person, organisation, role in held.values_list("person_id", "organisation_id", "role"):
        for body, managers in above.items():
            if body == organisation or (role == MANAGER and organisation in managers):
                yield person, body


def organisation_applied_for(person: User, applications: list[Application], day: dt.date) -> Organisation | None:
    """A body of one of the dossiers for which a person holds a mandate on a day; nothing where they apply for none."""
    bodies = sorted(
        body for _person, body in _mandates(_union(_organisations_by_application(applications)), day, [person.pk])
    )
    return Organisation.objects.get(pk=bodies[0]) if bodies else None


def _union(bodies: dict[int, set[int]]) -> set[int]:
    return set().union(*bodies.values()) if bodies else set()


def _tied_organisations(employers: set[int]) -> dict[int, set[int]]:
    """The bodies tied to each employer, either way."""
    found: dict[int, set[int]] = {one: set() for one in employers}
    ties = Tie.objects.filter(kind__in=CLOSE_TIES)
    for subject, whole in ties.filter(subject__in=employers).values_list("subject_id", "object_id"):
        found[subject].add(whole)
    for subject, whole in ties.filter(object__in=employers).values_list("subject_id", "object_id"):
        found[whole].add(subject)
    return found


def _shared_works(own: int, bodies: set[int], together: dict[tuple[int, int], list[str]]) -> list[str]:
    found = [work for body in sorted(bodies) for work in together.get((min(own, body), max(own, body)), ())]
    return list(dict.fromkeys(found))
