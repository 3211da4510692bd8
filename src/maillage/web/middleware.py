"""Middleware: security headers, second factor of officers, and the actor and reading of a request."""

import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import translate_url
from django.utils import timezone
from django.utils.translation import activate, get_language, get_language_from_path

from maillage.core.action_registry import ActionForbiddenError
from maillage.core.as_of import AsOf, InvalidMomentError
from maillage.core.history import known_at
from maillage.core.request import API_PREFIX
from maillage.core.security.session_scope import actor_scope
from maillage.people.models import User
from maillage.people.queries import actor_of
from maillage.people.second_factors import has_second_factor
from maillage.site.queries import current_site
from maillage.web.error_views import forbidden, unreadable_address
from maillage.web.mandate_choice import MANDATE_SESSION_KEY

GetResponse = Callable[[HttpRequest], HttpResponse]

# Pages open to an officer who must set up a second factor first: those it needs, and signing out.
_ON_THE_WAY = frozenset(
    {"account_reauthenticate", "account_logout", "sign-out", "sign-in", "account_login", "language"}
)
# Pages about the reader, and searches, which always show the current state.
_OF_TODAY = re.compile(r"/\w\w/(account|sign-|invitation/|mandates/|laboratories)")
_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)


class SecurityHeadersMiddleware:
    """Add a content security policy without inline script or style to every response."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        return response


class LeadingSlashesMiddleware:
    """An address that begins with several slashes or backslashes leads to the one that begins with one.

    No page is read at such an address, since its links to itself would lead to another site.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(("//", "/\\")):
            return self.get_response(request)
        return redirect(re.sub(r"(?:/|%5C)+", "/", request.get_full_path(), count=1))


class OfferedLanguageMiddleware:
    """A page in a language that the site does not offer leads to the same page in the first that it offers."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        offered = current_site().values.languages
        if get_language() not in offered and not request.path.startswith(API_PREFIX):
            if (language := get_language_from_path(request.path_info)) and request.method in ("GET", "HEAD"):
                here = request.get_full_path()
                there = translate_url(here, offered[0])
                # An address that leads nowhere is told so in the offered language.
                return redirect(there if there != here else here.replace(f"/{language}", f"/{offered[0]}", 1))
            activate(offered[0])
        return self.get_response(request)


class SecondFactorMiddleware:
    """Redirect officers without a second factor to set one up, where the settings require it."""

    def __init__(self, get_response: GetResponse) -> None:
        if settings.SECOND_FACTOR != "required":
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_arguments: object) -> HttpResponse | None:
        """Redirect unless the page is one of the account or of signing in and out."""
        user = request.user
        name = request.resolver_match.url_name or "" if request.resolver_match else ""
        if not (isinstance(user, User) and user.is_officer) or name in _ON_THE_WAY or name.startswith("mfa_"):
            return None
        return None if has_second_factor(user) else redirect("mfa_index")


class AsOfMiddleware:
    """Give the request its actor and its reading (`?on=` a day, `?known=` a moment), and read the past when asked.

    The database answers the request in the actor's name: for a visitor who is not signed in that costs nothing.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(API_PREFIX):
            # The API accepts no session: another site could make a reader's browser send it.
            return self.get_response(request)
        request.actor = actor_of(request.user, timezone.now(), request.session.get(MANDATE_SESSION_KEY))  # type: ignore[attr-defined]
        with actor_scope(request.actor):  # type: ignore[attr-defined]
            return self._read(request)

    def _read(self, request: HttpRequest) -> HttpResponse:
        request.as_of = AsOf()  # type: ignore[attr-defined]
        try:
            request.as_of = AsOf.parse(request.GET.get("on", ""), request.GET.get("known", ""))  # type: ignore[attr-defined]
        except InvalidMomentError as error:
            return unreadable_address(request, str(error))
        if request.as_of.known is None or request.method != "GET" or _OF_TODAY.match(request.path):  # type: ignore[attr-defined]
            return self.get_response(request)
        with known_at(request.as_of.known):  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer an action that the actor may not run with the page for status 403."""
        return forbidden(request, exception) if isinstance(exception, ActionForbiddenError) else None
