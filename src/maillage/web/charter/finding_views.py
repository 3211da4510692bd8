"""Pages of findings: made by those who run the label, planned and completed by the holder, accepted or returned."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.charter.actions.findings import (
    PlannedStep,
    finish_step,
    judge_finding,
    make_finding,
    plan_finding,
)
from maillage.charter.models import Finding, FindingStage
from maillage.charter.queries import files_by_digest, follow_ups
from maillage.core.action_registry import ActionError
from maillage.core.days import parse_day
from maillage.core.request import Request
from maillage.core.text import label_and_value
from maillage.files.uploads import StreamingUploadHandler
from maillage.presentation.action_forms import is_action_allowed, run_action_form
from maillage.presentation.form_types import FormField
from maillage.web.charter.action_forms import follow_up_form_page, run_with_file
from maillage.web.charter.forms import FindingForm
from maillage.web.charter.lookups import charter_document_on, get_follow_up_for_action
from maillage.web.files.uploads import accepts_upload, upload_limits

_ROWS = 6


def new_finding_page(request: Request, pk: int) -> HttpResponse:
    """Make a finding."""
    follow_up = get_follow_up_for_action(request, pk, "make_finding")
    initial = {"commitment": request.GET.get("commitment", "")}
    form = FindingForm(request.POST if request.method == "POST" else None, initial=initial)
    fields: dict[str, FormField] = form.fields
    fields["commitment"].choices = [
        (commitment.key, label_and_value(commitment.key, commitment.text)[:120])
        for commitment in charter_document_on(request, follow_up).commitments()
    ]

    if outcome := run_action_form(request, partial(make_finding, follow_up_id=pk), form):
        return redirect("charter-finding", pk, outcome.value.pk)
    intro = _("The holder reads it and sends a plan by which it is mended.")
    return follow_up_form_page(request, form, follow_up, heading=_("Make a finding"), intro=intro, go=_("Make it"))


def _get_finding(request: Request, pk: int, number: int) -> Finding:
    visible_follow_ups = follow_ups(actor=request.actor).filter(pk=pk)
    rows = Finding.objects.select_related("follow_up__holder", "follow_up__label")
    finding: Finding = get_object_or_404(rows.prefetch_related("steps"), pk=number, follow_up__in=visible_follow_ups)
    return finding


def finding_page(request: Request, pk: int, number: int) -> HttpResponse:
    """A finding with its plan, and the reader's actions."""
    finding = _get_finding(request, pk, number)
    rows = _posted_rows(request)
    if run_action_form(request, plan_finding, arguments=lambda: {"finding_id": number, "steps": _planned_steps(rows)}):
        return redirect("charter-finding", pk, number)
    files = files_by_digest(finding.follow_up, actor=request.actor)
    steps = sorted(finding.steps.all(), key=lambda step: (step.due_on, step.pk))
    is_judgeable = finding.stage in (FindingStage.PLANNED, FindingStage.DONE)
    context = {
        "finding": finding,
        "commitment": charter_document_on(request, finding.follow_up).commitment(finding.commitment),
        "steps": [(step, files.get(step.digest)) for step in steps],
        "today": timezone.localdate(),
        "rows": rows + [("", "", "")] * (_ROWS - len(rows)),
        "may_plan": finding.stage == FindingStage.OPEN
        and is_action_allowed(request, "charter.plan_finding", finding_id=number),
        "may_finish": finding.stage == FindingStage.RUNNING
        and is_action_allowed(request, "charter.plan_finding", finding_id=number),
        "may_judge": is_judgeable and is_action_allowed(request, "charter.judge_finding", finding_id=number),
        **upload_limits(),
    }
    return render(request, "web/charter/finding.html", context, status=422 if request.method == "POST" else 200)


def _posted_rows(request: Request) -> list[tuple[str, str, str]]:
    """The posted rows of a plan that are not empty: text, who, due day."""
    columns = (request.POST.getlist(name) for name in ("text", "who", "due_on"))
    return [row for row in zip(*columns, strict=False) if any(cell.strip() for cell in row)]


def _planned_steps(rows: list[tuple[str, str, str]]) -> list[PlannedStep]:
    return [PlannedStep(text, who, parse_day(due_on, ActionError)) for text, who, due_on in rows]


@require_POST
@accepts_upload
def complete_step(request: Request, pk: int, number: int, step: int, intake: StreamingUploadHandler) -> HttpResponse:
    """Complete a step of the plan."""
    finding = _get_finding(request, pk, number)
    get_object_or_404(finding.steps, pk=step)
    reason = request.POST.get("reason", "")
    action = partial(run_with_file, finish_step, finding.follow_up, intake, step_id=step, reason=reason)
    run_action_form(request, action)
    return redirect("charter-finding", pk, number)


@require_POST
def judge(request: Request, pk: int, number: int) -> HttpResponse:
    """Accept the finding as settled, or return it to the holder with another day."""
    _get_finding(request, pk, number)
    due_on = request.POST.get("due_on", "")
    run_action_form(
        request,
        judge_finding,
        arguments=lambda: {
            "finding_id": number,
            "accepted": request.POST.get("do") == "accept",
            "reason": request.POST.get("reason", ""),
            "due_on": parse_day(due_on, ActionError) if due_on else None,
        },
    )
    return redirect("charter-finding", pk, number)
