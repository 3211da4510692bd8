"""Contradictions: both sides as pages show them, and the forms by which an officer settles or reopens one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core.action_registry import ActionError
from maillage.core.actions.contradictions import reopen_contradiction, settle_contradiction
from maillage.core.models import Contradiction
from maillage.core.request import Request
from maillage.listing.values import LocalisedText
from maillage.web.core.forms import SettleForm
from maillage.web.core.record_sections import contradiction_sections


@require_POST
def settle(request: Request, pk: int) -> HttpResponse:
    """Settle with a side and a reason; what is missing is said on the form."""
    contradiction = _visible(request, pk)
    form = SettleForm(request.POST, contradiction=contradiction)
    if form.is_valid():
        try:
            settle_contradiction(actor=request.actor, at=timezone.now(), contradiction_id=pk, **form.cleaned_data)
            messages.success(request, _("The contradiction is settled; the losing value stays visible."))
            return redirect("contradictions:record", pk)
        except ActionError as error:
            form.add_error(None, str(error))
    page = {"heading": LocalisedText(str(contradiction)), **contradiction_sections(request, contradiction, form)}
    return render(request, "web/settle.html", page, status=422)


@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    """Take a settlement back."""
    _visible(request, pk)
    reason = request.POST.get("reason", "").strip()[:2000]
    try:
        reopen_contradiction(actor=request.actor, at=timezone.now(), contradiction_id=pk, reason=reason)
        messages.success(request, _("The contradiction is open again."))
    except ActionError as error:
        messages.error(request, str(error))
    return redirect("contradictions:record", pk)


def _visible(request: Request, pk: int) -> Contradiction:
    return get_object_or_404(Contradiction.objects.visible_to(request.actor), pk=pk)
