"""Signing in and out, and the language of the site."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, translate_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_from_request, override

from maillage.people.forms import SignInForm

_YEAR = 365 * 24 * 3600


class SignIn(LoginView):
    template_name = "web/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_invalid(self, form: Any) -> HttpResponse:
        """A refused sign-in is no success for programs either."""
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_default_redirect_url(self) -> str:
        return reverse("home")


class SignOut(LogoutView):
    def get_default_redirect_url(self) -> str:
        return reverse("home")


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
