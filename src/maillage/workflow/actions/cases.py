"""Actions on cases: open one, apply a transition, move a case to another version."""

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
from maillage.workflow.engine import (
    CaseSubject,
    add_step,
    count_stopped_days,
    create_case,
    enter_state,
    lock_case,
    send_notices,
)
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
    """Open a case on the version in force, in its opening state.

    `record` is (kind, id): its heading becomes the title, and the organisation is one of its own. `place` is (country,
    region), for the working days; empty for those of the definition. Raises `ActionError` where no version is in
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
    subject_record = listing.visible(actor).filter(pk=record[1]).first() if listing else None
    if listing is None or subject_record is None:
        raise ActionError(_("This record is not there any more, or it is not for you; reload the page."))
    organisation_ids = [organisation.pk for organisation in listing.organisations(subject_record)]
    if organisation_id and organisation_id not in organisation_ids:
        raise ActionForbiddenError(_("This record is not about that organisation; leave the organisation out."))
    title = str(listing.heading(subject_record) or subject_record)
    return CaseSubject(title, record, organisation_id or next(iter(organisation_ids), None))


def _organisation_subject(actor: Actor, title: str, organisation_id: int | None) -> CaseSubject:
    if not title.strip():
        raise ActionError(_("Give the case a title."))
    if organisation_id and organisation_id not in actor.reach and not actor.is_officer:
        raise ActionForbiddenError(_("Open a case on a record of that organisation, or with a mandate for it."))
    return CaseSubject(title, None, organisation_id)


@action(OFFICER, *MANDATED_ROLES, title=gettext_lazy("Take a case on"), concerns=queries.organisation_ids_of_case)
def apply_transition(*, actor: Actor, at: dt.datetime, case_id: int, transition: str, reason: str = "") -> Case:
    """Apply a transition of the definition to a case; the definition sets its roles and guards.

    Raises `ActionForbiddenError` where the actor holds none of the roles for the organisation of the case, and
    `ActionError` where the transition does not leave its current state or a guard refuses it.
    """
    case = lock_case(case_id)
    transition_definition = case.definition.definition.transitions.get(transition)
    if transition_definition is None or case.state not in transition_definition.sources:
        raise ActionError(_("The case is “%s” by now; reload its page and choose again.") % case.current_state.title)
    if not queries.may_apply_transition(actor, case, transition_definition, timezone.localdate(at)):
        raise ActionForbiddenError(
            _("“%s” is for others to do in this case; ask an officer of the site.") % transition_definition.title
        )
    context = TransitionContext(case, actor, at, reason)
    _check_guards(transition_definition, context)
    run_preparations(context, transition_definition.name)
    count_stopped_days(case, at)
    before = case.state
    enter_state(case, transition_definition.target, at)
    add_step(case, StepKind.FIRED, actor, at, before=before, transition=transition_definition.name, reason=reason)
    send_notices(case, transition_definition.notices, actor, at, reason)
    return case


def _check_guards(transition: Transition, context: TransitionContext) -> None:
    for name in transition.guards:
        guard = GUARDS.get(name)
        if guard is None:
            raise ActionError(
                _("The condition “%s” is not known any more; have an officer move the case to another version.") % name
            )
        if not guard.holds(context):
            raise ActionError(str(guard.remedy))


@action(OFFICER, title=gettext_lazy("Move a case to another version"))
def move_case_to_version(
    *, actor: Actor, at: dt.datetime, case_id: int, version: int, reason: Reason, state: str = ""
) -> Case:
    """Move a running case to another version of its process, in its current state or in `state`.

    Where the state stays the same, so does the moment it was entered; the delay is computed again from that moment.
    Raises `ActionError` for an unknown version or state, or without a reason.
    """
    case = lock_case(case_id)
    if case.ended_at:
        raise ActionError(_("This case has ended; it stays on the version it ended with."))
    target = ProcessDefinition.objects.filter(name=case.definition.name, version=version).first()
    if target is None or target == case.definition:
        raise ActionError(_("There is no other version %s of this process; choose one of the list.") % version)
    before, after = case.state, state or case.state
    if after not in target.definition.states:
        message = _("Version %(version)s has no state “%(state)s”; say in which of its states the case goes on.")
        raise ActionError(message % {"version": version, "state": after})
    if after != before:
        count_stopped_days(case, at)
    case.definition = target
    enter_state(case, after, case.entered_at if after == before else at)
    add_step(case, StepKind.MOVED, actor, at, before=before, reason=reason)
    return case
