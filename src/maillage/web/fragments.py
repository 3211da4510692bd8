"""Requests of the script of a page for one of its parts: what is refused, or leads elsewhere, is said above the page.

The script follows redirects by itself and would put the page of signing in, say, inside the part. And it drops what has
a status of an error, so that somebody would write on without knowing that nothing is kept.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

GetResponse = Callable[[HttpRequest], HttpResponse]

# A status of success by which a part that is asked for again and again is asked for no more.
_STOP_POLLING = 286
# What `htmx-config` of each page says of errors.
_TO_NOTICE = {"HX-Retarget": "#trouble", "HX-Reswap": "innerHTML", "HX-Reselect": "unset"}


def is_fragment(request: HttpRequest) -> bool:
    """Whether the script of a page asks for a part of it."""
    return request.headers.get("HX-Request") == "true"


def page_address(request: HttpRequest) -> str:
    """The address of the page that one works on, with its query: that of a form, or of the page with the part."""
    named = request.headers.get("HX-Current-URL" if is_fragment(request) else "Referer", "")
    if request.method in ("GET", "HEAD") and not is_fragment(request):
        return request.get_full_path()
    if not url_has_allowed_host_and_scheme(named, {request.get_host()}):
        return request.get_full_path()
    address = urlsplit(named)
    # Browsers take an address that begins with two slashes, or with a slash and a backslash, for one of another site.
    path = escape_leading_slashes(address.path.replace("\\", "%5C"))
    return path + (f"?{address.query}" if address.query else "")


def refuse_fragment(request: HttpRequest, status: int, context: dict[str, object]) -> HttpResponse:
    """Say above the page why a part of it was refused; what was typed stays as it is."""
    lasting = request.method == "GET" and status in (401, 403, 404)
    context = {**context, "back": page_address(request)}
    response = render(request, "web/fragment_refused.html", context, status=_STOP_POLLING if lasting else status)
    for name, value in _TO_NOTICE.items() if lasting else ():
        response.headers[name] = value
    return response


def signed_out_fragment(request: HttpRequest) -> HttpResponse:
    """Say above the page that the session has ended, with the way to sign in and back to the page."""
    advice = _("What you type now is not kept. Copy what you need, then sign in: you come back to this page.")
    return refuse_fragment(request, 401, {"title": _("You are signed out"), "advice": advice, "sign_in": True})


class FragmentRedirectMiddleware:
    """Where the answer to a fragment leads to another page, the whole page goes there; to sign in, it says so."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        location = response.headers.get("Location", "")
        if not (location and is_fragment(request)):
            return response
        path = urlsplit(location).path
        if path == reverse("sign-in"):
            return signed_out_fragment(request)
        if path == request.path:
            return response  # The same page by another query: its part is taken from there.
        return HttpResponseClientRedirect(location)
