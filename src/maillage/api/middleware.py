"""Middleware of the API: rate limit, problems instead of error pages, cache and deprecation headers."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override

from maillage.api.addresses import API_ROOT
from maillage.api.deprecated_names import ACTIONS, DEPRECATED_SINCE
from maillage.api.problems import MEDIA_TYPE, ProblemError, status_advice
from maillage.api.rate_limits import ClientKeys, RateLimiter
from maillage.core.request import API_PREFIX

_MACHINE_READABLE = ("application/json", MEDIA_TYPE)


class ApiProblemsMiddleware:
    """Answer every error below `/api/` as a problem (RFC 9457), also those raised outside of the API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.throttle = RateLimiter(settings.API_PER_MINUTE) if settings.API_PER_MINUTE else None
        self.clients = ClientKeys()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(API_PREFIX):
            return self.get_response(request)
        response = self._answer(request)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ("Accept", "Accept-Language", "Authorization"))
        _mark_deprecated(request.path, response)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        client = self.clients.of(request)
        if client and self.throttle and (wait := self.throttle.wait(client)):
            return _problem_response(request, 429, {"Retry-After": str(wait)})
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return _problem_response(request, 400)
        response = self.get_response(request)
        self.clients.learn(request, response)
        is_machine_readable = response.headers.get("Content-Type", "").startswith(_MACHINE_READABLE)
        if response.status_code < 400 or is_machine_readable:
            return response
        return _problem_response(request, response.status_code)


def _mark_deprecated(path: str, response: HttpResponse) -> None:
    """Mark the response of an action under an old name as deprecated (RFC 9745), with a link to the current name."""
    current = ACTIONS.get(path.removeprefix(f"{API_ROOT}actions/"))
    if current and response.status_code != 404:
        response["Deprecation"] = DEPRECATED_SINCE
        response["Link"] = f'<{API_ROOT}actions/{current}>; rel="successor-version"'


def _problem_response(request: HttpRequest, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    # The language activated by inner middleware is no longer active here.
    with override(get_language_from_request(request)):
        return ProblemError(status, status_advice(status), headers=headers).response()
