"""Registers by which rooms add to the pages of lists and records, filled by their `record_sections.py` at set-up."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from maillage.core.registers import Register
from maillage.core.request import Request
from maillage.listing.columns import ListedRecord
from maillage.listing.values import LocalisedText

# A function of one room takes records of one model only.
RecordSections = Callable[[Request, ListedRecord], dict[str, object]]
ListNames = Callable[[Request, Iterable[ListedRecord]], Mapping[int, LocalisedText]]
ListCertainties = Callable[[Request, Iterable[ListedRecord]], Mapping[int, str]]
Sections = TypeVar("Sections", bound=RecordSections)
Names = TypeVar("Names", bound=ListNames)
Certainties = TypeVar("Certainties", bound=ListCertainties)

RECORD_SECTIONS: Register[RecordSections] = Register("sections of record pages")
LIST_NAMES: Register[ListNames] = Register("names of list rows")
LIST_CERTAINTIES: Register[ListCertainties] = Register("certainty of list rows")
LIST_FEEDS: Register[str] = Register("feeds of lists")


def register_record_sections(listing_name: str) -> Callable[[Sections], Sections]:
    """Register a function that returns more context for the record pages of a listing; `template` replaces theirs."""

    def register(sections: Sections) -> Sections:
        RECORD_SECTIONS[listing_name] = sections
        return sections

    return register


def register_list_names(listing_name: str) -> Callable[[Names], Names]:
    """Register a function that returns the names of list rows on the day read by record id, where they differ."""

    def register(names: Names) -> Names:
        LIST_NAMES[listing_name] = names
        return names

    return register


def register_list_certainties(listing_name: str) -> Callable[[Certainties], Certainties]:
    """Register a function that returns the certainty of list rows by record id, in place of that of citations."""

    def register(certainties: Certainties) -> Certainties:
        LIST_CERTAINTIES[listing_name] = certainties
        return certainties

    return register


def register_list_feed(listing_name: str, url_name: str) -> None:
    """Register the Atom feed of a list by its URL name."""
    LIST_FEEDS[listing_name] = url_name
