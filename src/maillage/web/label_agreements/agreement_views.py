"""What is done around a convention: opened, amended, signed, printed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.core.request import Request
from maillage.label_agreements.actions.agreements import open_agreement
from maillage.label_agreements.actions.amendments import begin_amendment, drop_amendment
from maillage.label_agreements.actions.signatures import sign_agreement
from maillage.label_agreements.agreement_pdf import render_agreement_pdf
from maillage.label_agreements.models import LabelAgreement
from maillage.labels.models import Award
from maillage.presentation.action_forms import run_action
from maillage.web.label_agreements.lookups import get_agreement, get_agreement_version


@require_POST
def open_for_decision(request: Request, pk: int) -> HttpResponse:
    """Open the convention of a decision."""
    award = get_object_or_404(Award, decision=pk)
    return redirect(run_action(request, open_agreement, decision_id=pk) or award)


@require_POST
def amend(request: Request, pk: int) -> HttpResponse:
    """Begin an amendment."""
    return _done(request, get_agreement(request, pk), begin_amendment, reason=request.POST.get("reason", ""))


@require_POST
def drop(request: Request, pk: int, number: int) -> HttpResponse:
    """Give up an amendment."""
    reason = request.POST.get("reason", "")
    return _done(request, get_agreement(request, pk), drop_amendment, version=number, reason=reason)


@require_POST
def sign(request: Request, pk: int, number: int) -> HttpResponse:
    """Sign a version as it was read."""
    body, digest = request.POST.get("organisation", ""), request.POST.get("digest", "")
    signer = int(body) if body.isdecimal() and len(body) < 18 else 0
    agreement = get_agreement(request, pk)
    given = {"version": number, "organisation_id": signer, "digest": digest}
    if run_action(request, sign_agreement, agreement_id=pk, **given):
        messages.success(request, _("Signed: it counts as long as nothing changes."))
    return redirect(agreement)


def _done(request: Request, agreement: LabelAgreement, act: Callable[..., Any], **given: Any) -> HttpResponse:
    run_action(request, act, agreement_id=agreement.pk, **given)
    return redirect(agreement)


@require_safe
def agreement_pdf(request: Request, pk: int, number: int) -> HttpResponse:
    """The PDF of a version, for whoever reads it."""
    name = f"convention-{pk}-{number}.pdf"
    return HttpResponse(
        render_agreement_pdf(get_agreement_version(request, pk, number)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-cache"},
    )
