"""Links inside the site, which carry the day and the moment of the page they are on."""

from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import translate_url

from maillage.core.as_of import AsOf

AS_OF_PARAMETERS = ("on", "known")
# A cursor is valid only for the same list, day and language.
_CURSOR_PARAMETERS = ("after", "before")


def link_as_of(url: str, reading: AsOf | None) -> str:
    """The address with `on` and `known` added, if it is a path of this site."""
    query = reading.query() if reading else ""
    if not query or not url.startswith("/"):
        return url
    address, hash_sign, fragment = url.partition("#")
    return f"{address}{'&' if '?' in address else '?'}{query}{hash_sign}{fragment}"


def with_parameters(request: HttpRequest, **changes: str | None) -> str:
    """The address of this page with some parameters changed (`None` removes one) and without the cursor."""
    query = _query_without_position(request.GET)
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    query_text = query.urlencode()
    return f"{request.path}?{query_text}" if query_text else request.path


def in_other_language(request: HttpRequest, language: str) -> str:
    """The address of this page in another language."""
    query = _query_without_position(request.GET).urlencode()
    return translate_url(f"{request.path}?{query}" if query else request.path, language)


def hidden_fields(request: HttpRequest, *changed: str) -> list[tuple[str, str]]:
    """The parameters of this page as hidden fields of a form, without those that the form sets (`changed`)."""
    query = _query_without_position(request.GET)
    return [(name, value) for name, values in query.lists() if name not in changed for value in values]


def as_of_fields(reading: AsOf | None) -> list[tuple[str, str]]:
    """The day and the moment of a page as hidden fields of a form that leads to another page."""
    parameters = (reading.query() if reading else "").split("&")
    return [(name, str(value)) for name, value in QueryDict("&".join(parameters)).items()]


def query_string(pairs: dict[str, str]) -> str:
    """The query string of the parameters that have a value."""
    return urlencode({name: value for name, value in pairs.items() if value})


def _query_without_position(query: QueryDict) -> QueryDict:
    copy = query.copy()
    for name in (*_CURSOR_PARAMETERS, "format"):
        copy.pop(name, None)
    return copy
