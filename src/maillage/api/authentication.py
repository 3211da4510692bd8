"""With which token, on which day and as known at which moment a request reads or acts."""

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
    """A request whose token has proved good, and its number."""

    token_id: int


class Bearer(HttpBearer):
    """A token that opens a scope. Without any, one reads as the public, and does not act."""

    def __init__(self, scope: TokenScope) -> None:
        super().__init__()
        self.scope = scope
        self.openapi_name = "token"

    def __call__(self, request: HttpRequest) -> Any:
        """The actor. Raises a problem 401 for a token that opens nothing, 403 for one that opens less."""
        header = request.headers.get("Authorization", "")
        if not header and self.scope == TokenScope.READ:
            return PUBLIC
        way, _space, secret = header.partition(" ")
        return self.authenticate(request, secret.strip() if way.lower() == "bearer" else "")

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """The actor of a token, whose use is noted."""
        at = timezone.now()
        # Who asks must be known before it can be said what they read.
        with read_everything():
            found = get_token_and_actor(token, at)
        if found is None:
            detail = _("Send “Authorization: Bearer” with a token that is neither expired nor revoked.")
            raise ProblemError(401, detail, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        held, actor = found
        if self.scope not in held.scopes:
            scope = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{self.scope.value}"'}
            raise ProblemError(
                403, _("This token may read but not write, or the reverse; make another one."), headers=scope
            )
        record_token_use(held, at)
        request.token_id = held.pk  # type: ignore[attr-defined]
        return actor


@contextmanager
def reading_context(request: Any, actor: Actor, on: str, known: str) -> Iterator[Request]:
    """Give a request its actor and its reading, and read the past where it asks for it."""
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
