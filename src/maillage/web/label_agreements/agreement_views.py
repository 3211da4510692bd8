"""Actions on label agreements (open, amend, sign), and their PDF."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.core.request import Request
from maillage.label_agreements.actions.agreements import open_agreement
from maillage.label_agreements.actions.amendments import begin_amendment, drop_amendment
from maillage.label_agreements.actions.signatures import sign_agreement
from maillage.label_agreements.agreement_pdf import render_agreement_pdf
from maillage.labels.models import Award
from maillage.presentation.action_forms import parse_number, redirect_after_action, run_action_form
from maillage.web.label_agreements.lookups import get_agreement, get_agreement_version


@require_POST
def open_for_decision(request: Request, pk: int) -> HttpResponse:
    """Open the label agreement that follows a decision."""
    award = get_object_or_404(Award, decision=pk)
    outcome = run_action_form(request, open_agreement, arguments={"decision_id": pk})
    return redirect(outcome.value if outcome else award)


@require_POST
def amend(request: Request, pk: int) -> HttpResponse:
    """Begin an amendment."""
    reason = request.POST.get("reason", "")
    return redirect_after_action(request, begin_amendment, get_agreement(request, pk), agreement_id=pk, reason=reason)


@require_POST
def drop(request: Request, pk: int, number: int) -> HttpResponse:
    """Drop an amendment."""
    to, reason = get_agreement(request, pk), request.POST.get("reason", "")
    return redirect_after_action(request, drop_amendment, to, agreement_id=pk, version=number, reason=reason)


@require_POST
def sign(request: Request, pk: int, number: int) -> HttpResponse:
    """Sign a version in the state that was read, named by its digest."""
    return redirect_after_action(
        request,
        sign_agreement,
        get_agreement(request, pk),
        _("Signed: it counts as long as nothing changes."),
        agreement_id=pk,
        version=number,
        organisation_id=parse_number(request.POST.get("organisation", "")),
        digest=request.POST.get("digest", ""),
    )


@require_safe
def agreement_pdf(request: Request, pk: int, number: int) -> HttpResponse:
    """The PDF of a version."""
    name = f"convention-{pk}-{number}.pdf"
    return HttpResponse(
        render_agreement_pdf(get_agreement_version(request, pk, number)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-cache"},
    )
