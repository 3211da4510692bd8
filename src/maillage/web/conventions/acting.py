"""What is done around a convention: opened, amended, signed, printed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maillage.conventions.actions import begin_amendment, drop_amendment, open_convention
from maillage.conventions.models import Convention, ConventionVersion
from maillage.conventions.paper import paper_of
from maillage.conventions.queries import conventions
from maillage.conventions.signing import sign_convention
from maillage.kernel.request import Request
from maillage.reviews.models import Decision
from maillage.web.acting import tried


def convention_of(request: Request, pk: int) -> Convention:
    """The convention of an address, for whoever reads it."""
    found: Convention = get_object_or_404(conventions(actor=request.actor), pk=pk)
    return found


def version_of(request: Request, pk: int, number: int) -> ConventionVersion:
    """One version of it."""
    convention = convention_of(request, pk)
    version: ConventionVersion = get_object_or_404(convention.versions.all(), number=number)
    version.convention = convention
    return version


@require_POST
def open_one(request: Request, pk: int) -> HttpResponse:
    """Open the convention of a decision."""
    decision = get_object_or_404(Decision.objects.exclude(award=None).select_related("award"), pk=pk)
    return redirect(tried(request, open_convention, decision_id=pk) or decision.award)


@require_POST
def amend(request: Request, pk: int) -> HttpResponse:
    """Begin an amendment."""
    return _done(request, convention_of(request, pk), begin_amendment, reason=request.POST.get("reason", ""))


@require_POST
def drop(request: Request, pk: int, number: int) -> HttpResponse:
    """Give up an amendment."""
    reason = request.POST.get("reason", "")
    return _done(request, convention_of(request, pk), drop_amendment, version=number, reason=reason)


@require_POST
def sign(request: Request, pk: int, number: int) -> HttpResponse:
    """Sign a version as it was read."""
    body, digest = request.POST.get("organisation", ""), request.POST.get("digest", "")
    signer = int(body) if body.isdecimal() and len(body) < 18 else 0
    convention = convention_of(request, pk)
    given = {"version": number, "organisation_id": signer, "digest": digest}
    if tried(request, sign_convention, convention_id=pk, **given):
        messages.success(request, _("Signed: it counts as long as nothing changes."))
    return redirect(convention)


def _done(request: Request, convention: Convention, act: Callable[..., Any], **given: Any) -> HttpResponse:
    tried(request, act, convention_id=convention.pk, **given)
    return redirect(convention)


@require_safe
def paper(request: Request, pk: int, number: int) -> HttpResponse:
    """The PDF of a version, for whoever reads it."""
    name = f"convention-{pk}-{number}.pdf"
    return HttpResponse(
        paper_of(version_of(request, pk, number)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-cache"},
    )
