"""The follow-up of a page, and its charter."""

from django.shortcuts import get_object_or_404
from django.utils import timezone

from maillage.charter.charter_document import CharterDocument
from maillage.charter.models import FollowUp
from maillage.charter.queries import charter_version_of, follow_ups
from maillage.core.action_registry import REGISTRY
from maillage.core.request import Request


def get_follow_up_for_action(request: Request, pk: int, action: str) -> FollowUp:
    """The visible follow-up with this id, once the actor is known to be allowed to run the action on it.

    Raises `Http404` where there is none, `ActionForbiddenError` where the actor may not run the action.
    """
    follow_up: FollowUp = get_object_or_404(follow_ups(actor=request.actor), pk=pk)
    REGISTRY[f"charter.{action}"].check_allowed(request.actor, timezone.now(), {"follow_up_id": follow_up.pk})
    return follow_up


def charter_document_on(request: Request, follow_up: FollowUp) -> CharterDocument:
    """The charter that applies to a follow-up on the day read."""
    return charter_version_of(follow_up, request.as_of.on).document
