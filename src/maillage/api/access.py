"""With which token, on which day and as known at which moment a request reads or acts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from maillage.api.actions import note_use
from maillage.api.models import Scope
from maillage.api.problems import Problem, misfit
from maillage.api.queries import bearer_of
from maillage.kernel.actors import PUBLIC, Actor
from maillage.kernel.history import known_at
from maillage.kernel.reading import BadMoment, Reading
from maillage.kernel.request import Request
from maillage.kernel.scope import everything, scope_of
from maillage.kernel.versions import etag_of


class Borne(Request):
    """A request whose token has proved good, and its number."""

    token_id: int


class Bearer(HttpBearer):
    """A token that opens a scope. Without any, one reads as the public, and does not act."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope
        self.openapi_name = "token"

    def __call__(self, request: HttpRequest) -> Any:
        """The actor. Raises a problem 401 for a token that opens nothing, 403 for one that opens less."""
        header = request.headers.get("Authorization", "")
        if not header and self.scope == Scope.READ:
            return PUBLIC
        way, _space, secret = header.partition(" ")
        return self.authenticate(request, secret.strip() if way.lower() == "bearer" else "")

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """The actor of a token, whose use is noted."""
        at = timezone.now()
        # Who asks must be known before it can be said what they read.
        with everything():
            found = bearer_of(token, at)
        if found is None:
            detail = _("Send “Authorization: Bearer” with a token that is neither expired nor revoked.")
            raise Problem(401, detail, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        held, actor = found
        if self.scope not in held.scopes:
            scope = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{self.scope.value}"'}
            raise Problem(403, _("This token may read but not write, or the reverse; make another one."), headers=scope)
        note_use(held, at)
        request.token_id = held.pk  # type: ignore[attr-defined]
        return actor


@contextmanager
def reading(request: Any, actor: Actor, on: str, known: str) -> Iterator[Request]:
    """Give a request its actor and its reading, and read the past where it asks for it."""
    request.actor = actor
    try:
        request.reading = Reading.parse(on, known)
    except (BadMoment, OverflowError) as error:
        raise misfit("on, known", str(error)) from error
    with scope_of(actor):
        if request.reading.known is None:
            yield request
            return
        with known_at(request.reading.known):
            yield request


def unless_held(request: HttpRequest, answer: HttpResponse, version: str = "") -> HttpResponse:
    """The answer with its ETag; without its body (304) where `If-None-Match` says that the client holds it."""
    answer["ETag"] = etag_of(version, answer.content)
    return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer
