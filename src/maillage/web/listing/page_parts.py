"""What rooms add to the pages of lists and records. Their `record_sections.py` registers it; set-up loads them all."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from maillage.core.registers import Register
from maillage.core.request import Request

# A function of one room takes records of one model only.
RecordSections = Callable[[Request, Any], dict[str, Any]]
ListCertainties = Callable[[Request, Iterable[Any]], Mapping[int, str]]
Sections = TypeVar("Sections", bound=RecordSections)
Certainties = TypeVar("Certainties", bound=ListCertainties)

RECORD_SECTIONS: Register[RecordSections] = Register("sections of record pages")
LIST_CERTAINTIES: Register[ListCertainties] = Register("certainty of list rows")
LIST_FEEDS: Register[str] = Register("feeds of lists")


def register_record_sections(listing_name: str) -> Callable[[Sections], Sections]:
    """Register what the page of a listing's records shows besides: its context, with `template` if it has its own."""

    def register(sections: Sections) -> Sections:
        RECORD_SECTIONS[listing_name] = sections
        return sections

    return register


def register_list_certainties(listing_name: str) -> Callable[[Certainties], Certainties]:
    """Register how sure each row of a list is, by the id of its record, where its citations do not say it."""

    def register(certainties: Certainties) -> Certainties:
        LIST_CERTAINTIES[listing_name] = certainties
        return certainties

    return register


def register_list_feed(listing_name: str, url_name: str) -> None:
    """Register the Atom feed of a list by the name of its address."""
    LIST_FEEDS[listing_name] = url_name
