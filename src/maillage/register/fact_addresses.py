"""Where the facts of a list are read."""

from django.db.models import Model
from django.urls import reverse

from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.list_register import list_of
from maillage.listing.listing import LISTINGS, listing_of_kind
from maillage.register.models import Identifier, Name, Organisation


def list_address(fact_list: AnyFactList) -> str:
    """The page of the list with these records: names and identifiers stand with their organisations.

    That of all lists for what has no page.
    """
    model = Organisation if fact_list.model in (Name, Identifier) else fact_list.model
    listing = next((listing for listing in LISTINGS.values() if listing.model is model), None)
    return reverse(f"{listing.name}:list") if listing else reverse("fact-lists")


def fact_address(record: Model) -> str:
    """The page of a record; for one that has none of its own, that of its organisation, or of its list."""
    if isinstance(record, Name | Identifier):
        return str(record.organisation.get_absolute_url())
    if listing_of_kind(record._meta.label_lower) and hasattr(record, "get_absolute_url"):
        return str(record.get_absolute_url())
    fact_list = list_of(record)
    return list_address(fact_list) if fact_list else reverse("home")
