"""Findings: made by who runs the label, planned and mended by the holder, accepted or asked again."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from maillage.charter.findings import PlannedStep, finish_step, judge_finding, make_finding, plan_finding
from maillage.charter.models import Finding, Severity, Stage
from maillage.charter.queries import files_by_digest, follow_ups
from maillage.kernel.actions import Impossible
from maillage.kernel.files.intake import Intake
from maillage.kernel.request import Request
from maillage.web.acting import done, may, tried
from maillage.web.charter.acting import DayInput, follow_up_of, form_page, long_text, says_of, with_file
from maillage.web.files import limits, taking_a_file

_ROWS = 6


class FindingForm(forms.Form):
    """Something found."""

    commitment = forms.ChoiceField(label=gettext_lazy("Commitment"))
    text = forms.CharField(label=gettext_lazy("What was found"), max_length=5_000, widget=long_text())
    severity = forms.ChoiceField(label=gettext_lazy("Severity"), choices=Severity.choices)
    due_on = forms.DateField(label=gettext_lazy("To be mended by"), widget=DayInput())


def make(request: Request, pk: int) -> HttpResponse:
    """Make a finding."""
    follow_up = follow_up_of(request, pk, "make_finding")
    initial = {"commitment": request.GET.get("commitment", "")}
    form = FindingForm(request.POST if request.method == "POST" else None, initial=initial)
    fields: dict[str, Any] = form.fields
    fields["commitment"].choices = [(one.key, f"{one.key}: {one.text}"[:120])
                                    for one in says_of(request, follow_up).commitments()]  # fmt: skip

    def act(**by: Any) -> Finding:
        return make_finding(follow_up_id=pk, **form.cleaned_data, **by)

    if made := done(request, form, act):
        return redirect("charter-finding", pk, made.pk)
    intro = _("The holder reads it and sends a plan by which it is mended.")
    return form_page(request, form, follow_up, heading=_("Make a finding"), intro=intro, go=_("Make it"))


def _finding(request: Request, pk: int, number: int) -> Finding:
    seen = follow_ups(actor=request.actor).filter(pk=pk)
    rows = Finding.objects.select_related("follow_up__holder", "follow_up__label")
    found: Finding = get_object_or_404(rows.prefetch_related("steps"), pk=number, follow_up__in=seen)
    return found


def page(request: Request, pk: int, number: int) -> HttpResponse:
    """A finding with its plan, and what the reader may do about it."""
    finding = _finding(request, pk, number)
    rows = _rows(request)
    if request.method == "POST" and _planned(request, finding, rows):
        return redirect("charter-finding", pk, number)
    files = files_by_digest(finding.follow_up, actor=request.actor)
    steps = sorted(finding.steps.all(), key=lambda one: (one.due_on, one.pk))
    judges = finding.stage in (Stage.PLANNED, Stage.DONE)
    context = {
        "finding": finding,
        "commitment": says_of(request, finding.follow_up).commitment(finding.commitment),
        "steps": [(one, files.get(one.digest)) for one in steps],
        "today": timezone.localdate(),
        "rows": rows + [("", "", "")] * (_ROWS - len(rows)),
        "may_plan": finding.stage == Stage.OPEN and may(request, "charter.plan_finding", finding_id=number),
        "may_finish": finding.stage == Stage.RUNNING and may(request, "charter.plan_finding", finding_id=number),
        "may_judge": judges and may(request, "charter.judge_finding", finding_id=number),
        **limits(),
    }
    return render(request, "web/charter/finding.html", context, status=422 if request.method == "POST" else 200)


def _rows(request: Request) -> list[tuple[str, str, str]]:
    """The lines of a plan that say something."""
    given = (request.POST.getlist(name) for name in ("text", "who", "due_on"))
    return [row for row in zip(*given, strict=False) if any(cell.strip() for cell in row)]


def _planned(request: Request, finding: Finding, rows: list[tuple[str, str, str]]) -> Finding | None:
    try:
        steps = [PlannedStep(text, who, _day(due_on)) for text, who, due_on in rows]
    except Impossible as error:
        messages.error(request, str(error))
        return None
    found: Finding | None = tried(request, plan_finding, finding_id=finding.pk, steps=steps)
    return found


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise Impossible(_("“%s” is not a day; write it as 2021-01-31.") % text[:40]) from error


@require_POST
@taking_a_file
def finish(request: Request, pk: int, number: int, step: int, intake: Intake) -> HttpResponse:
    """Say that a step is done."""
    finding = _finding(request, pk, number)
    get_object_or_404(finding.steps, pk=step)

    def act(**by: Any) -> Any:
        def say(**given: Any) -> Any:
            return finish_step(step_id=step, reason=request.POST.get("reason", ""), **given)

        return with_file(say, finding.follow_up, intake, **by)

    tried(request, act)
    return redirect("charter-finding", pk, number)


@require_POST
def judge(request: Request, pk: int, number: int) -> HttpResponse:
    """Accept, or ask again."""
    _finding(request, pk, number)
    given: dict[str, Any] = {"accepted": request.POST.get("do") == "accept", "reason": request.POST.get("reason", "")}
    until = request.POST.get("due_on", "")

    def act(**by: Any) -> Finding:
        return judge_finding(finding_id=number, due_on=_day(until) if until else None, **given, **by)

    tried(request, act)
    return redirect("charter-finding", pk, number)
