"""Actions on API tokens: create and revoke."""

import datetime as dt
import secrets

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.api.models import ApiToken, TokenScope
from maillage.api.queries import secret_digest
from maillage.core.action_registry import ActionError, ActionForbiddenError, action
from maillage.core.actors import READER, Actor
from maillage.core.security.session_scope import ACTION_SCOPE, use_scope
from maillage.people.models import Mandate

MAX_TOKEN_DAYS = 366
_USE_INTERVAL = dt.timedelta(hours=1)


# A token that could make tokens would outlive its own revocation: pages and commands alone make them.
@action(READER, title=gettext_lazy("Create an API token"), over_api=False)
def create_token(
    *, actor: Actor, at: dt.datetime, name: str, scopes: list[str], days: int, mandate_id: int | None = None
) -> tuple[ApiToken, str]:
    """Create a token for `scopes` (`read`, `write`), valid for `days` days; returns it and its secret, shown once.

    Raises `ActionForbiddenError` if the actor is not signed in or does not hold the mandate today, `ActionError` for
    an invalid name, scope or number of days.
    """
    if actor.user_id is None:
        raise ActionForbiddenError(_("Sign in first: a token acts for a person."))
    _check_token(name, scopes, days)
    mandates = Mandate.objects.on(timezone.localdate(at)).filter(person=actor.user_id)
    if mandate_id is not None and not mandates.filter(pk=mandate_id).exists():
        raise ActionForbiddenError(_("You do not hold this mandate today."))
    secret = f"mlg_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        person_id=actor.user_id,
        mandate_id=mandate_id,
        name=name.strip(),
        scopes=sorted(set(scopes)),
        digest=secret_digest(secret),
        created_at=at,
        expires_at=at + dt.timedelta(days=days),
    )
    return token, secret


def _check_token(name: str, scopes: list[str], days: int) -> None:
    if not 0 < len(name.strip()) <= 100:
        raise ActionError(_("Name the token after what will use it, in at most 100 letters."))
    if not scopes or set(scopes) - set(TokenScope.values):
        raise ActionError(_("A token opens “read”, “write” or both."))
    if not 1 <= days <= MAX_TOKEN_DAYS:
        raise ActionError(_("A token lasts from 1 to %(days)s days.") % {"days": MAX_TOKEN_DAYS})


@action(READER, title=gettext_lazy("Revoke an API token"))
def revoke_token(*, actor: Actor, at: dt.datetime, token_id: int) -> None:
    """Revoke a token at once; allowed to its person and to officers. A revoked token stays as it is."""
    tokens = ApiToken.objects.select_for_update()
    token = (tokens if actor.is_officer else tokens.filter(person=actor.user_id or 0)).get(pk=token_id)
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])


@action(title=gettext_lazy("Revoke all tokens of a person"))
def revoke_tokens_of(*, actor: Actor, at: dt.datetime, person_id: int) -> int:
    """Revoke all tokens of a person at once, for example after a change of password; returns how many."""
    revoked: int = ApiToken.objects.filter(person=person_id, revoked_at=None).update(revoked_at=at)
    return revoked


def record_token_use(token: ApiToken, at: dt.datetime) -> None:
    """Record when the token was last used, at most once an hour."""
    if token.used_at is None or token.used_at <= at - _USE_INTERVAL:
        unused = Q(used_at=None) | Q(used_at__lte=at - _USE_INTERVAL)
        with use_scope(ACTION_SCOPE):
            ApiToken.objects.filter(unused, pk=token.pk).update(used_at=at)
