"""Lookups."""

from django.shortcuts import get_object_or_404
from django.utils import timezone

from maillage.calls.models import Call
from maillage.calls.queries import calls
from maillage.core.action_registry import REGISTRY
from maillage.core.request import Request


def get_call_for_review(request: Request, key: str, action: str = "assign_reviews") -> Call:
    """The call, for whoever may do what an action of its review does."""
    call: Call = get_object_or_404(calls(actor=request.actor), key=key)
    REGISTRY[f"reviews.{action}"].check_allowed(request.actor, timezone.now(), {"call_id": call.pk})
    return call
