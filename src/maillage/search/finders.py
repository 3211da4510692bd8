"""Finders: how the search finds records of each kind.

A room may register a finder in its `hooks.py`; any other tracked model with a searchable listing gets one from it.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from django.db.models import Model
from django.utils import translation

from maillage.core.actors import Actor
from maillage.core.history import tracked_models
from maillage.core.registers import Register
from maillage.core.text import fold
from maillage.listing.listing import LISTINGS, Listing
from maillage.search.index import IndexEntry

_CHUNK_SIZE = 2_000
_MAX_NAME_LENGTH = 400


@dataclass(frozen=True, slots=True)
class SearchName:
    """A name by which a record is found; `until` is the day until which it was used, for a former name."""

    text: str
    until: dt.date | None = None
    acronym: bool = False


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """The searchable content of a record: names, identifiers, and `words` of less weight, such as its town.

    `key` is the last part of its address, `titles` its titles in French and English, `place` its town or organisation.
    Records that are `ours` (of the network) rank higher.
    """

    id: int
    key: str
    names: tuple[SearchName, ...]
    titles: tuple[str, str] = ("", "")
    place: str = ""
    words: str = ""
    identifiers: tuple[str, ...] = ()
    ours: bool = True


@dataclass(frozen=True, slots=True)
class VisibleRecord:
    """A record as shown to an actor on a day."""

    key: str
    title: str
    place: str
    url: str


Documents = Callable[[list[int]], Iterable[SearchDocument]]
VisibleRecords = Callable[[list[int], Actor, dt.date], dict[int, VisibleRecord]]


@dataclass(frozen=True, slots=True)
class Finder:
    """How one kind of record is found.

    `documents` returns the documents of records by id, leaving out ids that do not exist. `watched` are the event
    tables that record changes, each with the columns that hold the id of a changed record. `visible` returns the
    records that an actor may see on a day, for a kind whose listing does not decide it. Records of a `preferred` kind
    rank higher than records that mention them.
    """

    kind: str
    model: type[Model]
    documents: Documents
    watched: tuple[tuple[str, tuple[str, ...]], ...]
    visible: VisibleRecords | None = None
    preferred: bool = False

    def entries(self, ids: Iterable[int] | None = None) -> Iterator[IndexEntry]:
        """The index entries of the records with these ids, or of all records."""
        chosen_ids = self.model._default_manager.order_by("pk").values_list("pk", flat=True) if ids is None else ids
        pending_ids = list(chosen_ids)
        for start in range(0, len(pending_ids), _CHUNK_SIZE):
            for document in self.documents(pending_ids[start : start + _CHUNK_SIZE]):
                yield index_entry(self.kind, document)


FINDERS: Register[Finder] = Register("finders")


def make_finder(
    kind: str,
    model: type[Model],
    documents: Documents,
    also: dict[type[Model], tuple[str, ...]] | None = None,
    *,
    visible: VisibleRecords | None = None,
    preferred: bool = False,
) -> Finder:
    """Make the finder of a kind of record; `also` maps other tracked models to columns with ids of its records."""
    tables = {tracked: event._meta.db_table for tracked, event in tracked_models()}
    columns_by_model = {model: ("id",), **(also or {})}
    watched = tuple((tables[watched_model], columns) for watched_model, columns in columns_by_model.items())
    return Finder(kind, model, documents, watched, visible, preferred)


def register_finder(finder: Finder) -> Finder:
    """Register the finder of a kind of record; returns it."""
    FINDERS[finder.kind] = finder
    return finder


@cache
def get_finders() -> dict[str, Finder]:
    """All finders by kind: those registered, and one for each searchable listing of a tracked model without one."""
    finders = dict(FINDERS)
    tracked = {model for model, _event in tracked_models()}
    for name, listing in LISTINGS.items():
        if name not in finders and listing.searchable and listing.model in tracked:
            finders[name] = make_finder(name, listing.model, _listing_documents(listing))
    return finders


def index_entry(kind: str, document: SearchDocument) -> IndexEntry:
    """The index entry of a document."""
    names = [(fold(name.text)[:_MAX_NAME_LENGTH], name) for name in document.names]
    numbers = {normalised_number(fold(value)): value for value in document.identifiers}
    stored = {
        "key": document.key,
        "titles": document.titles,
        "place": document.place,
        "names": [[name.text, name.until.isoformat() if name.until else ""] for folded, name in names if folded],
        "numbers": numbers,
    }
    return IndexEntry(
        kind=kind,
        id=document.id,
        whole=tuple(dict.fromkeys(folded for folded, name in names if folded and not name.acronym)),
        acronyms=tuple(dict.fromkeys(folded for folded, name in names if folded and name.acronym)),
        numbers=tuple(numbers),
        more=fold(document.words),
        ours=document.ours,
        kept=json.dumps(stored, ensure_ascii=False),
    )


def normalised_number(folded: str) -> str:
    """A folded identifier without spaces, so that `0000 0001 2186 6389` and `000000012186-6389` are equal."""
    return folded.replace(" ", "")


def _listing_documents(listing: Listing) -> Callable[[list[int]], Iterator[SearchDocument]]:
    """The documents of a listing's records: headings in both languages, and the organisations they concern."""

    def documents(ids: list[int]) -> Iterator[SearchDocument]:
        manager = listing.model._default_manager
        records = listing.within(manager.filter(pk__in=ids)).select_related(*listing.select_related)
        for record in records.prefetch_related(*listing.prefetch_related).order_by("pk"):
            yield _listing_document(listing, record)

    return documents


def _listing_document(listing: Listing, record: Model) -> SearchDocument:
    titles = _heading(listing, record, "fr"), _heading(listing, record, "en")
    acronym, number = getattr(record, "acronym", ""), getattr(record, "number", "")
    names = [SearchName(text) for text in dict.fromkeys(titles) if text]
    if acronym:
        names.append(SearchName(acronym, acronym=True))
    organisations = [organisation for organisation in listing.organisations(record) if organisation]
    words = [
        text
        for organisation in organisations
        for text in (organisation.acronym, organisation.name_fr, organisation.name_en)
    ]
    words += [str(word) for word in getattr(record, "keywords", None) or ()]
    return SearchDocument(
        id=record.pk,
        key=str(getattr(record, listing.slug)),
        names=tuple(names),
        titles=titles,
        place=organisations[0].short_name if organisations else "",
        words=" ".join(words),
        identifiers=(number,) if number else (),
    )


def _heading(listing: Listing, record: object, language: str) -> str:
    with translation.override(language):
        return str(listing.heading(record) or record)
