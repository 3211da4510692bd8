"""Read tokens and their actors."""

import datetime as dt
import hashlib

from django.utils import timezone

from maillage.api.models import ApiToken
from maillage.core.actors import Actor
from maillage.people import mandate_scope
from maillage.people.queries import actor_of_person

# Read for every request: only the columns that are needed.
_TOKEN_FIELDS = (
    *("scopes", "used_at", "person__name", "person__is_officer"),
    *(f"mandate__{name}" for name in ("person", "role", "first_day", "last_day")),
    *(f"mandate__organisation__{name}" for name in ("acronym", "name_fr", "name_en")),
)


def secret_digest(secret: str) -> str:
    """The digest under which a token is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def get_token_and_actor(secret: str, at: dt.datetime) -> tuple[ApiToken, Actor] | None:
    """The token with this secret and its actor, in one query.

    A token with a mandate acts by that mandate only. `None` if the token is unknown, expired or revoked, if its person
    is not active, or if its mandate is not in force on the day of `at`.
    """
    day = timezone.localdate(at)
    tokens = ApiToken.objects.filter(
        digest=secret_digest(secret), revoked_at=None, expires_at__gt=at, person__is_active=True
    )
    tokens_with_scope = tokens.select_related("person", "mandate__organisation").annotate(
        **mandate_scope.scope_annotations(day, "mandate__")
    )
    token: ApiToken | None = tokens_with_scope.only(*_TOKEN_FIELDS).first()
    if token is None:
        return None
    if token.mandate is None:
        return token, actor_of_person(token.person)
    acting = mandate_scope.acting_by_mandate(token.mandate, token)
    mandate_is_valid = token.mandate.person_id == token.person_id and acting.holds_on(day)
    return (token, actor_of_person(token.person, acting, only_mandate=True)) if mandate_is_valid else None


def tokens_of(actor: Actor) -> list[ApiToken]:
    """The tokens of the person who acts, the latest first."""
    return list(ApiToken.objects.filter(person=actor.user_id or 0).order_by("-created_at")[:100])
