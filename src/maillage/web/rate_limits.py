"""Limits of what visitors without an account may send, counted by network address and by mail address."""

from allauth.core import ratelimit
from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError
from maillage.core.request import Request


def enforce_rate_limit(request: Request) -> None:
    """Raise `ActionError` if too much was sent from this address within an hour; signed-in persons are not limited."""
    if not request.user.is_authenticated and not ratelimit.consume(request, action="sent_without_account"):
        raise ActionError(_("Too many were sent from your address within an hour; come back later, or sign in."))


def enforce_contact_limit(request: Request, email: str) -> None:
    """Raise `ActionError` if too many needs were mailed to one contact within a day, whoever states them."""
    if not ratelimit.consume(request, action="mailed_to_contact", key=email.casefold()):
        raise ActionError(_("Too many needs were mailed to this organisation within a day; choose another, or wait."))


def enforce_proposal_limit(request: Request, email: str) -> None:
    """Raise `ActionError` if too many changes were proposed within a day: from here, by a mail address or a person."""
    key = str(request.user.pk) if request.user.is_authenticated else email.strip().casefold()
    action = "proposed_by_person" if request.user.is_authenticated else "proposed_without_account"
    if not ratelimit.consume(request, action=action, key=key):
        raise ActionError(_("Too many changes were proposed from your address within a day; come back tomorrow."))
