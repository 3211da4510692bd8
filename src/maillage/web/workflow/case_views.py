"""Cases: what waits for whoever is signed in, the page of one, and what may be done with it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core.action_registry import ActionForbiddenError
from maillage.core.request import Request
from maillage.people.queries import WaitingCases, count_waiting_cases_by_mandate
from maillage.presentation import record_links
from maillage.presentation.action_forms import parse_number, run_action_form
from maillage.register.models import Organisation
from maillage.workflow import queries
from maillage.workflow.actions.cases import apply_transition, move_case_to_version
from maillage.workflow.models import Case

CASES_SHOWN = 100


def desk_page(request: Request) -> HttpResponse:
    """What waits for the actor, the overdue first; and what else is overdue within reach."""
    if request.actor.user_id is None:
        raise ActionForbiddenError(_("Sign in to see what waits for you."))
    now = timezone.now()
    found = queries.waiting_cases(actor=request.actor, at=now)
    shown = list(found[:CASES_SHOWN])
    others = queries.overdue_cases(actor=request.actor, at=now).exclude(pk__in=[case.pk for case in shown])
    context = {
        "cases": shown,
        "count": found.count(),
        "others": list(others[:CASES_SHOWN]),
        "elsewhere": _elsewhere(request, now),
        "now": now,
    }
    return render(request, "web/waiting.html", context)


def _elsewhere(request: Request, now: dt.datetime) -> list[WaitingCases]:
    """What waits by the mandates that are not in use."""
    own = request.actor.acting.mandate_id if request.actor.acting else None
    found = count_waiting_cases_by_mandate(request.user, now)  # type: ignore[arg-type]
    return [one for one in found if one.mandate and one.mandate.pk != own]


def case_page(request: Request, pk: int) -> HttpResponse:
    """One case: where it stands, what led there, what may be done next."""
    return render(request, "web/case.html", _shown(request, _visible(request, pk)))


def _visible(request: Request, pk: int) -> Case:
    case: Case = get_object_or_404(queries.cases(actor=request.actor), pk=pk)
    return case


def _shown(request: Request, case: Case) -> dict[str, Any]:
    now = timezone.now()
    key = (case.record_kind, case.record_id or 0)
    organisations = Organisation.objects.visible_to(request.actor)
    others = queries.definition_versions(case.definition.name).exclude(pk=case.definition_id)
    return {
        "case": case,
        "overdue": bool(case.due_at and not case.ended_at and case.due_at < now),
        "record": record_links.record_headings([key], actor=request.actor).get(key),
        "organisation": organisations.filter(pk=case.organisation_id).first() if case.organisation_id else None,
        "steps": [_step(step) for step in case.steps.select_related("definition")[:200]],
        "ways": queries.available_transitions(case, actor=request.actor, at=now),
        "other_versions": others[:50] if request.actor.is_officer else [],
    }


def _step(step: Any) -> dict[str, Any]:
    way = step.definition.definition.transitions.get(step.transition)
    return {"step": step, "title": way.title if way else step.get_kind_display(), "state": step.state.title}


@require_POST
def apply_case_transition(request: Request, pk: int) -> HttpResponse:
    """Take a case through the transition chosen."""
    _visible(request, pk)
    transition, reason = request.POST.get("transition", "")[:60], _reason(request)
    response = _act(request, pk, apply_transition, transition=transition, reason=reason)
    back = request.POST.get("next", "")
    return redirect(back) if url_has_allowed_host_and_scheme(back, {request.get_host()}) else response


@require_POST
def move_case(request: Request, pk: int) -> HttpResponse:
    """Let a case go on with another version."""
    _visible(request, pk)
    version = parse_number(request.POST.get("version", ""), digits=8)
    state = request.POST.get("state", "").strip()[:60]
    return _act(request, pk, move_case_to_version, version=version, state=state, reason=_reason(request))


def _act(request: Request, pk: int, action: Callable[..., Case], **arguments: Any) -> HttpResponse:
    run_action_form(
        request,
        action,
        arguments={"case_id": pk, **arguments},
        success=lambda case: _("The case is now “%s”.") % case.current_state.title,
    )
    return redirect("case", pk)


def _reason(request: Request) -> str:
    return request.POST.get("reason", "").strip()[:5000]
