"""Errors as problems (RFC 9457): what was wrong and what to do, in the reader's language."""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus

from django.http import HttpResponse
from django.utils.translation import gettext as _

from maillage.core.json_types import Json

MEDIA_TYPE = "application/problem+json"


class ProblemError(Exception):
    """An error response; `errors` has a `place` and a `detail` for each field at fault."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Iterable[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail
        self.errors, self.headers = list(errors), dict(headers or {})

    def response(self) -> HttpResponse:
        """The HTTP response of the problem."""
        body: dict[str, object] = {
            "type": "about:blank",
            "title": status_title(self.status),
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = self.errors
        text = json.dumps(body, ensure_ascii=False)
        return HttpResponse(text, content_type=MEDIA_TYPE, status=self.status, headers=self.headers)


def status_title(status: int) -> str:
    """The title of a status, translated."""
    titles = {
        400: _("The request cannot be read"),
        401: _("This token opens nothing"),
        403: _("This is not open to you"),
        404: _("Nothing stands at this address"),
        405: _("This method has no meaning here"),
        406: _("No such format"),
        409: _("This cannot be done as things stand"),
        412: _("The record has changed since"),
        413: _("This is too large"),
        422: _("Something in the request does not fit"),
        429: _("Too many requests"),
        500: _("Something broke here"),
    }
    return titles.get(status) or HTTPStatus(status).phrase


def status_advice(status: int) -> str:
    """What to do about an error that was not raised by the API itself."""
    advice = {
        400: _("Correct the request; the description of the API says what it may hold."),
        404: _("Start from the lists at /api/v1/."),
        405: _("Read with GET; act with POST on /api/v1/actions/."),
        429: _("Wait as many seconds as “Retry-After” says, then go on more slowly."),
        500: _("It is not your doing. Try again in a moment."),
    }
    return advice.get(status) or _("See the description of the API at /api/v1/openapi.json.")


def validation_problem(errors: Iterable[Mapping[str, Json]]) -> ProblemError:
    """The problem 422 for validation errors of a schema, in the form of pydantic (`loc`, `type`, `ctx`)."""
    faults = [{"place": _field_path(error["loc"]), "detail": _validation_message(error)} for error in errors]
    return ProblemError(422, _("Correct the places named, then send the request again."), errors=faults)


def field_problem(place: str, detail: str) -> ProblemError:
    """The problem 422 for one field."""
    return ProblemError(
        422, _("Correct the places named, then send the request again."), errors=[{"place": place, "detail": detail}]
    )


def _field_path(location: Iterable[object]) -> str:
    """The path of a field, without the parts that the framework adds."""
    return ".".join(str(part) for part in location if part not in ("query", "path", "body", "asked", "arguments"))


def _validation_message(error: Mapping[str, Json]) -> str:
    limits = error.get("ctx") or {}
    messages = {
        "missing": _("This is missing."),
        "extra_forbidden": _("This is not known here; leave it out."),
        "greater_than_equal": _("Give %(limit)s or more.") % {"limit": limits.get("ge")},
        "less_than_equal": _("Give %(limit)s or less.") % {"limit": limits.get("le")},
        "literal_error": _("Choose one of: %(values)s.") % {"values": limits.get("expected")},
        "string_type": _("Give a text."),
        "string_too_long": _("This is too long."),
    }
    if error["type"].startswith(("int", "float", "decimal")):
        return _("Give a number.")
    if error["type"].startswith("bool"):
        return _("Give true or false.")
    if error["type"].startswith(("date", "time")):
        return _("Give a day as 2021-01-31, a moment as 2021-01-31T12:00:00Z.")
    return messages.get(error["type"]) or _("This value does not fit.")
