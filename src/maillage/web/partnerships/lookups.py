"""The need of a page, for those who may run an action on it."""

from django.shortcuts import get_object_or_404
from django.utils import timezone

from maillage.core.action_registry import REGISTRY
from maillage.core.request import Request
from maillage.partnerships.models import Need
from maillage.partnerships.queries import needs


def get_need_for_action(request: Request, key: str, action: str) -> Need:
    """The visible need with this key, once the actor is known to be allowed to run the action on it.

    Raises Http404 where there is none, ActionForbiddenError where the actor may not run the action.
    """
    need: Need = get_object_or_404(needs(actor=request.actor), key=key)
    REGISTRY[f"partnerships.{action}"].check_allowed(request.actor, timezone.now(), {"need_id": need.pk})
    return need
