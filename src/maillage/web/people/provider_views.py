"""Provider views."""

from allauth.socialaccount.providers.openid_connect.views import login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect


def sign_in_by_provider(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Go to the provider to sign in. Tying an account here to one there is not offered: the mail address does it."""
    if request.user.is_authenticated:
        return redirect("account")
    if "process" in request.GET:
        return redirect("sign-in")
    response: HttpResponseBase = login(request, provider_id)
    return response
