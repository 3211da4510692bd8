"""From a citation's or contradiction's (kind, id) to the record: its heading and its page."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from maillage.kernel.actors import Actor
from maillage.kernel.addresses import record_address
from maillage.kernel.certainty import RecordKey
from maillage.kernel.listing import Listing, Said, listing_of


def address(listing: Listing, record: Any) -> str:
    """The page of a record."""
    return record_address(listing.name, getattr(record, listing.slug))


def heading(listing: Listing, record: Any, *, link: bool = True) -> Said:
    """What a record is called, in which language, and where its page is."""
    title = listing.heading(record)
    language = title.language if isinstance(title, Said) else ""
    return Said(str(title), address(listing, record) if link else "", language)


def headings(keys: Iterable[RecordKey], *, actor: Actor) -> dict[RecordKey, Said]:
    """The headings of many records, one query per kind; records that the actor may not read are absent."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    for kind, record_id in keys:
        by_kind[kind].add(record_id)
    found: dict[RecordKey, Said] = {}
    for kind, ids in by_kind.items():
        if listing := listing_of(kind):
            for record in listing.records(actor).filter(pk__in=ids):
                found[kind, record.pk] = heading(listing, record)
    return found
