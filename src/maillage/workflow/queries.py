"""Read definitions and cases; lists of cases start from what the actor may read or act on."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError
from maillage.core.actors import MANDATED_ROLES, SYSTEM_ROLE, Actor
from maillage.workflow.definition import Transition
from maillage.workflow.guards import GUARDS
from maillage.workflow.models import Case, CaseQuerySet, ProcessDefinition


def current_definitions(at: dt.datetime) -> list[ProcessDefinition]:
    """The version of each process in force at a moment, by name, at most 200. Every reader may see definitions."""
    in_force = ProcessDefinition.objects.filter(published_at__lte=at)
    return list(in_force.order_by("name", "-version").distinct("name")[:200])


def current_definition(name: str, at: dt.datetime) -> ProcessDefinition:
    """The version of a process in force at a moment. Raises `ActionError` where there is none."""
    version = definition_versions(name).filter(published_at__lte=at).first()
    if version is None:
        raise ActionError(_("No version of the process “%s” is in force; have an officer publish one.") % name)
    return version


def published_definitions() -> QuerySet[ProcessDefinition]:
    """Every version of every process. Every reader may see definitions."""
    return ProcessDefinition.objects.all()


def definition_versions(name: str) -> QuerySet[ProcessDefinition]:
    """The versions of a process, the latest first."""
    return ProcessDefinition.objects.filter(name=name).order_by("-version")


def cases(*, actor: Actor) -> CaseQuerySet:
    """The cases this actor may read."""
    return Case.objects.visible_to(actor).select_related("definition")


def order_by_urgency(cases: CaseQuerySet) -> CaseQuerySet:
    """The cases by due date, those without deadline last."""
    return cases.order_by(F("due_at").asc(nulls_last=True), "entered_at", "id")


def case_ids_to_remind(at: dt.datetime, limit: int = 1_000) -> list[int]:
    """The ids of the cases with a reminder or automatic transition due, the longest due first."""
    return list(Case.objects.filter(remind_at__lte=at).order_by("remind_at").values_list("pk", flat=True)[:limit])


def may_apply_transition(actor: Actor, case: Case, way: Transition, day: dt.date) -> bool:
    """Whether the actor holds a role of the transition on a day, for the site or for an organisation of the case."""
    roles = actor.roles_on(day) & {*way.roles, SYSTEM_ROLE}
    return bool(roles - set(MANDATED_ROLES)) or (bool(roles) and bool(actor.reach & set(case.organisation_ids)))


def available_transitions(case: Case, *, actor: Actor, at: dt.datetime) -> list[Transition]:
    """The transitions that the actor may apply now, except those that are done on the page of the record."""
    day = timezone.localdate(at)
    return [
        transition
        for transition in case.definition.definition.leaving(case.state)
        if may_apply_transition(actor, case, transition, day)
        and not any(GUARDS[name].on_record_page for name in transition.guards if name in GUARDS)
    ]


def organisation_ids_of_case(case_id: int, **_others: object) -> Iterable[int]:
    """The ids of the organisations that a case concerns, for the check of mandates."""
    case = Case.objects.filter(pk=case_id).only("organisation_id", "also_for").first()
    return case.organisation_ids if case else []


def given_organisation_ids(organisation_id: int | None = None, **_others: object) -> Iterable[int]:
    """The id of the organisation of a new case, for the check of mandates."""
    return [organisation_id] if organisation_id else []
