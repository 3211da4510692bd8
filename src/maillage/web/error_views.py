"""Error pages: they say what was wrong and what to do."""

import re

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionForbiddenError
from maillage.people.models import User
from maillage.people.queries import mandates_of
from maillage.web.fragments import above_page, is_fragment, page_address, refuse_fragment, signed_out_fragment
from maillage.web.link_errors import LinkError

# Addresses at which nothing is public: mails lead to many of them, and whoever is signed out arrives by signing in.
# Those with a signed link need none.
_FOR_MEMBERS = re.compile(
    r"/\w\w/(?!(needs|proposals)/(follow|asked|erase|confirm)/)((needs|requests|cases|dossiers|conventions|follow-ups|reviews|review|proposals|mandates)/"
    r"|calls/[^/]+/(panel|ranking|decisions)|account/)"
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal_page(request, 400, _("This request cannot be read"), _("Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_fragment(request) and not request.user.is_authenticated:
        return signed_out_fragment(request)
    if _leads_to_sign_in(request):
        return redirect_to_login(request.get_full_path(), reverse("sign-in"))
    if not request.user.is_authenticated:
        advice = _("Sign in as a person who may read it: you then arrive at this page.")
        return refusal_page(request, 403, _("Sign in to open this page"), advice, sign_in=True)
    advice = str(exception) if isinstance(exception, ActionForbiddenError) else _("None of your mandates opens it.")
    return refusal_page(request, 403, _("This is not open to you"), advice, use_mandate=_has_idle_mandates(request))


def _has_idle_mandates(request: HttpRequest) -> bool:
    """Whether the reader holds mandates and uses none: what is refused may be open to one of them."""
    actor, person = getattr(request, "actor", None), request.user
    if actor is None or actor.acting is not None or not isinstance(person, User):
        return False
    return bool(mandates_of(person, timezone.localdate()))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, LinkError):
        return refusal_page(request, 404, _("This link does not work"), str(exception))
    if request.resolver_match and _leads_to_sign_in(request):
        return redirect_to_login(request.get_full_path(), reverse("sign-in"))
    advice = _("Nothing stands at this address. Look for it with the box above, or start from the lists.")
    if request.user.is_authenticated or request.resolver_match is None:
        return refusal_page(request, 404, _("No such page"), advice)
    advice = _("Nothing public stands at this address. If a mail led you here, sign in: you then arrive at its page.")
    return refusal_page(request, 404, _("No such page"), advice, sign_in=True)


def _leads_to_sign_in(request: HttpRequest) -> bool:
    """Whether a page is for members alone, whatever stands there, and its reader has not signed in."""
    is_read = request.method in ("GET", "HEAD") and not request.user.is_authenticated
    return is_read and bool(_FOR_MEMBERS.match(request.path))


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent without its token: most often a page left open too long."""
    return refusal_page(request, 403, _("This form has expired"), _("Open its page anew and send it again."))


def too_many_requests(request: HttpRequest) -> HttpResponse:
    return refusal_page(request, 429, _("Too many requests"), _("Wait a few minutes, then try again."))


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of last resort: it uses no database and no session, so that it cannot fail itself."""
    words = {"title": _("Something broke here"), "advice": _("It is not your doing. Try again in a moment.")}
    if is_fragment(request):
        return above_page(render(None, "web/fragment_refused.html", words, status=500))
    return render(None, "web/broken.html", words, status=500)


def unreadable_address(request: HttpRequest, reason: str, back: str = "") -> HttpResponse:
    """The page, or the notice above it, for parameters that cannot be read; `back` leads to the page without them."""
    if is_fragment(request):
        return refuse_fragment(request, 400, {"title": _("This address cannot be read"), "advice": reason})
    return render(request, "web/refused.html", {"reason": reason, "back": back}, status=400)


def refusal_page(request: HttpRequest, status: int, title: str, advice: str, **more: object) -> HttpResponse:
    """A page, or for a fragment a notice above its page, that says what was refused and what to do."""
    context = {"title": title, "advice": advice, **more}
    if is_fragment(request):
        return refuse_fragment(request, status, context)
    return render(request, "web/refusal.html", {**context, "back": page_address(request)}, status=status)
