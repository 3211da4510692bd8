from typing import Any

from django.apps import AppConfig
from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.kernel.actors import SYSTEM


def _end_tokens(request: Any, user: Any, **_more: Any) -> None:
    """Who changes the password may have lost it: what was opened with it ends."""
    from maillage.api.actions import revoke_tokens_of

    if revoke_tokens_of(actor=SYSTEM, at=timezone.now(), person_id=user.pk):
        messages.info(request, _("Your API tokens are revoked with the old password; make new ones where needed."))


class ApiConfig(AppConfig):
    name = "maillage.api"
    label = "api"

    def ready(self) -> None:
        from allauth.account import signals

        from maillage.api.models import ApiToken, GivenAnswer  # models are loaded only now
        from maillage.people.personal import Held, hold

        for changed in (signals.password_changed, signals.password_reset, signals.password_set):
            changed.connect(_end_tokens, dispatch_uid="end tokens")
        hold(
            Held("tokens", ApiToken, "person", ("name", "scopes", "created_at", "expires_at", "used_at", "revoked_at"))
        )
        hold(Held("answers", GivenAnswer, "person", ("key", "given_at")))
