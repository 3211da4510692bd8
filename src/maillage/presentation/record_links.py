"""Headings and addresses of records, by listing or by the (kind, id) of citations and contradictions."""

from collections import defaultdict
from collections.abc import Iterable

from maillage.core.actors import Actor
from maillage.core.addresses import record_address
from maillage.core.certainty import RecordKey
from maillage.listing.listing import Listing, listing_of_kind
from maillage.listing.values import LocalisedText


def page_address(listing: Listing, record: object) -> str:
    """The address of the page of a record."""
    return record_address(listing.name, getattr(record, listing.slug))


def record_heading(listing: Listing, record: object, *, link: bool = True) -> LocalisedText:
    """The heading of a record with its language, and a link to its page unless `link` is false."""
    title = listing.heading(record)
    language = title.language if isinstance(title, LocalisedText) else ""
    return LocalisedText(str(title), page_address(listing, record) if link else "", language)


def record_headings(keys: Iterable[RecordKey], *, actor: Actor) -> dict[RecordKey, LocalisedText]:
    """The headings of many records, one query per kind; records that the actor may not read are absent."""
    ids_by_kind: dict[str, set[int]] = defaultdict(set)
    for kind, record_id in keys:
        ids_by_kind[kind].add(record_id)
    headings: dict[RecordKey, LocalisedText] = {}
    for kind, ids in ids_by_kind.items():
        if listing := listing_of_kind(kind):
            for record in listing.records(actor).filter(pk__in=ids):
                headings[kind, record.pk] = record_heading(listing, record)
    return headings
