"""Addresses of records in the API."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import models

from maillage.listing.listing import BACK_OFFICE, LISTINGS

API_ROOT = "/api/v1/"
# A page stands at /fr/… or /en/….
_LANGUAGE_PREFIX_LENGTH = len("/fr/")


def record_address(record: models.Model) -> str | None:
    """The place in the API of a record, where its kind has one."""
    listings = (*LISTINGS.values(), *BACK_OFFICE.values())
    listing = next((one for one in listings if isinstance(record, one.model)), None)
    return f"{API_ROOT}{listing.name}/{quote(str(getattr(record, listing.slug)))}" if listing else None


def record_pointer(record: models.Model, root: str = "") -> dict[str, Any]:
    """A record by its kind and number, with its address where it has one; `root` is what the address begins with."""
    pointer: dict[str, Any] = {"kind": record._meta.label_lower, "id": record.pk}
    if href := record_address(record):
        pointer["href"] = f"{root}{href}"
    return pointer


def page_reference(url: str) -> tuple[str, str]:
    """The place in the API of a page of this site that shows a record, else the page itself, in full."""
    if not url.startswith("/"):
        return "url", url
    bare = url[_LANGUAGE_PREFIX_LENGTH:]
    name, slash, slug = bare.partition("/")
    # Of the back office, cases alone have pages as the API has addresses.
    if slash and slug and name in (*LISTINGS, "cases") and "?" not in slug and "#" not in slug:
        return "href", f"{API_ROOT}{bare}"
    return "url", f"{settings.SITE_URL}{url}"
