"""The call of a page, for those who run its review."""

from django.shortcuts import get_object_or_404
from django.utils import timezone

from maillage.calls.models import Call
from maillage.calls.queries import calls
from maillage.core.action_registry import REGISTRY
from maillage.core.request import Request


def get_call_for_review(request: Request, key: str, action: str = "assign_reviews") -> Call:
    """The visible call with this key, once the actor is known to be allowed to run the action of its review.

    Raises `Http404` where there is none, `ActionForbiddenError` where the actor may not run the action.
    """
    call: Call = get_object_or_404(calls(actor=request.actor), key=key)
    REGISTRY[f"reviews.{action}"].check_allowed(request.actor, timezone.now(), {"call_id": call.pk})
    return call
