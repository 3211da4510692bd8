"""Who a token stands for."""

import datetime as dt
import hashlib

from django.utils import timezone

from maillage.api.models import ApiToken
from maillage.kernel.actors import Actor
from maillage.people.queries import actor_of


def digest(secret: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_of(secret: str, at: dt.datetime) -> ApiToken | None:
    """The token that opens something at that moment: neither expired nor revoked, and of a person still active."""
    found: ApiToken | None = (
        ApiToken.objects.filter(digest=digest(secret), revoked_at=None, expires_at__gt=at, person__is_active=True)
        .select_related("person")
        .first()
    )
    return found


def actor_of_token(token: ApiToken, at: dt.datetime) -> Actor | None:
    """The person with the token's mandate; `None` where that mandate is not in force on that day."""
    actor = actor_of(token.person, at, token.mandate_id, only_mandate=token.mandate_id is not None)
    if token.mandate_id and not (actor.acting and actor.acting.holds_on(timezone.localdate(at))):
        return None
    return actor


def tokens_of(actor: Actor) -> list[ApiToken]:
    """The tokens of the person who acts, the latest first."""
    return list(ApiToken.objects.filter(person=actor.user_id or 0).order_by("-created_at")[:100])
