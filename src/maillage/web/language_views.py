"""The choice of the language of the site."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, translate_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_from_request, override

_YEAR = 365 * 24 * 3600


def redirect_to_language(request: HttpRequest) -> HttpResponse:
    """Redirect from `/` to the home page in the language of the browser or of the cookie."""
    with override(get_language_from_request(request)):
        response = HttpResponseRedirect(reverse("home"))
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def choose_language(request: HttpRequest, code: str) -> HttpResponse:
    """Store the language in a cookie and redirect to the same page in it."""
    next_url = request.GET.get("next", "/")
    is_safe = url_has_allowed_host_and_scheme(next_url, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(translate_url(next_url, code) if is_safe else "/")
    if code in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=_YEAR, samesite="Lax", httponly=True)
    return response
