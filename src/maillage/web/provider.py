"""Signing in through the OpenID Connect provider; imported only where the environment names one."""

from allauth.socialaccount import views
from allauth.socialaccount.providers.openid_connect.views import callback, login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path

from maillage.web import account


def by_provider(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Go to the provider to sign in. Tying an account here to one there is not offered: the mail address does it."""
    if request.user.is_authenticated:
        return redirect("account")
    if "process" in request.GET:
        return redirect("sign-in")
    return login(request, provider_id)


# The provider is told these addresses once: they bear no language.
fixed = [
    path("oidc/<str:provider_id>/sign-in", by_provider, name="openid_connect_login"),
    path("oidc/<str:provider_id>/back", callback, name="openid_connect_callback"),
]
in_language = [
    path("sign-in/cancelled", views.login_cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/failed", views.login_error, name="socialaccount_login_error"),
    path("sign-up", account.no_sign_up, name="socialaccount_signup"),
    path("account", account.account, name="socialaccount_connections"),
]
