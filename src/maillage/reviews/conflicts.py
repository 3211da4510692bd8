"""What keeps a reviewer from a dossier, as far as the register knows: found for all pairs of a call at once."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from maillage.calls.models import Dossier, Part, Party
from maillage.kernel.actors import MANAGER, SYSTEM
from maillage.people.models import Mandate, User
from maillage.people.queries import managers_of
from maillage.register.collaboration import works_among
from maillage.register.models import Organisation, Tie
from maillage.register.vocabulary import BELONGING, TieKind
from maillage.reviews.models import Reason, Reviewer

# Of these ties either end is too near to judge the other.
NEAR = (*BELONGING, TieKind.SUPERVISOR, TieKind.HOST, TieKind.HOSTED, TieKind.HOSTED_BY)


@dataclass(frozen=True, slots=True)
class FoundConflict:
    """A reviewer and a dossier (ids), why they are kept apart, and what that rests on."""

    reviewer: int
    dossier: int
    reason: Reason
    evidence: str


def conflicts_of(
    reviewers: list[Reviewer], dossiers: list[Dossier], since: dt.date, day: dt.date
) -> Iterator[FoundConflict]:
    """The conflicts that the register shows between reviewers and the bodies of dossiers.

    They work for the body, or hold a mandate for it on `day`; they work for a body tied to it by belonging, supervision
    or hosting, now or once, or for one that has worked with it, unless all that surely was over by `since`. Family
    names are not compared.
    """
    employers = {one.employer_id for one in reviewers if one.employer_id}
    near = _near(employers)
    bodies = _bodies(dossiers)
    named = Organisation.objects.filter(pk__in=_all(bodies) | employers)
    names = {one.pk: one.short_name for one in named}
    together = works_among(_all(bodies) | employers, SYSTEM, since)
    acting = _acted_for(reviewers, _all(bodies), day)
    for reviewer in reviewers:
        own = reviewer.employer_id
        for dossier, held in bodies.items():
            if applying := sorted(held & {own, *acting[reviewer.person_id]}):
                yield FoundConflict(reviewer.pk, dossier, Reason.APPLICANT, ", ".join(names[one] for one in applying))
            elif own is None:
                continue
            elif tied := sorted(held & near.get(own, set())):
                told = ", ".join(names[one] for one in tied)
                yield FoundConflict(reviewer.pk, dossier, Reason.SUPERVISION, told)
            elif works := _works(own, held, together):
                yield FoundConflict(reviewer.pk, dossier, Reason.TOGETHER, "; ".join(works[:5]))


def _bodies(dossiers: list[Dossier]) -> dict[int, set[int]]:
    """The bodies that write each dossier."""
    found: dict[int, set[int]] = {one.pk: set() for one in dossiers}
    parties = Party.objects.filter(dossier__in=found).exclude(part=Part.OFFICE)
    for dossier, body in parties.values_list("dossier_id", "organisation_id"):
        found[dossier].add(body)
    return found


def _acted_for(reviewers: list[Reviewer], bodies: set[int], day: dt.date) -> dict[int, set[int]]:
    """The bodies for which each person among the reviewers may act on a day, as a manager of one above them too."""
    found: dict[int, set[int]] = {one.person_id: set() for one in reviewers}
    for person, body in _mandated(bodies, day, list(found)):
        found[person].add(body)
    return found


def _mandated(bodies: set[int], day: dt.date, persons: list[int]) -> Iterator[tuple[int, int]]:
    """Each person and body (ids) that they may act for: by its own mandate, or as a manager of one that manages it."""
    above = {body: managers_of(body, day) for body in bodies}
    held = Mandate.objects.on(day).filter(person__in=persons, organisation__in=_all(above))
    for person, organisation, role in held.values_list("person_id", "organisation_id", "role"):
        for body, managers in above.items():
            if body == organisation or (role == MANAGER and organisation in managers):
                yield person, body


def applied_for(person: User, dossiers: list[Dossier], day: dt.date) -> Organisation | None:
    """A body of one of the dossiers for which a person holds a mandate on a day; nothing where they apply for none."""
    bodies = sorted(body for _person, body in _mandated(_all(_bodies(dossiers)), day, [person.pk]))
    return Organisation.objects.get(pk=bodies[0]) if bodies else None


def _all(bodies: dict[int, set[int]]) -> set[int]:
    return set().union(*bodies.values()) if bodies else set()


def _near(employers: set[int]) -> dict[int, set[int]]:
    """The bodies tied to each employer, either way."""
    found: dict[int, set[int]] = {one: set() for one in employers}
    ties = Tie.objects.filter(kind__in=NEAR)
    for subject, whole in ties.filter(subject__in=employers).values_list("subject_id", "object_id"):
        found[subject].add(whole)
    for subject, whole in ties.filter(object__in=employers).values_list("subject_id", "object_id"):
        found[whole].add(subject)
    return found


def _works(own: int, bodies: set[int], together: dict[tuple[int, int], list[str]]) -> list[str]:
    found = [work for body in sorted(bodies) for work in together.get((min(own, body), max(own, body)), ())]
    return list(dict.fromkeys(found))
