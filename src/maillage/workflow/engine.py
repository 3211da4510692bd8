"""The engine of cases: open them, enter states, record steps, schedule reminders and send notices."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError, ActionValue
from maillage.core.actors import Actor
from maillage.workflow import queries
from maillage.workflow.definition import Definition, NoticeRecipients
from maillage.workflow.models import Case, CaseStep, Reminder, StepKind
from maillage.workflow.signals import CaseNotice, send_case_notice
from maillage.workflow.working_days import UnknownPlaceError, WorkingDays

# Limits for cases opened without an account: per hour and process, and running at once on one record.
HOURLY_WITHOUT_ACCOUNT = 500
RUNNING_WITHOUT_ACCOUNT = 5
HOURLY_BY_PERSON = 30


@dataclass(frozen=True, slots=True)
class CaseSubject:
    """The subject of a case: `record` is (kind, id), `place` (country, region), `delay` promised working days."""

    title: str
    record: tuple[str, int] | None = None
    organisation_id: int | None = None
    delay: int | None = None
    place: tuple[str, str] = ("", "")


def create_case(*, actor: Actor, at: dt.datetime, process: str, about: CaseSubject, reason: str = "") -> Case:
    """Open a case from another action, without a permission check.

    Raises `ActionError` where the process has no version in force, for a place without calendar, or above the limits.
    """
    version = queries.current_definition(process, at)
    opening = version.definition.opening
    _check_place(about.place)
    _check_limits(actor, at, process, about.record)
    case = Case(
        definition=version,
        title=about.title.strip()[:300],
        record_kind=about.record[0] if about.record else "",
        record_id=about.record[1] if about.record else None,
        organisation_id=about.organisation_id,
        delay=about.delay,
        opened_at=at,
        opened_by=actor.user_id,
        country=about.place[0],
        region=about.place[1],
    )
    enter_state(case, opening.state, at)
    add_step(case, StepKind.OPENED, actor, at, reason=reason)
    send_notices(case, opening.notices, actor, at, reason)
    return case


def _check_limits(actor: Actor, at: dt.datetime, process: str, record: tuple[str, int] | None) -> None:
    """Raise `ActionError` where too many cases were opened: by a person, or by all without an account."""
    if actor.is_officer:
        return
    if actor.user_id is not None:
        own_cases = Case.objects.filter(opened_by=actor.user_id, opened_at__gt=at - dt.timedelta(hours=1))
        if own_cases.count() >= HOURLY_BY_PERSON:
            raise ActionError(_("You have opened many cases within an hour; come back later, or write to an officer."))
        return
    anonymous_cases = Case.objects.filter(definition__name=process, opened_by=None)
    if anonymous_cases.filter(opened_at__gt=at - dt.timedelta(hours=1)).count() >= HOURLY_WITHOUT_ACCOUNT:
        raise ActionError(_("Too many were sent within an hour; come back later, or sign in."))
    if record:
        cases_on_record = anonymous_cases.running().filter(record_kind=record[0], record_id=record[1])
        if cases_on_record.count() >= RUNNING_WITHOUT_ACCOUNT:
            raise ActionError(
                _("This record has several that wait for an answer already; come back later, or sign in.")
            )


def _check_place(place: tuple[str, str]) -> None:
    try:
        WorkingDays(*place).check() if place[0] else None
    except UnknownPlaceError as error:
        raise ActionError(_("No holidays are known for “%s”; leave the place empty or correct it.") % error) from error


def lock_case(case_id: int) -> Case:
    case: Case = Case.objects.select_for_update(of=("self",)).select_related("definition").get(pk=case_id)
    return case


def enter_state(case: Case, state: str, at: dt.datetime) -> None:
    """Put a case in a state and save it, with the due date, roles and end that follow from the state."""
    definition: Definition = case.definition.definition
    case.state, case.entered_at = state, at
    case.roles = definition.waits_for(state)
    case.ended_at = at if definition.states[state].final else None
    clock = case.clock
    case.due_at = clock.due_at if clock else None
    schedule_reminder(case)
    case.save()


def count_stopped_days(case: Case, at: dt.datetime) -> None:
    """Before a case leaves a state that stops its clock: the working days spent there do not count in its delay."""
    if case.current_state.stops_clock:
        case.stopped_days += case.working_days_between(case.entered_at, at)


def schedule_reminder(case: Case, after: dt.datetime | None = None) -> None:
    clock = case.clock
    next_reminder = clock.next_reminder(raised_offsets(case)) if clock else None
    moments = [next_reminder[1] if next_reminder else None, clock.then_at if clock else None]
    case.remind_at = min((moment for moment in moments if moment and (after is None or moment > after)), default=None)


def raised_offsets(case: Case) -> set[int]:
    """The offsets of the reminders already sent since the delay began."""
    if case.pk is None or case.clock is None:
        return set()
    return set(Reminder.objects.filter(case=case, entered_at=case.clock.start).values_list("offset", flat=True))


def add_step(
    case: Case, kind: StepKind, actor: Actor, at: dt.datetime, *, before: str = "", transition: str = "", reason: str
) -> CaseStep:
    return CaseStep.objects.create(
        case=case,
        kind=kind,
        definition=case.definition,
        transition=transition,
        before=before,
        after=case.state,
        actor=actor.name,
        user=actor.user_id,
        on_behalf=actor.acting.organisation if actor.acting else "",
        at=at,
        reason=reason.strip(),
    )


def send_notices(case: Case, notices: tuple[NoticeRecipients, ...], actor: Actor, at: dt.datetime, reason: str) -> None:
    for notice in notices:
        send_case_notice(case_notice(case, notice.name, notice.to, at, reason=reason, actor_id=actor.user_id))


def case_notice(case: Case, name: str, roles: tuple[str, ...], at: dt.datetime, **more: ActionValue) -> CaseNotice:
    return CaseNotice(
        name=name,
        process=case.definition.name,
        case_id=case.pk,
        title=case.title,
        state=case.state,
        roles=roles,
        organisations=tuple(case.organisation_ids),
        at=at,
        due_at=case.due_at,
        **more,
    )
