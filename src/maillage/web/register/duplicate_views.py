"""Pages for officers: pairs of similar records, and merges that can be undone."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core.request import Request
from maillage.presentation.action_forms import redirect_after_action, require_officer
from maillage.register import queries
from maillage.register.actions import merges as actions

_SHOWN = 50


def lookalikes_page(request: Request) -> HttpResponse:
    """The pairs still to decide, the oldest first, and the last merges."""
    require_officer(request, _("The review list is for officers of the site."))
    merges = queries.merges(actor=request.actor).filter(undone_at=None).select_related("kept", "absorbed")
    context = {
        "pairs": queries.list_lookalikes(actor=request.actor, limit=_SHOWN),
        "merges": merges.order_by("-pk")[:_SHOWN],
    }
    return render(request, "web/lookalikes.html", context)


@require_POST
def decide_pair(request: Request, pk: int) -> HttpResponse:
    """Decide whether two records are the same organisation."""
    same = request.POST.get("decision") == "same"
    success = _("The two records are one now; this can be undone.") if same else _("The two records stay apart.")
    return redirect_after_action(
        request,
        actions.decide_lookalike,
        reverse("lookalikes"),
        success,
        lookalike_id=pk,
        decision="same" if same else "different",
        reason=_reason(request),
    )


@require_POST
def undo_merge(request: Request, pk: int) -> HttpResponse:
    """Undo a merge."""
    to, success = reverse("lookalikes"), _("The merge is undone.")
    return redirect_after_action(request, actions.undo_merge, to, success, merge_id=pk, reason=_reason(request))


def _reason(request: Request) -> str:
    return request.POST.get("reason", "").strip()[:2000]
