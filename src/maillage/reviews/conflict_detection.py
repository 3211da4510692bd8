"""Conflicts of interest that the register shows, computed for all reviewers and applications of a call at once."""

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

# Ties that make either end unfit to review the other.
CLOSE_TIES = (*MEMBERSHIP_KINDS, TieKind.SUPERVISOR, TieKind.HOST, TieKind.HOSTED, TieKind.HOSTED_BY)


@dataclass(frozen=True, slots=True)
class DetectedConflict:
    """A reviewer and an application (ids), the reason why they are kept apart, and its evidence in words."""

    reviewer: int
    application: int
    reason: ConflictReason
    evidence: str


def detected_conflicts(
    reviewers: list[Reviewer], applications: list[Application], since: dt.date, day: dt.date
) -> Iterator[DetectedConflict]:
    """The conflicts between reviewers and the organisations of applications.

    A reviewer has a conflict who works for an applicant or holds a mandate for it on `day`; who works for an
    organisation tied to an applicant by membership, supervision or hosting, now or in the past; or whose employer has
    worked with an applicant, unless all that work surely ended before `since`. Family names are not compared.
    """
    employers = {reviewer.employer_id for reviewer in reviewers if reviewer.employer_id}
    near = _tied_organisations(employers)
    applicant_ids = _organisations_by_application(applications)
    named = Organisation.objects.filter(pk__in=_union(applicant_ids) | employers)
    names = {organisation.pk: organisation.short_name for organisation in named}
    together = shared_work_titles_by_pair(_union(applicant_ids) | employers, SYSTEM, since)
    acting = _organisations_by_person(reviewers, _union(applicant_ids), day)
    for reviewer in reviewers:
        own = reviewer.employer_id
        for application, organisation_ids in applicant_ids.items():
            if applying := sorted(organisation_ids & {own, *acting[reviewer.person_id]}):
                yield DetectedConflict(
                    reviewer.pk,
                    application,
                    ConflictReason.APPLICANT,
                    ", ".join(names[organisation_id] for organisation_id in applying),
                )
            elif own is None:
                continue
            elif tied := sorted(organisation_ids & near.get(own, set())):
                names_of_tied = ", ".join(names[organisation_id] for organisation_id in tied)
                yield DetectedConflict(reviewer.pk, application, ConflictReason.SUPERVISION, names_of_tied)
            elif works := _shared_works(own, organisation_ids, together):
                yield DetectedConflict(reviewer.pk, application, ConflictReason.TOGETHER, "; ".join(works[:5]))


def _organisations_by_application(applications: list[Application]) -> dict[int, set[int]]:
    """The ids of the organisations that submit each application, by application id."""
    organisation_ids: dict[int, set[int]] = {application.pk: set() for application in applications}
    parties = ApplicationParty.objects.filter(application__in=organisation_ids).exclude(part=PartyRole.OFFICE)
    for application, organisation_id in parties.values_list("application_id", "organisation_id"):
        organisation_ids[application].add(organisation_id)
    return organisation_ids


def _organisations_by_person(
    reviewers: list[Reviewer], organisation_ids: set[int], day: dt.date
) -> dict[int, set[int]]:
    """The ids of the organisations for which each reviewer may act on a day, by person id."""
    by_person: dict[int, set[int]] = {reviewer.person_id: set() for reviewer in reviewers}
    for person, organisation_id in _mandates(organisation_ids, day, list(by_person)):
        by_person[person].add(organisation_id)
    return by_person


def _mandates(organisation_ids: set[int], day: dt.date, persons: list[int]) -> Iterator[tuple[int, int]]:
    """Pairs of person and organisation (ids): the person holds a mandate for it, or manages one that manages it."""
    above = {organisation_id: managing_organisation_ids(organisation_id, day) for organisation_id in organisation_ids}
    mandates = Mandate.objects.on(day).filter(person__in=persons, organisation__in=_union(above))
    for person, mandate_holder, role in mandates.values_list("person_id", "organisation_id", "role"):
        for organisation_id, managers in above.items():
            if organisation_id == mandate_holder or (role == MANAGER and mandate_holder in managers):
                yield person, organisation_id


def organisation_applied_for(person: User, applications: list[Application], day: dt.date) -> Organisation | None:
    """An organisation of one of the applications for which a person holds a mandate on a day, or `None`."""
    organisation_ids = sorted(
        organisation_id
        for _person, organisation_id in _mandates(_union(_organisations_by_application(applications)), day, [person.pk])
    )
    return Organisation.objects.get(pk=organisation_ids[0]) if organisation_ids else None


def _union(ids_by_key: dict[int, set[int]]) -> set[int]:
    return set().union(*ids_by_key.values()) if ids_by_key else set()


def _tied_organisations(employers: set[int]) -> dict[int, set[int]]:
    """The ids of the organisations tied to each employer, in either direction."""
    tied_ids: dict[int, set[int]] = {employer_id: set() for employer_id in employers}
    ties = Tie.objects.filter(kind__in=CLOSE_TIES)
    for subject, whole in ties.filter(subject__in=employers).values_list("subject_id", "object_id"):
        tied_ids[subject].add(whole)
    for subject, whole in ties.filter(object__in=employers).values_list("subject_id", "object_id"):
        tied_ids[whole].add(subject)
    return tied_ids


def _shared_works(own: int, organisation_ids: set[int], together: dict[tuple[int, int], list[str]]) -> list[str]:
    works = [
        work
        for organisation_id in sorted(organisation_ids)
        for work in together.get((min(own, organisation_id), max(own, organisation_id)), ())
    ]
    return list(dict.fromkeys(works))
