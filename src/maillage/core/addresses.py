"""Addresses of the pages of lists and records, in the active language or in none."""

import functools
from typing import Protocol
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

# The characters that RFC 3986 allows in a path, which `reverse` does not escape either.
_PLAIN = "!$&'()*+,;=/~:@"


class AddressedRecord(Protocol):
    """A record with a page of its own."""

    def get_absolute_url(self) -> str: ...


def list_address(name: str) -> str:
    """The address of a list, by the name of its listing."""
    return _list_address(name, get_language())


# Cached, since a page of a list links to many records of the same list.
@functools.lru_cache(maxsize=500)
def _list_address(name: str, _language: str | None) -> str:
    return reverse(f"{name}:list")


def record_address(name: str, slug: str | int) -> str:
    """The address of the page of a record: `record_address("organisations", "opale")`."""
    return list_address(name) + quote(str(slug), safe=_PLAIN)


def permanent_address(name: str, slug: str | int) -> str:
    """The absolute address of a record without a language, which redirects to the reader's; for other systems."""
    return f"{settings.SITE_URL}/{name}/{quote(str(slug), safe=_PLAIN)}"
