"""Personal data of the API, and the revocation of tokens when a password changes."""

from allauth.account import signals
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.api.actions.tokens import revoke_tokens_of
from maillage.api.models import ApiToken, StoredResponse
from maillage.core.actors import SYSTEM
from maillage.people.models import User
from maillage.people.personal_data import PersonalData, register_personal_data

_TOKEN_FIELDS = ("name", "scopes", "created_at", "expires_at", "used_at", "revoked_at")

register_personal_data(PersonalData("tokens", ApiToken, "person", _TOKEN_FIELDS))
register_personal_data(PersonalData("answers", StoredResponse, "person", ("key", "given_at")))


def revoke_tokens_after_password_change(request: HttpRequest, user: User, **_more: object) -> None:
    """Revoke the tokens of a person who changes the password, since the old password may have leaked."""
    if revoke_tokens_of(actor=SYSTEM, at=timezone.now(), person_id=user.pk):
        messages.info(request, _("Your API tokens are revoked with the old password; make new ones where needed."))


for _changed in (signals.password_changed, signals.password_reset, signals.password_set):
    _changed.connect(revoke_tokens_after_password_change, dispatch_uid="revoke tokens")
