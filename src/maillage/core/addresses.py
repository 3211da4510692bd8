"""The addresses of lists and records, in the language of the page."""

import functools
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

# What `reverse` leaves as it is: the characters that RFC 3986 allows in a path.
_PLAIN = "!$&'()*+,;=/~:@"


def list_address(name: str) -> str:
    """The page of a list, by the name of its listing."""
    return _list_address(name, get_language())


# A page of a list leads to as many records: the place of their list is looked up once, not once a row.
@functools.lru_cache(maxsize=500)
def _list_address(name: str, _language: str | None) -> str:
    return reverse(f"{name}:list")


def record_address(name: str, slug: str | int) -> str:
    """The page of a record: `record_address("organisations", "opale")`."""
    return list_address(name) + quote(str(slug), safe=_PLAIN)


def permanent_address(name: str, slug: str | int) -> str:
    """The whole address of a record in no language, which leads to the reader's: for what is kept elsewhere."""
    return f"{settings.SITE_URL}/{name}/{quote(str(slug), safe=_PLAIN)}"
