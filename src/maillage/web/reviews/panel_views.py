"""Pages of the panel of a call, for those who run it: reviewers, conflicts, assignments and replacements."""

import datetime as dt
from functools import partial

from django.db.models import Case, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.calls.models import Call
from maillage.core.request import Request
from maillage.core.security.session_scope import read_everything
from maillage.matching.panels import PanelAssignment
from maillage.presentation.action_forms import (
    organisation_id_of_key,
    posted_data,
    redirect_after_action,
    run_action_form,
)
from maillage.presentation.form_types import CleanedData
from maillage.reviews.actions.assignments import assign_reviews, replace_reviewer
from maillage.reviews.actions.panels import open_next_phase
from maillage.reviews.actions.reviewers import name_reviewer
from maillage.reviews.models import Assignment, AssignmentState, Conflict, Panel, Reviewer, ReviewPhase
from maillage.reviews.queries import submitted_applications
from maillage.reviews.replacement_reviewers import list_replacement_reviewers
from maillage.web.reviews.forms import ReplacementForm, ReviewerForm
from maillage.web.reviews.lookups import get_call_for_review

_SHOWN = 400


def _reviewer_arguments(request: Request, posted: CleanedData) -> dict[str, object]:
    arguments: dict[str, object] = {name: posted[name] for name in ("email", "most") if name in posted}
    if "competences" in posted:
        arguments["competences"] = posted["competences"].split(",")
    if key := posted.get("employer"):
        arguments["employer_id"] = organisation_id_of_key(request, key)
    elif "employer" in posted:
        arguments["employer_id"] = None
    return arguments


def panel_page(request: Request, key: str) -> HttpResponse:
    """Reviewers, assignments, conflicts and the phase of the review."""
    call = get_call_for_review(request, key)
    form = ReviewerForm(request.POST if request.POST.get("do") == "name" else None)

    action = partial(name_reviewer, call_id=call.pk)
    if run_action_form(request, action, form, arguments=lambda: _reviewer_arguments(request, form.posted)):
        return redirect("call-panel", key)
    conflicts = Conflict.objects.filter(reviewer__call=call).order_by("reviewer__person__name", "pk")
    phase = Panel.objects.filter(call=call).values_list("phase", flat=True).first() or ReviewPhase.INDEPENDENT
    today = timezone.localdate()
    context = {
        "call": call,
        "form": form,
        "reviewers": Reviewer.objects.filter(call=call).select_related("person", "employer").order_by("person__name"),
        "assignments": _assignment_rows(call, today),
        "conflicts": conflicts.select_related("reviewer__person", "application")[:_SHOWN],
        "applications": len(submitted_applications(call)),
        "phase": ReviewPhase(phase),
        "next": _next_phase(ReviewPhase(phase)),
        "review": call.last.document.review,
    }
    return render(request, "web/reviews/panel.html", context, status=422 if form.is_bound else 200)


def _assignment_rows(call: Call, day: dt.date) -> list[dict[str, object]]:
    """The assignments with their days late; late ones come first, the longest overdue at the top."""
    assignments = Assignment.objects.filter(reviewer__call=call).select_related("application", "reviewer__person")
    late = Case(When(state=AssignmentState.ASKED, due_on__lt=day, then="due_on"))
    rows = assignments.order_by(late.asc(nulls_last=True), "application_id", "pk")[:_SHOWN]
    return [{"held": assignment, "late": assignment.days_late(day)} for assignment in rows]


def _next_phase(phase: ReviewPhase) -> ReviewPhase | None:
    order = list(ReviewPhase)
    position = order.index(phase) + 1
    return order[position] if position < len(order) else None


@require_POST
def assign(request: Request, key: str) -> HttpResponse:
    """Assign reviewers to applications; the message says whether the assignment is proven best."""
    call = get_call_for_review(request, key)
    run_action_form(request, assign_reviews, arguments={"call_id": call.pk}, success=_assignment_words)
    return redirect("call-panel", key)


def _assignment_words(assignment: PanelAssignment) -> str:
    lacking = sum(lack.missing for lack in assignment.lacks)
    best = _("The best assignment, proven.") if assignment.proven else _("The best assignment found in time.")
    return f"{best} " + (_("Reviews still lacking: %d.") % lacking if lacking else "")


@require_POST
def advance(request: Request, key: str) -> HttpResponse:
    """Open the next phase."""
    call, phase = get_call_for_review(request, key), request.POST.get("phase", "")
    return redirect_after_action(
        request, open_next_phase, reverse("call-panel", args=[key]), call_id=call.pk, phase=phase
    )


def replacement_page(request: Request, key: str, pk: int) -> HttpResponse:
    """Replace a reviewer: list who could take over, then ask the one chosen."""
    call = get_call_for_review(request, key)
    assignments = Assignment.objects.select_related("reviewer__person", "application__version__call")
    assignment = get_object_or_404(assignments, pk=pk, reviewer__call=call, state=AssignmentState.ASKED)
    with read_everything():
        form = ReplacementForm(posted_data(request), able=(able := list_replacement_reviewers(assignment)))
    outcome = run_action_form(
        request,
        partial(replace_reviewer, assignment_id=pk),
        form,
        arguments=lambda: {
            "reason": form.cleaned_data["reason"],
            "successor_id": int(form.cleaned_data["successor"]),
        },
        success=_("Somebody else is asked, and both are notified."),
    )
    if outcome:
        return redirect("call-panel", key)
    context = {
        "call": call,
        "held": assignment,
        "late": assignment.days_late(timezone.localdate()),
        "form": form,
        "able": able,
    }
    return render(request, "web/reviews/replace.html", context, status=422 if form.is_bound else 200)
