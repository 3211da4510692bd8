"""Requests of the script of a page for one of its parts: what is refused, or leads elsewhere, is said above the page.

The script follows redirects by itself and would put the page of signing in, say, inside the part. What is refused is
never put there: somebody would write on without knowing that nothing is kept. The words are those of the view, or else
those of `NOTICES`; a page has them too, for what a proxy refuses and for a connection that is lost (`trouble.js`).
"""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRedirect

GetResponse = Callable[[HttpRequest], HttpResponse]

# A status of success by which a part that is asked for again and again is asked for no more.
_STOP_POLLING = 286
# Where a notice goes: above the page. `trouble.js` knows by the first that the words are those of the site.
_TO_NOTICE = {"HX-Retarget": "#trouble", "HX-Reswap": "innerHTML", "HX-Reselect": "unset"}
_KEPT = gettext_lazy("What you typed stays here, but is not saved yet.")
_OPEN_ANEW = gettext_lazy("Copy what you need, then open the page anew.")
_AGAIN = gettext_lazy("Try again in a moment.")
# What is wrong and what to do by status, where the view has not said it; any other status of an error has the last.
NOTICES: Final[dict[str, tuple[str | Promise, tuple[str | Promise, ...]]]] = {
    "403": (gettext_lazy("This is not open to you"), (_KEPT, _OPEN_ANEW)),
    "404": (gettext_lazy("This is not there any more"), (_KEPT, _OPEN_ANEW)),
    "409": (gettext_lazy("Somebody else has changed this meanwhile"), (_KEPT, _OPEN_ANEW)),
    "413": (gettext_lazy("This is too large"), (_KEPT, gettext_lazy("Shorten it, or choose a smaller file."))),
    "422": (gettext_lazy("This was not accepted"), (_KEPT, gettext_lazy("Look it over, then send it again."))),
    "429": (gettext_lazy("Too many requests"), (_KEPT, gettext_lazy("Wait a few minutes, then try again."))),
    "lost": (gettext_lazy("The connection is lost"), (_KEPT, _AGAIN)),
    "other": (gettext_lazy("The site does not answer"), (_KEPT, _AGAIN)),
}


def notice_words(status: int | str) -> dict[str, object]:
    """The title and the advice of the notice of a status, in the active language."""
    title, advice = NOTICES.get(str(status), NOTICES["other"])
    return {"title": title, "advice": " ".join(map(str, advice))}


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
    return above_page(response)


def above_page(response: HttpResponse) -> HttpResponse:
    """The response, put above the page instead of into its part."""
    for name, value in _TO_NOTICE.items():
        response.headers[name] = value
    return response


def signed_out_fragment(request: HttpRequest) -> HttpResponse:
    """Say above the page that the session has ended, with the way to sign in and back to the page."""
    advice = _("What you type now is not kept. Copy what you need, then sign in: you come back to this page.")
    return refuse_fragment(request, 401, {"title": _("You are signed out"), "advice": advice, "sign_in": True})


class FragmentMiddleware:
    """Where the answer to a fragment leads to another page, the whole page goes there; to sign in, it says so.

    A page that refuses the fragment becomes a notice above the page.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not is_fragment(request):
            return response
        if response.status_code >= HttpResponseBadRequest.status_code and "HX-Retarget" not in response.headers:
            return refuse_fragment(request, response.status_code, notice_words(response.status_code))
        location = response.headers.get("Location", "")
        return _lead_there(request, response, location) if location else response


def _lead_there(request: HttpRequest, response: HttpResponse, location: str) -> HttpResponse:
    path = urlsplit(location).path
    if path == reverse("sign-in"):
        return signed_out_fragment(request)
    if path == request.path:
        return response  # The same page by another query: its part is taken from there.
    return HttpResponseClientRedirect(location)
