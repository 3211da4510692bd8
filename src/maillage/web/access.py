"""Signing in and out, and the language of the site."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, translate_url
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language_from_request, override

_YEAR = 365 * 24 * 3600


class SignIn(LoginView):
    def form_invalid(self, form: Any) -> HttpResponse:
        """A refused sign-in is no success for programs either."""
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """With the provider by which one may sign in as well, if there is one."""
        query = urlencode({"next": self.request.GET.get("next", "") or reverse("home")})
        ways = [
            {"name": app["name"], "url": f"{reverse('openid_connect_login', args=[app['provider_id']])}?{query}"}
            for provider in settings.SOCIALACCOUNT_PROVIDERS.values()
            for app in provider["APPS"]
        ]
        return {**super().get_context_data(**more), "providers": ways}


def front_door(request: HttpRequest) -> HttpResponse:
    """The bare address leads to the reader's language."""
    with override(get_language_from_request(request)):
        response = HttpResponseRedirect(reverse("home"))
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def choose_language(request: HttpRequest, code: str) -> HttpResponse:
    """Remember a language and lead back to the page in it."""
    wanted = request.GET.get("next", "/")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(translate_url(wanted, code) if safe else "/")
    if code in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=_YEAR, samesite="Lax", httponly=True)
    return response
