"""Who a token stands for."""

import datetime as dt
import hashlib

from django.utils import timezone

from maillage.api.models import ApiToken
from maillage.core.actors import Actor
from maillage.people import mandate_scope
from maillage.people.queries import actor_of_person

# Every request asks for them, and what is not read costs nothing.
_TOKEN_FIELDS = (
    *("scopes", "used_at", "person__name", "person__is_officer"),
    *(f"mandate__{name}" for name in ("person", "role", "first_day", "last_day")),
    *(f"mandate__organisation__{name}" for name in ("acronym", "name_fr", "name_en")),
)


def secret_digest(secret: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def get_token_and_actor(secret: str, at: dt.datetime) -> tuple[ApiToken, Actor] | None:
    """The token of a secret and the actor it stands for, in one query.

    A token with a mandate acts by that mandate only. There is nothing where the token has expired or was revoked, where
    its person is no longer active, or where its mandate is not in force on that day.
    """
    day = timezone.localdate(at)
    tokens = ApiToken.objects.filter(
        digest=secret_digest(secret), revoked_at=None, expires_at__gt=at, person__is_active=True
    )
    found = tokens.select_related("person", "mandate__organisation").annotate(
        **mandate_scope.scope_annotations(day, "mandate__")
    )
    token: ApiToken | None = found.only(*_TOKEN_FIELDS).first()
    if token is None:
        return None
    if token.mandate is None:
        return token, actor_of_person(token.person)
    acting = mandate_scope.acting_by_mandate(token.mandate, token)
    held = token.mandate.person_id == token.person_id and acting.holds_on(day)
    return (token, actor_of_person(token.person, acting, only_mandate=True)) if held else None


def tokens_of(actor: Actor) -> list[ApiToken]:
    """The tokens of the person who acts, the latest first."""
    return list(ApiToken.objects.filter(person=actor.user_id or 0).order_by("-created_at")[:100])
