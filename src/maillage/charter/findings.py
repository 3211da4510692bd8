"""Findings: made by who runs the label, planned and mended by the holder, accepted or asked again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.charter.models import Finding, Reminder, Severity, Stage, Step
from maillage.charter.proving import HOLDER, commitment_of, held, refuse_unknown_file
from maillage.charter.queries import concerned
from maillage.charter.telling import tell_of_finding
from maillage.kernel.actions import Impossible, action
from maillage.kernel.actors import LABEL_OFFICER, OFFICER, Actor

MOST_STEPS = 50


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step to plan: what is done, who does it, by which day."""

    text: str
    who: str
    due_on: dt.date


@action(
    LABEL_OFFICER, OFFICER, title=gettext_lazy("Make a finding"), concerns=concerned("follow_up_id", offices=True)
)  # fmt: skip
def make_finding(
    *, actor: Actor, at: dt.datetime, follow_up_id: int, commitment: str, text: str, severity: str, due_on: dt.date
) -> Finding:
    """Say what is wrong with a commitment and by when it must be mended; the holder then plans how.

    Raises `Impossible` for a commitment or severity there is not, without a text, or with a day that is past.
    """
    follow_up, day = held(follow_up_id), timezone.localdate(at)
    commitment_of(follow_up, commitment, day)
    if severity not in Severity.values:
        raise Impossible(_("Choose one of the severities listed."))
    if not text.strip():
        raise Impossible(_("Say what was found."))
    _refuse_past(due_on, day)
    made: Finding = Finding.objects.create(
        follow_up=follow_up, commitment=commitment, text=text.strip(), severity=severity, due_on=due_on, found_on=day
    )
    tell_of_finding(made, actor=actor, at=at)
    return made


def _refuse_past(due_on: dt.date, day: dt.date) -> None:
    if due_on < day:
        raise Impossible(_("The day by which it must be mended is past; choose a later one."))


def _finding(finding_id: int, *stages: Stage) -> Finding:
    rows = Finding.objects.select_for_update(of=("self",))
    found: Finding = rows.select_related("follow_up__holder", "follow_up__label").get(pk=finding_id)
    if found.stage not in stages:
        raise Impossible(_("This cannot be done now: %s.") % found.get_stage_display())
    return found


def _entered(finding: Finding, stage: Stage, asked: str, *, actor: Actor, at: dt.datetime) -> Finding:
    finding.stage, finding.asked = stage, asked
    finding.save()
    tell_of_finding(finding, actor=actor, at=at)
    return finding


@action(*HOLDER, title=gettext_lazy("Plan how a finding is mended"), concerns=concerned("finding_id", holder=True))
def plan_finding(*, actor: Actor, at: dt.datetime, finding_id: int, steps: Sequence[PlannedStep]) -> Finding:
    """Send a plan; it takes the place of the steps not done of one before. Who runs the label then reads it.

    Raises `Impossible` without a step, for one that does not say what, or who, or that is due after the finding is.
    """
    finding = _finding(finding_id, Stage.OPEN)
    if not 0 < len(steps) <= MOST_STEPS:
        raise Impossible(_("A plan has 1 to %d steps.") % MOST_STEPS)
    for step in steps:
        if not step.text.strip() or not step.who.strip():
            raise Impossible(_("Each step says what is done, and who does it."))
        if step.due_on > finding.due_on:
            raise Impossible(_("Each step is due by the day of the finding."))
    finding.steps.filter(done_on=None).delete()
    Step.objects.bulk_create(
        Step(finding=finding, text=one.text.strip(), who=one.who.strip()[:200], due_on=one.due_on) for one in steps
    )
    return _entered(finding, Stage.PLANNED, "", actor=actor, at=at)


@action(*HOLDER, title=gettext_lazy("Say that a step is done"), concerns=concerned("step_id", holder=True))
def finish_step(*, actor: Actor, at: dt.datetime, step_id: int, reason: str = "", digest: str = "") -> Step:
    """A step of an accepted plan is done: what was done, in words or by an attached file.

    With the last step the finding goes back to who made it. Raises `Impossible` without words or file, or done twice.
    """
    finding = _finding(Step.objects.values_list("finding_id", flat=True).get(pk=step_id), Stage.RUNNING)
    step: Step = finding.steps.get(pk=step_id)
    if step.done_on:
        raise Impossible(_("This step is done."))
    if not (reason.strip() or digest):
        raise Impossible(_("Say what was done, or attach a file that shows it."))
    refuse_unknown_file(finding.follow_up, digest)
    step.done_on, step.reason, step.digest = timezone.localdate(at), reason.strip(), digest
    step.save()
    if not finding.steps.filter(done_on=None).exists():
        _entered(finding, Stage.DONE, "", actor=actor, at=at)
    return step


@action(
    LABEL_OFFICER, OFFICER, title=gettext_lazy("Accept a plan or what was done, or ask again"),
    concerns=concerned("finding_id", offices=True),
)  # fmt: skip
def judge_finding(
    *, actor: Actor, at: dt.datetime, finding_id: int, accepted: bool, reason: str = "", due_on: dt.date | None = None
) -> Finding:
    """Accept a plan, which is then carried out, or what was done, which closes the finding; or ask for another plan.

    Asked again, the finding may be given a later day (`due_on`) by which it must be mended. Raises `Impossible` where
    nothing waits to be judged, where it is asked again without a reason, or for a day that is past or set on accepting.
    """
    finding = _finding(finding_id, Stage.PLANNED, Stage.DONE)
    if not accepted and not reason.strip():
        raise Impossible(_("Say what is missing: the holder reads it."))
    if due_on:
        _give_until(finding, due_on, accepted=accepted, day=timezone.localdate(at))
    forward = Stage.RUNNING if finding.stage == Stage.PLANNED else Stage.CLOSED
    return _entered(finding, forward if accepted else Stage.OPEN, reason.strip(), actor=actor, at=at)


def _give_until(finding: Finding, due_on: dt.date, *, accepted: bool, day: dt.date) -> None:
    """Another day for a finding that is asked again; both sides are told anew once that is past."""
    if accepted:
        raise Impossible(_("Another day goes with asking for another plan; leave it out to accept."))
    _refuse_past(due_on, day)
    finding.due_on = due_on
    Reminder.objects.filter(follow_up=finding.follow_up_id, about=finding.about).delete()
