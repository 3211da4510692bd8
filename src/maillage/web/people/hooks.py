"""Ask officers and managers for a second factor when they sign in."""

from allauth.account.signals import user_logged_in
from django.contrib import messages
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from maillage.core.actors import MANAGER
from maillage.core.request import Request
from maillage.core.security.session_scope import read_everything
from maillage.people.models import Mandate, User
from maillage.people.second_factors import has_second_factor


@receiver(user_logged_in)
def ask_for_second_factor(request: Request, user: User, **_more: object) -> None:
    """Ask an officer or a manager without a second factor to set one up."""
    if (user.is_officer or _manages(user)) and not has_second_factor(user):
        text = _("Officers and managers are asked to protect their account with a second factor.")
        link = format_html('<a href="{}">{}</a>', reverse("mfa_index"), _("Set it up"))
        messages.info(request, format_html("{} {}", text, link))


def _manages(user: User) -> bool:
    with read_everything():
        return Mandate.objects.on(timezone.localdate()).filter(person=user.pk, role=MANAGER).exists()
