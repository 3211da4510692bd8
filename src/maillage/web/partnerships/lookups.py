"""The need of an address, for whoever may do something with it."""

from django.shortcuts import get_object_or_404
from django.utils import timezone

from maillage.core.action_registry import REGISTRY
from maillage.core.request import Request
from maillage.partnerships.models import Need
from maillage.partnerships.queries import needs


def get_need_for_action(request: Request, key: str, action: str) -> Need:
    """The need, if the reader may do what the action does; a foreign one is refused before any page is shown."""
    need: Need = get_object_or_404(needs(actor=request.actor), key=key)
    REGISTRY[f"partnerships.{action}"].check_allowed(request.actor, timezone.now(), {"need_id": need.pk})
    return need
