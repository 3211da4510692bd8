"""The choice of the language of the site."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, translate_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import override
from django.utils.translation.trans_real import parse_accept_lang_header

from maillage.site.queries import current_site

_YEAR = 365 * 24 * 3600


def redirect_to_language(request: HttpRequest) -> HttpResponse:
    """Redirect from `/` to the home page in the language of the browser or of the cookie."""
    with override(preferred_language(request)):
        response = HttpResponseRedirect(reverse("home"))
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def preferred_language(request: HttpRequest) -> str:
    """The language of the cookie or of the browser if the site offers it, else the first that the site offers."""
    offered = current_site().values.languages
    wanted = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    asked = (request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), *(language[:2] for language, _weight in wanted))
    return next((language for language in asked if language in offered), offered[0])


def choose_language(request: HttpRequest, code: str) -> HttpResponse:
    """Store the language in a cookie and redirect to the same page in it."""
    next_url = request.GET.get("next", "/")
    is_safe = url_has_allowed_host_and_scheme(next_url, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(translate_url(next_url, code) if is_safe else "/")
    if code in current_site().values.languages:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=_YEAR, samesite="Lax", httponly=True)
    return response
