"""What can be done to definitions and cases."""

import datetime as dt
import logging
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from maillage.kernel.actions import Forbidden, Impossible, action
from maillage.kernel.actors import MANDATED, OFFICER, READER, SYSTEM, SYSTEM_ROLE, Actor
from maillage.kernel.listing import listing_of
from maillage.kernel.processes import queries
from maillage.kernel.processes.document import Definition, NoticeTo, Transition
from maillage.kernel.processes.guards import GUARDS, Situation
from maillage.kernel.processes.models import Case, CaseStep, ProcessDefinition, Reminder, StepKind
from maillage.kernel.processes.reading import from_text
from maillage.kernel.processes.shipped import shipped
from maillage.kernel.processes.signals import Notice, emit, prepare
from maillage.kernel.processes.working_days import UnknownPlace, WorkingDays

log = logging.getLogger("django.maillage.processes")

# What is opened without an account: in an hour in all, and running at once on one record.
HOURLY_WITHOUT_ACCOUNT = 500
RUNNING_WITHOUT_ACCOUNT = 5
HOURLY_BY_PERSON = 30


@action(OFFICER, title=gettext_lazy("Publish a definition"))
def publish_definition(
    *, actor: Actor, at: dt.datetime, text: str, reason: str, base: int | None = None
) -> ProcessDefinition:
    """Put a new version in force from `at`, given as YAML; cases that run stay on theirs.

    Raises `BadDefinition` with every fault and its line, `Impossible` without a reason, where nothing changed, or
    where it was made from another version (`base`) than the last one.
    """
    definition = from_text(text)
    if not reason.strip():
        raise Impossible(_("Say why: the reason stands beside the version."))
    versions = ProcessDefinition.objects.select_for_update().filter(name=definition.name)
    last = versions.order_by("-version").first()
    if base is not None and last and last.version != base:
        told = _("Version %(last)s was published in the meantime, and yours was made from version %(base)s: take over "
                 "what changed, then publish.")  # fmt: skip
        raise Impossible(told % {"last": last.version, "base": base})
    if last and last.document == definition.document:
        raise Impossible(_("Nothing differs from version %s; change something first.") % last.version)
    return ProcessDefinition.objects.create(
        name=definition.name,
        version=last.version + 1 if last else 1,
        document=definition.document,
        text=text,
        in_force_since=at,
        author=actor.name,
        reason=reason.strip(),
    )


def publish_shipped(at: dt.datetime) -> int:
    """Put in force the definitions that come with the rooms and of which there is no version; returns how many."""
    known = set(ProcessDefinition.objects.values_list("name", flat=True).distinct())
    missing = [path for path in shipped() if path.stem not in known]
    for path in missing:
        text, reason = path.read_text("utf-8"), gettext_noop("Comes with Maillage.")
        publish_definition(actor=SYSTEM, at=at, text=text, reason=reason)
    return len(missing)


@action(READER, OFFICER, *MANDATED, title=gettext_lazy("Open a case"), concerns=queries.given_organisation)
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
    (country, region) whose working days count where not the definition's. Raises `Impossible` where no version is in
    force, the place has no calendar, or the record is none that the actor reads; `Forbidden` where the definition does
    not let the actor's roles open a case, or for an organisation that neither the record nor the mandate gives.
    """
    opening = queries.in_force(process, at).definition.opening
    if not actor.roles_on(timezone.localdate(at)) & {*opening.roles, SYSTEM_ROLE}:
        raise Forbidden(_("This process lets others open a case; ask an officer of the site."))
    about = _about_record(actor, record, organisation_id) if record else _about_body(actor, title, organisation_id)
    return begin(actor=actor, at=at, process=process, about=replace(about, place=place), reason=reason)


@dataclass(frozen=True, slots=True)
class About:
    """What a case is about; `delay` is what its organisation has promised, in working days."""

    title: str
    record: tuple[str, int] | None = None
    organisation_id: int | None = None
    delay: int | None = None
    place: tuple[str, str] = ("", "")


def _about_record(actor: Actor, record: tuple[str, int], organisation_id: int | None) -> About:
    listing = listing_of(record[0])
    found = listing.visible(actor).filter(pk=record[1]).first() if listing else None
    if listing is None or found is None:
        raise Impossible(_("This record is not there any more, or it is not for you; reload the page."))
    bodies = [one.pk for one in listing.bodies(found)]
    if organisation_id and organisation_id not in bodies:
        raise Forbidden(_("This record is not about that organisation; leave the organisation out."))
    return About(str(listing.heading(found) or found), record, organisation_id or next(iter(bodies), None))


def _about_body(actor: Actor, title: str, organisation_id: int | None) -> About:
    if not title.strip():
        raise Impossible(_("Give the case a title."))
    if organisation_id and organisation_id not in actor.reach and not actor.is_officer:
        raise Forbidden(_("Open a case on a record of that organisation, or with a mandate for it."))
    return About(title, None, organisation_id)


def begin(*, actor: Actor, at: dt.datetime, process: str, about: About, reason: str = "") -> Case:
    """The same inside an action of another room, which has checked who may open such a case."""
    version = queries.in_force(process, at)
    opening = version.definition.opening
    _check_place(about.place)
    _refuse_floods(actor, at, process, about.record)
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
    _enter(case, opening.state, at)
    _step(case, StepKind.OPENED, actor, at, reason=reason)
    _tell(case, opening.notices, actor, at, reason)
    return case


def _refuse_floods(actor: Actor, at: dt.datetime, process: str, record: tuple[str, int] | None) -> None:
    """Who opens a case without an account is nobody that could be asked to stop; who has one may not tire others."""
    if actor.is_officer:
        return
    if actor.user_id is not None:
        own = Case.objects.filter(opened_by=actor.user_id, opened_at__gt=at - dt.timedelta(hours=1))
        if own.count() >= HOURLY_BY_PERSON:
            raise Impossible(_("You have opened many cases within an hour; come back later, or write to an officer."))
        return
    unknown = Case.objects.filter(definition__name=process, opened_by=None)
    if unknown.filter(opened_at__gt=at - dt.timedelta(hours=1)).count() >= HOURLY_WITHOUT_ACCOUNT:
        raise Impossible(_("Too many were sent within an hour; come back later, or sign in."))
    if record:
        about = unknown.running().filter(record_kind=record[0], record_id=record[1])
        if about.count() >= RUNNING_WITHOUT_ACCOUNT:
            raise Impossible(_("This record has several that wait for an answer already; come back later, or sign in."))


def _check_place(place: tuple[str, str]) -> None:
    try:
        WorkingDays(*place).check() if place[0] else None
    except UnknownPlace as error:
        raise Impossible(_("No holidays are known for “%s”; leave the place empty or correct it.") % error) from error


@action(OFFICER, *MANDATED, title=gettext_lazy("Take a case on"), concerns=queries.organisation_of_case)
def fire(*, actor: Actor, at: dt.datetime, case_id: int, transition: str, reason: str = "") -> Case:
    """Take a case through a transition of its definition, which says the roles and the guards.

    Raises `Forbidden` where none of the roles is held for the organisation concerned, `Impossible` where the case
    stands elsewhere by now or a guard does not hold.
    """
    case = _locked(case_id)
    way = case.definition.definition.transitions.get(transition)
    if way is None or case.state not in way.sources:
        raise Impossible(_("The case is “%s” by now; reload its page and choose again.") % case.standing.title)
    if not queries.may_fire(actor, case, way, timezone.localdate(at)):
        raise Forbidden(_("“%s” is for others to do in this case; ask an officer of the site.") % way.title)
    situation = Situation(case, actor, at, reason)
    _check_guards(way, situation)
    prepare(situation, way.name)
    before = case.state
    _enter(case, way.target, at)
    _step(case, StepKind.FIRED, actor, at, before=before, transition=way.name, reason=reason)
    _tell(case, way.notices, actor, at, reason)
    return case


def _check_guards(way: Transition, situation: Situation) -> None:
    for name in way.guards:
        guard = GUARDS.get(name)
        if guard is None:
            raise Impossible(
                _("The condition “%s” is not known any more; have an officer move the case to another version.") % name
            )
        if not guard.holds(situation):
            raise Impossible(str(guard.remedy))


@action(OFFICER, title=gettext_lazy("Move a case to another version"))
def move_case_to_version(
    *, actor: Actor, at: dt.datetime, case_id: int, version: int, reason: str, state: str = ""
) -> Case:
    """Let a running case go on with another version of its process, in its own state or in the one given.

    A case that keeps its state keeps the moment it entered it; its delay is counted anew from there. Raises
    `Impossible` where there is no such version or state, or without a reason.
    """
    case = _locked(case_id)
    if case.ended_at:
        raise Impossible(_("This case has ended; it stays on the version it ended with."))
    wanted = ProcessDefinition.objects.filter(name=case.definition.name, version=version).first()
    if wanted is None or wanted == case.definition:
        raise Impossible(_("There is no other version %s of this process; choose one of the list.") % version)
    if not reason.strip():
        raise Impossible(_("Say why the case is moved."))
    before, after = case.state, state or case.state
    if after not in wanted.definition.states:
        raise Impossible(_("Version %(version)s has no state “%(state)s”; say in which of its states the case goes on.")
                         % {"version": version, "state": after})  # fmt: skip
    case.definition = wanted
    _enter(case, after, case.entered_at if after == before else at)
    _step(case, StepKind.MOVED, actor, at, before=before, reason=reason)
    return case


@action(title=gettext_lazy("Raise a reminder that is due"))
def remind(*, actor: Actor, at: dt.datetime, case_id: int) -> int:
    """Raise the reminders of a case that are due at `at`, each once; returns how many.

    A case that goes on by itself once its delay has ended is then taken on.
    """
    case, raised = _locked(case_id), 0
    while (clock := case.clock) and (found := clock.next_reminder(_raised(case))) and found[1] <= at:
        Reminder.objects.create(case=case, entered_at=clock.start, offset=found[0], raised_at=at)
        emit(_notice(case, "reminder", clock.deadline.remind, at, offset=found[0]))
        raised += 1
    if not (clock and clock.then_at and clock.then_at <= at and _went_on(case, actor, at)):
        _set_reminder(case, after=at)
        case.save(update_fields=["remind_at"])
    return raised


def _went_on(case: Case, actor: Actor, at: dt.datetime) -> bool:
    """Whether the case could be taken on by itself; where a condition does not hold, it waits for whoever must act."""
    then = case.clock.deadline.then if case.clock else None
    if then is None:
        return False
    try:
        with transaction.atomic():
            fire(actor=actor, at=at, case_id=case.pk, transition=then.fire)
    except (Impossible, Forbidden) as refused:
        log.warning("Case %s could not go on by “%s”: %s", case.pk, then.fire, refused)
        return False
    return True


def _locked(case_id: int) -> Case:
    case: Case = Case.objects.select_for_update(of=("self",)).select_related("definition").get(pk=case_id)
    return case


def _enter(case: Case, state: str, at: dt.datetime) -> None:
    """Put a case in a state: when it is due, who can take it on, and whether it has ended, follow."""
    definition: Definition = case.definition.definition
    case.state, case.entered_at = state, at
    case.roles = definition.waits_for(state)
    case.ended_at = at if definition.states[state].final else None
    clock = case.clock
    case.due_at = clock.due_at if clock else None
    _set_reminder(case)
    case.save()


def _set_reminder(case: Case, after: dt.datetime | None = None) -> None:
    clock = case.clock
    found = clock.next_reminder(_raised(case)) if clock else None
    moments = [found[1] if found else None, clock.then_at if clock else None]
    case.remind_at = min((one for one in moments if one and (after is None or one > after)), default=None)


def _raised(case: Case) -> set[int]:
    """The offsets already reminded of since the delay began."""
    if case.pk is None or case.clock is None:
        return set()
    return set(Reminder.objects.filter(case=case, entered_at=case.clock.start).values_list("offset", flat=True))


def _step(
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


def _tell(case: Case, notices: tuple[NoticeTo, ...], actor: Actor, at: dt.datetime, reason: str) -> None:
    for notice in notices:
        emit(_notice(case, notice.name, notice.to, at, reason=reason, actor_id=actor.user_id))


def _notice(case: Case, name: str, roles: tuple[str, ...], at: dt.datetime, **more: Any) -> Notice:
    return Notice(
        name=name,
        process=case.definition.name,
        case_id=case.pk,
        title=case.title,
        state=case.state,
        roles=roles,
        organisations=tuple(case.bodies),
        at=at,
        due_at=case.due_at,
        **more,
    )
