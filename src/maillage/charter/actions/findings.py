"""Actions on findings: make one, plan its steps, finish a step, and judge a plan or its result."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.charter.follow_ups import HOLDER_ROLES, get_commitment, lock_follow_up, refuse_unknown_file
from maillage.charter.models import Finding, FindingSeverity, FindingStage, Reminder, Step
from maillage.charter.notifications import notify_finding
from maillage.charter.queries import concerned_organisations
from maillage.core.action_registry import ActionError, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, Actor

MAX_STEPS = 50


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step of a plan: what is done, by whom, by which day."""

    text: str
    who: str
    due_on: dt.date


@action(
    LABEL_OFFICER,
    OFFICER,
    title=gettext_lazy("Make a finding"),
    concerns=concerned_organisations("follow_up_id", operators=True),
)
def make_finding(
    *, actor: Actor, at: dt.datetime, follow_up_id: int, commitment: str, text: str, severity: str, due_on: dt.date
) -> Finding:
    """Record what is wrong with a commitment and by when it must be mended; the holder then plans how.

    Raises `ActionError` for an unknown commitment or severity, without a text, or for a past due day.
    """
    follow_up, day = lock_follow_up(follow_up_id), timezone.localdate(at)
    get_commitment(follow_up, commitment, day)
    if severity not in FindingSeverity.values:
        raise ActionError(_("Choose one of the severities listed."))
    if not text.strip():
        raise ActionError(_("Say what was found."))
    _refuse_past_date(due_on, day)
    finding: Finding = Finding.objects.create(
        follow_up=follow_up, commitment=commitment, text=text.strip(), severity=severity, due_on=due_on, found_on=day
    )
    notify_finding(finding, actor=actor, at=at)
    return finding


def _refuse_past_date(due_on: dt.date, day: dt.date) -> None:
    if due_on < day:
        raise ActionError(_("The day by which it must be mended is past; choose a later one."))


def _lock_finding(finding_id: int, *stages: FindingStage) -> Finding:
    rows = Finding.objects.select_for_update(of=("self",))
    finding: Finding = rows.select_related("follow_up__holder", "follow_up__label").get(pk=finding_id)
    if finding.stage not in stages:
        raise ActionError(_("This cannot be done now: %s.") % finding.get_stage_display())
    return finding


def _change_stage(finding: Finding, stage: FindingStage, reason: str, *, actor: Actor, at: dt.datetime) -> Finding:
    finding.stage, finding.request_reason = stage, reason
    finding.save()
    notify_finding(finding, actor=actor, at=at)
    return finding


@action(
    *HOLDER_ROLES,
    title=gettext_lazy("Plan how a finding is mended"),
    concerns=concerned_organisations("finding_id", holder=True),
)
def plan_finding(*, actor: Actor, at: dt.datetime, finding_id: int, steps: Sequence[PlannedStep]) -> Finding:
    """Send a plan to who runs the label; it replaces the unfinished steps of an earlier plan.

    Raises `ActionError` without a step, or for a step without text or person, or due after the finding.
    """
    finding = _lock_finding(finding_id, FindingStage.OPEN)
    if not 0 < len(steps) <= MAX_STEPS:
        raise ActionError(_("A plan has 1 to %d steps.") % MAX_STEPS)
    for step in steps:
        if not step.text.strip() or not step.who.strip():
            raise ActionError(_("Each step says what is done, and who does it."))
        if step.due_on > finding.due_on:
            raise ActionError(_("Each step is due by the day of the finding."))
    finding.steps.filter(done_on=None).delete()
    Step.objects.bulk_create(
        Step(finding=finding, text=step.text.strip(), who=step.who.strip()[:200], due_on=step.due_on) for step in steps
    )
    return _change_stage(finding, FindingStage.PLANNED, "", actor=actor, at=at)


@action(
    *HOLDER_ROLES,
    title=gettext_lazy("Say that a step is done"),
    concerns=concerned_organisations("step_id", holder=True),
)
def finish_step(*, actor: Actor, at: dt.datetime, step_id: int, reason: str = "", digest: str = "") -> Step:
    """Mark a step of an accepted plan as done, with a text (`reason`) or an attached file.

    After the last step the finding goes back to who made it. Raises `ActionError` without text or file, or where the
    step is already done.
    """
    finding = _lock_finding(Step.objects.values_list("finding_id", flat=True).get(pk=step_id), FindingStage.RUNNING)
    step: Step = finding.steps.get(pk=step_id)
    if step.done_on:
        raise ActionError(_("This step is done."))
    if not (reason.strip() or digest):
        raise ActionError(_("Say what was done, or attach a file that shows it."))
    refuse_unknown_file(finding.follow_up, digest)
    step.done_on, step.reason, step.digest = timezone.localdate(at), reason.strip(), digest
    step.save()
    if not finding.steps.filter(done_on=None).exists():
        _change_stage(finding, FindingStage.DONE, "", actor=actor, at=at)
    return step


@action(
    LABEL_OFFICER, OFFICER, title=gettext_lazy("Accept a plan or what was done, or ask again"),
    concerns=concerned_organisations("finding_id", operators=True),
)  # fmt: skip
def judge_finding(
    *, actor: Actor, at: dt.datetime, finding_id: int, accepted: bool, reason: str = "", due_on: dt.date | None = None
) -> Finding:
    """Accept a plan, which is then carried out, or what was done, which closes the finding; or ask for another plan.

    With `accepted` false, `due_on` may set another day by which the finding must be mended. Raises `ActionError` where
    nothing waits to be judged, for a refusal without a reason, for a past day, or for a day set when accepting.
    """
    finding = _lock_finding(finding_id, FindingStage.PLANNED, FindingStage.DONE)
    if not accepted and not reason.strip():
        raise ActionError(_("Say what is missing: the holder reads it."))
    if due_on:
        _extend_due_date(finding, due_on, accepted=accepted, day=timezone.localdate(at))
    next_stage = FindingStage.RUNNING if finding.stage == FindingStage.PLANNED else FindingStage.CLOSED
    return _change_stage(finding, next_stage if accepted else FindingStage.OPEN, reason.strip(), actor=actor, at=at)


def _extend_due_date(finding: Finding, due_on: dt.date, *, accepted: bool, day: dt.date) -> None:
    """Change the due day of a refused finding, and remove its reminders so that new ones are sent."""
    if accepted:
        raise ActionError(_("Another day goes with asking for another plan; leave it out to accept."))
    _refuse_past_date(due_on, day)
    finding.due_on = due_on
    Reminder.objects.filter(follow_up=finding.follow_up_id, about=finding.about).delete()
