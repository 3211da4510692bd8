"""What can be done to definitions and cases."""

import datetime as dt
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, ActionForbiddenError, Reason, action
from maillage.core.actors import MANDATED_ROLES, OFFICER, READER, SYSTEM_ROLE, Actor
from maillage.listing.listing import listing_of_kind
from maillage.workflow import queries
from maillage.workflow.definition import Transition
from maillage.workflow.engine import CaseSubject, add_step, create_case, enter_state, lock_case, send_notices
from maillage.workflow.guards import GUARDS, TransitionContext
from maillage.workflow.models import Case, ProcessDefinition, StepKind
from maillage.workflow.signals import run_preparations


@action(READER, OFFICER, *MANDATED_ROLES, title=gettext_lazy("Open a case"), concerns=queries.given_organisation_ids)
def open_case(
    *,
    actor: Actor,
    at: dt.datetime,
    process: str,
    title: str = "",
    organisation_id: int | None = None,
    record: tuple[str, int] | None = None,
    place: tuple[str, str] = ("", ""),
    reason: str = "",
) -> Case:
    """Begin a case on the version in force, in its opening state.

    `record` is (kind, id): its heading is then the title, and the organisation one that it is about. `place` is the
    (country, region) whose working days count where not the definition's. Raises `ActionError` where no version is in
    force, the place has no calendar, or the actor may not read the record; `ActionForbiddenError` where the definition
    does not let the actor's roles open a case, or for an organisation that neither the record nor the mandate gives.
    """
    opening = queries.current_definition(process, at).definition.opening
    if not actor.roles_on(timezone.localdate(at)) & {*opening.roles, SYSTEM_ROLE}:
        raise ActionForbiddenError(_("This process lets others open a case; ask an officer of the site."))
    about = (
        _record_subject(actor, record, organisation_id)
        if record
        else _organisation_subject(actor, title, organisation_id)
    )
    return create_case(actor=actor, at=at, process=process, about=replace(about, place=place), reason=reason)


def _record_subject(actor: Actor, record: tuple[str, int], organisation_id: int | None) -> CaseSubject:
    listing = listing_of_kind(record[0])
    found = listing.visible(actor).filter(pk=record[1]).first() if listing else None
    if listing is None or found is None:
        raise ActionError(_("This record is not there any more, or it is not for you; reload the page."))
    bodies = [one.pk for one in listing.organisations(found)]
    if organisation_id and organisation_id not in bodies:
        raise ActionForbiddenError(_("This record is not about that organisation; leave the organisation out."))
    return CaseSubject(str(listing.heading(found) or found), record, organisation_id or next(iter(bodies), None))


def _organisation_subject(actor: Actor, title: str, organisation_id: int | None) -> CaseSubject:
    if not title.strip():
        raise ActionError(_("Give the case a title."))
    if organisation_id and organisation_id not in actor.reach and not actor.is_officer:
        raise ActionForbiddenError(_("Open a case on a record of that organisation, or with a mandate for it."))
    return CaseSubject(title, None, organisation_id)


@action(OFFICER, *MANDATED_ROLES, title=gettext_lazy("Take a case on"), concerns=queries.organisation_ids_of_case)
def apply_transition(*, actor: Actor, at: dt.datetime, case_id: int, transition: str, reason: str = "") -> Case:
    """Take a case through a transition of its definition, which says the roles and the guards.

    Raises `ActionForbiddenError` where none of the roles is held for the organisation concerned, `ActionError` where
    the case is in another state by now or a guard does not hold.
    """
    case = lock_case(case_id)
    way = case.definition.definition.transitions.get(transition)
    if way is None or case.state not in way.sources:
        raise ActionError(_("The case is “%s” by now; reload its page and choose again.") % case.current_state.title)
    if not queries.may_apply_transition(actor, case, way, timezone.localdate(at)):
        raise ActionForbiddenError(_("“%s” is for others to do in this case; ask an officer of the site.") % way.title)
    situation = TransitionContext(case, actor, at, reason)
    _check_guards(way, situation)
    run_preparations(situation, way.name)
    before = case.state
    enter_state(case, way.target, at)
    add_step(case, StepKind.FIRED, actor, at, before=before, transition=way.name, reason=reason)
    send_notices(case, way.notices, actor, at, reason)
    return case


def _check_guards(way: Transition, situation: TransitionContext) -> None:
    for name in way.guards:
        guard = GUARDS.get(name)
        if guard is None:
            raise ActionError(
                _("The condition “%s” is not known any more; have an officer move the case to another version.") % name
            )
        if not guard.holds(situation):
            raise ActionError(str(guard.remedy))


@action(OFFICER, title=gettext_lazy("Move a case to another version"))
def move_case_to_version(
    *, actor: Actor, at: dt.datetime, case_id: int, version: int, reason: Reason, state: str = ""
) -> Case:
    """Let a running case go on with another version of its process, in its own state or in the one given.

    A case that keeps its state keeps the moment it entered it; its delay is counted anew from there. Raises
    `ActionError` where there is no such version or state, or without a reason.
    """
    case = lock_case(case_id)
    if case.ended_at:
        raise ActionError(_("This case has ended; it stays on the version it ended with."))
    wanted = ProcessDefinition.objects.filter(name=case.definition.name, version=version).first()
    if wanted is None or wanted == case.definition:
        raise ActionError(_("There is no other version %s of this process; choose one of the list.") % version)
    before, after = case.state, state or case.state
    if after not in wanted.definition.states:
        message = _("Version %(version)s has no state “%(state)s”; say in which of its states the case goes on.")
        raise ActionError(message % {"version": version, "state": after})
    case.definition = wanted
    enter_state(case, after, case.entered_at if after == before else at)
    add_step(case, StepKind.MOVED, actor, at, before=before, reason=reason)
    return case
