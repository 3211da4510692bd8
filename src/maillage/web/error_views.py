"""Error pages: they say what was wrong and what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionForbiddenError
from maillage.people.models import User
from maillage.people.queries import mandates_of


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400, _("This request cannot be read"), _("Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not request.user.is_authenticated:
        advice = _("Sign in as a person who may read it: you then arrive at this page.")
        return _page(request, 403, _("Sign in to open this page"), advice, sign_in=True)
    advice = str(exception) if isinstance(exception, ActionForbiddenError) else _("None of your mandates opens it.")
    return _page(request, 403, _("This is not open to you"), advice, use_mandate=_has_idle_mandates(request))


def _has_idle_mandates(request: HttpRequest) -> bool:
    """Whether the reader holds mandates and uses none: what is refused may be open to one of them."""
    actor, person = getattr(request, "actor", None), request.user
    if actor is None or actor.acting is not None or not isinstance(person, User):
        return False
    return bool(mandates_of(person, timezone.localdate()))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    advice = _("Nothing stands at this address. Look for it with the box above, or start from the lists.")
    if request.user.is_authenticated or request.resolver_match is None:
        return _page(request, 404, _("No such page"), advice)
    advice = _("Nothing public stands at this address. If a mail led you here, sign in: you then arrive at its page.")
    return _page(request, 404, _("No such page"), advice, sign_in=True)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent without its token: most often a page left open too long."""
    return _page(request, 403, _("This form has expired"), _("Open its page anew and send it again."))


def too_many_requests(request: HttpRequest) -> HttpResponse:
    return _page(request, 429, _("Too many requests"), _("Wait a few minutes, then try again."))


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of last resort: it uses no database and no session, so that it cannot fail itself."""
    words = {"title": _("Something broke here"), "advice": _("It is not your doing. Try again in a moment.")}
    return render(None, "web/broken.html", words, status=500)


def _page(request: HttpRequest, status: int, title: str, advice: str, **more: object) -> HttpResponse:
    return render(request, "web/refusal.html", {"title": title, "advice": advice, **more}, status=status)
