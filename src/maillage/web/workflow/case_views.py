"""Cases: the page of a case, and its actions."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core.request import Request
from maillage.presentation import record_links
from maillage.presentation.action_forms import parse_number, run_action_form
from maillage.register.models import Organisation
from maillage.workflow import queries
from maillage.workflow.actions.cases import apply_transition, move_case_to_version
from maillage.workflow.models import Case, CaseStep


def case_page(request: Request, pk: int) -> HttpResponse:
    """A case: its state, its steps and its available transitions."""
    return render(request, "web/case.html", _case_context(request, _get_case(request, pk)))


def _get_case(request: Request, pk: int) -> Case:
    case: Case = get_object_or_404(queries.cases(actor=request.actor), pk=pk)
    return case


def _case_context(request: Request, case: Case) -> dict[str, object]:
    now = timezone.now()
    key = (case.record_kind, case.record_id or 0)
    organisations = Organisation.objects.visible_to(request.actor)
    others = queries.definition_versions(case.definition.name).exclude(pk=case.definition_id)
    return {
        "case": case,
        "overdue": bool(case.due_at and not case.ended_at and case.due_at < now),
        "record": record_links.record_headings([key], actor=request.actor).get(key),
        "organisation": organisations.filter(pk=case.organisation_id).first() if case.organisation_id else None,
        "steps": [_step_context(step) for step in case.steps.select_related("definition")[:200]],
        "ways": queries.available_transitions(case, actor=request.actor, at=now),
        "other_versions": others[:50] if request.actor.is_officer else [],
    }


def _step_context(step: CaseStep) -> dict[str, object]:
    transition = step.definition.definition.transitions.get(step.transition)
    return {
        "step": step,
        "title": transition.title if transition else step.get_kind_display(),
        "state": step.state.title,
    }


@require_POST
def apply_case_transition(request: Request, pk: int) -> HttpResponse:
    """Apply the chosen transition to a case."""
    _get_case(request, pk)
    transition, reason = request.POST.get("transition", "")[:60], _reason(request)
    response = _run_case_action(request, pk, apply_transition, transition=transition, reason=reason)
    next_url = request.POST.get("next", "")
    return redirect(next_url) if url_has_allowed_host_and_scheme(next_url, {request.get_host()}) else response


@require_POST
def move_case(request: Request, pk: int) -> HttpResponse:
    """Move a case to another version of its process."""
    _get_case(request, pk)
    version = parse_number(request.POST.get("version", ""), digits=8)
    state = request.POST.get("state", "").strip()[:60]
    return _run_case_action(request, pk, move_case_to_version, version=version, state=state, reason=_reason(request))


def _run_case_action(request: Request, pk: int, action: Callable[..., Case], **arguments: object) -> HttpResponse:
    run_action_form(
        request,
        action,
        arguments={"case_id": pk, **arguments},
        success=lambda case: _("The case is now “%s”.") % case.current_state.title,
    )
    # A case that waited for a role may be closed to it once it waits for another.
    return redirect("case", pk) if queries.cases(actor=request.actor).filter(pk=pk).exists() else redirect("desk")


def _reason(request: Request) -> str:
    return request.POST.get("reason", "").strip()[:5000]
