"""Authentication by bearer token, and the day and moment at which a request reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from maillage.api.actions.tokens import record_token_use
from maillage.api.models import TokenScope
from maillage.api.problems import ProblemError, field_problem
from maillage.api.queries import get_token_and_actor
from maillage.core.actors import PUBLIC, Actor
from maillage.core.as_of import AsOf, InvalidMomentError
from maillage.core.history import known_at
from maillage.core.request import Request
from maillage.core.security.session_scope import actor_scope, read_everything


class TokenRequest(Request):
    """A request with a valid token; `token_id` is the primary key of the token."""

    token_id: int


class Bearer(HttpBearer):
    """Bearer token with a required scope. A request without a token reads as the public and cannot act."""

    def __init__(self, scope: TokenScope) -> None:
        super().__init__()
        self.scope = scope
        self.openapi_name = "token"

    def __call__(self, request: HttpRequest) -> Any:  # Any: as the library gives it
        """The actor. Raises `ProblemError`: 401 for an invalid token, 403 for a token without the required scope."""
        header = request.headers.get("Authorization", "")
        if not header and self.scope == TokenScope.READ:
            return PUBLIC
        scheme, _space, secret = header.partition(" ")
        return self.authenticate(request, secret.strip() if scheme.lower() == "bearer" else "")

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """The actor of a token; records that the token was used."""
        at = timezone.now()
        # The scope of the reader is not known before the token is read.
        with read_everything():
            token_and_actor = get_token_and_actor(token, at)
        if token_and_actor is None:
            detail = _("Send “Authorization: Bearer” with a token that is neither expired nor revoked.")
            raise ProblemError(401, detail, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        api_token, actor = token_and_actor
        if self.scope not in api_token.scopes:
            challenge = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{self.scope.value}"'}
            raise ProblemError(
                403, _("This token may read but not write, or the reverse; make another one."), headers=challenge
            )
        record_token_use(api_token, at)
        request.token_id = api_token.pk  # type: ignore[attr-defined]
        return actor


# Any: a request of Django until it has an actor, a `Request` from then on.
@contextmanager
def reading_context(request: Any, actor: Actor, on: str, known: str) -> Iterator[Request]:
    """Set the actor and the day and moment of reading on a request; read history if a past moment is asked for.

    Raises `ProblemError` 422 for a day or moment that cannot be parsed.
    """
    request.actor = actor
    try:
        request.as_of = AsOf.parse(on, known)
    except (InvalidMomentError, OverflowError) as error:
        raise field_problem("on, known", str(error)) from error
    with actor_scope(actor):
        if request.as_of.known is None:
            yield request
            return
        with known_at(request.as_of.known):
            yield request
