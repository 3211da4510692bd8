"""Forms by which an officer settles or reopens a contradiction."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core.actions.contradictions import reopen_contradiction, settle_contradiction
from maillage.core.models import Contradiction
from maillage.core.request import Request
from maillage.listing.values import LocalisedText
from maillage.presentation.action_forms import redirect_after_action, run_action_form
from maillage.web.core.forms import SettleForm
from maillage.web.core.record_sections import contradiction_sections


@require_POST
def settle(request: Request, pk: int) -> HttpResponse:
    """Settle a contradiction with a side and a reason."""
    contradiction = _get_contradiction(request, pk)
    form = SettleForm(request.POST, contradiction=contradiction)
    success = _("The contradiction is settled; the losing value stays visible.")
    if run_action_form(request, partial(settle_contradiction, contradiction_id=pk), form, success=success):
        return redirect("contradictions:record", pk)
    context = {"heading": LocalisedText(str(contradiction)), **contradiction_sections(request, contradiction, form)}
    return render(request, "web/settle.html", context, status=422)


@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    """Reopen a settled contradiction."""
    _get_contradiction(request, pk)
    to, reason = reverse("contradictions:record", args=[pk]), request.POST.get("reason", "").strip()[:2000]
    success = _("The contradiction is open again.")
    return redirect_after_action(request, reopen_contradiction, to, success, contradiction_id=pk, reason=reason)


def _get_contradiction(request: Request, pk: int) -> Contradiction:
    contradiction: Contradiction = get_object_or_404(Contradiction.objects.visible_to(request.actor), pk=pk)
    return contradiction
