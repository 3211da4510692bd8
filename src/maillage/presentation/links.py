"""Addresses inside the site: each carries the reading (day and moment) of the page it stands on."""

from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import translate_url

from maillage.core.as_of import AsOf

AS_OF_PARAMETERS = ("on", "known")
# A position in a list means nothing to another list, day or language.
_POSITION = ("after", "before")


def link_as_of(url: str, reading: AsOf | None) -> str:
    """The address with `on` and `known` added; addresses of other sites and of data are left alone."""
    query = reading.query() if reading else ""
    if not query or not url.startswith("/"):
        return url
    bare, mark, fragment = url.partition("#")
    return f"{bare}{'&' if '?' in bare else '?'}{query}{mark}{fragment}"


def with_parameters(request: HttpRequest, **changes: str | None) -> str:
    """The address of this page with some parameters changed (`None` takes one away) and the position dropped."""
    query = _kept(request.GET)
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    text = query.urlencode()
    return f"{request.path}?{text}" if text else request.path


def in_other_language(request: HttpRequest, language: str) -> str:
    """The address of this page in another language."""
    query = _kept(request.GET).urlencode()
    return translate_url(f"{request.path}?{query}" if query else request.path, language)


def hidden_fields(request: HttpRequest, *changed: str) -> list[tuple[str, str]]:
    """The parameters that a form of this page must repeat, but for those it sets itself."""
    kept = _kept(request.GET)
    return [(name, value) for name, values in kept.lists() if name not in changed for value in values]


def as_of_fields(reading: AsOf | None) -> list[tuple[str, str]]:
    """The reading as hidden fields of a form that leads to another page."""
    pairs = (reading.query() if reading else "").split("&")
    return [(name, str(value)) for name, value in QueryDict("&".join(pairs)).items()]


def query_string(pairs: dict[str, str]) -> str:
    """Parameters as the query of an address, those without a value left out."""
    return urlencode({name: value for name, value in pairs.items() if value})


def _kept(query: QueryDict) -> QueryDict:
    copy = query.copy()
    for name in (*_POSITION, "format"):
        copy.pop(name, None)
    return copy
