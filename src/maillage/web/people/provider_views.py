"""Sign-in through the OpenID Connect provider."""

from allauth.socialaccount.providers.openid_connect.views import login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect


def sign_in_by_provider(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Redirect to the provider. Connecting accounts by hand is not offered: they are matched by mail address."""
    if request.user.is_authenticated:
        return redirect("account")
    if "process" in request.GET:
        return redirect("sign-in")
    response: HttpResponseBase = login(request, provider_id)
    return response
