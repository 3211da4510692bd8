"""Addresses of records in the API."""

from urllib.parse import quote

from django.conf import settings
from django.db import models

from maillage.listing.listing import BACK_OFFICE, LISTINGS

API_ROOT = "/api/v1/"
# A page stands at /fr/… or /en/….
_LANGUAGE_PREFIX_LENGTH = len("/fr/")


def record_address(record: models.Model) -> str | None:
    """The API address of a record, or `None` if its kind has none."""
    listings = (*LISTINGS.values(), *BACK_OFFICE.values())
    listing = next((candidate for candidate in listings if isinstance(record, candidate.model)), None)
    return f"{API_ROOT}{listing.name}/{quote(str(getattr(record, listing.slug)))}" if listing else None


def record_pointer(record: models.Model, root: str = "") -> dict[str, object]:
    """The kind and number of a record, and its address if it has one; `root` is put before the address."""
    pointer: dict[str, object] = {"kind": record._meta.label_lower, "id": record.pk}
    if href := record_address(record):
        pointer["href"] = f"{root}{href}"
    return pointer


def page_reference(url: str) -> tuple[str, str]:
    """`("href", API address)` for a page of this site that shows a record, else `("url", full address of the page)`."""
    if not url.startswith("/"):
        return "url", url
    path = url[_LANGUAGE_PREFIX_LENGTH:]
    name, slash, slug = path.partition("/")
    # In the back office, only the pages of cases match the addresses of the API.
    if slash and slug and name in (*LISTINGS, "cases") and "?" not in slug and "#" not in slug:
        return "href", f"{API_ROOT}{path}"
    return "url", f"{settings.SITE_URL}{url}"
