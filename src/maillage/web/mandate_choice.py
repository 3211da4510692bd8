"""The mandate that a page needs: chosen among those of its reader, so that nobody has to use one first."""

from collections.abc import Callable, Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.actors import Actor
from maillage.core.request import API_PREFIX
from maillage.core.security.session_scope import actor_scope
from maillage.desk.providers import MANDATE_PARAMETER
from maillage.people.models import Mandate, User
from maillage.people.queries import actor_of, mandates_of

# The key under which the session keeps the mandate in use.
MANDATE_SESSION_KEY = "mandate"
# The most mandates that are tried for a page.
_MAX_TRIED = 20
_MAX_DIGITS = 18

GetResponse = Callable[[HttpRequest], HttpResponse]


class MandateChoiceMiddleware:
    """A page that the mandate in use does not open is opened by another of the reader's mandates, which is named.

    Only pages that are read are tried again: a form is sent by the mandate in use, and refused if that may not send it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if redirection := self._use_named_mandate(request):
            return redirection
        response = self.get_response(request)
        if response.status_code not in (403, 404) or not _may_be_tried(request):
            return response
        used: Actor = request.actor  # type: ignore[attr-defined]
        for mandate, actor in _other_actors(request.user, used):
            if self._opens(request, actor):
                request.session[MANDATE_SESSION_KEY] = mandate.pk
                messages.info(request, _("You act here as: %s.") % mandate)
                return redirect(request.get_full_path())
        request.actor = used  # type: ignore[attr-defined]
        return response

    def _use_named_mandate(self, request: HttpRequest) -> HttpResponse | None:
        """Use the mandate that the address names, if its reader holds it, and lead to the page itself."""
        named = request.GET.get(MANDATE_PARAMETER, "")
        if not named.isdecimal() or len(named) > _MAX_DIGITS or not isinstance(request.user, User):
            return None
        if not _is_page(request):
            return None
        used: Actor = request.actor  # type: ignore[attr-defined]
        held = next((one for one in mandates_of(request.user, timezone.localdate()) if one.pk == int(named)), None)
        if held and (used.acting is None or used.acting.mandate_id != held.pk):
            request.session[MANDATE_SESSION_KEY] = held.pk
            messages.info(request, _("You act here as: %s.") % held)
        return redirect(_without_mandate(request))

    def _opens(self, request: HttpRequest, actor: Actor) -> bool:
        """Whether the page answers this actor."""
        request.actor = actor  # type: ignore[attr-defined]
        with actor_scope(actor):
            return self.get_response(request).status_code < 400


def _may_be_tried(request: HttpRequest) -> bool:
    if not _is_page(request) or request.resolver_match is None:
        return False
    # Within a past moment mandates too would be read as they were then.
    return request.as_of.known is None  # type: ignore[attr-defined]


def _is_page(request: HttpRequest) -> bool:
    return request.method == "GET" and not request.path.startswith(API_PREFIX)


def _without_mandate(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop(MANDATE_PARAMETER, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _other_actors(person: object, used: Actor) -> Iterator[tuple[Mandate, Actor]]:
    """The mandates that a person holds beside the one in use, each with its actor."""
    if not isinstance(person, User):
        return
    now = timezone.now()
    for mandate in mandates_of(person, timezone.localdate(now))[:_MAX_TRIED]:
        if used.acting is None or used.acting.mandate_id != mandate.pk:
            yield mandate, actor_of(person, now, mandate.pk)
