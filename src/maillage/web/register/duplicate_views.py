"""The review list of an officer: records that look alike, and merges that can be undone."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maillage.core.action_registry import ActionError, ActionForbiddenError
from maillage.core.request import Request
from maillage.register import queries
from maillage.register.actions import merges as actions

_SHOWN = 50


def lookalikes_page(request: Request) -> HttpResponse:
    """The pairs still to decide, the oldest first, and the last merges."""
    _officers_only(request)
    merges = queries.merges(actor=request.actor).filter(undone_at=None).select_related("kept", "absorbed")
    context = {
        "pairs": queries.list_lookalikes(actor=request.actor, limit=_SHOWN),
        "merges": merges.order_by("-pk")[:_SHOWN],
    }
    return render(request, "web/lookalikes.html", context)


@require_POST
def decide_pair(request: Request, pk: int) -> HttpResponse:
    """Say whether two records are the same body."""
    same = request.POST.get("decision") == "same"
    done = _("The two records are one now; this can be undone.") if same else _("The two records stay apart.")
    decision = "same" if same else "different"
    _do(request, done, actions.decide_lookalike, lookalike_id=pk, decision=decision, reason=_reason(request))
    return redirect("lookalikes")


@require_POST
def undo_merge(request: Request, pk: int) -> HttpResponse:
    """Take a merge back."""
    _do(request, _("The merge is undone."), actions.undo_merge, merge_id=pk, reason=_reason(request))
    return redirect("lookalikes")


def _do(request: Request, done: str, act: Any, **arguments: Any) -> None:
    at: dt.datetime = timezone.now()
    try:
        act(actor=request.actor, at=at, **arguments)
        messages.success(request, done)
    except ActionError as error:
        messages.error(request, str(error))
    except ObjectDoesNotExist as error:
        raise Http404(_("This is no longer in the list.")) from error


def _reason(request: Request) -> str:
    return request.POST.get("reason", "").strip()[:2000]


def _officers_only(request: Request) -> None:
    if not request.actor.is_officer:
        raise ActionForbiddenError(_("The review list is for officers of the site."))
