"""What can be found: organisations by all their names, and the records of every room that has a listing."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import translation

from maillage.core.history import tracked_models
from maillage.core.registers import Register
from maillage.core.security.visibility import Visibility
from maillage.core.text import fold
from maillage.listing.listing import LISTINGS, Listing
from maillage.register.models import Identifier, Name, Organisation, Tie
from maillage.register.vocabulary import NameKind, TieKind
from maillage.search.index import IndexEntry

ORGANISATIONS = "organisations"
# They are read on the pages of the bodies they join, or hold no name of their own.
_EXCLUDED_LISTINGS = frozenset({"ties", "statements", "contradictions", "sources", "parameters"})
# Ties that a public register gives; any other shows a body at work in the network.
_REGISTER_TIE_KINDS = (TieKind.PART_OF, TieKind.RELATED, TieKind.SUCCESSOR)
_CHUNK_SIZE = 2_000
_MAX_NAME_LENGTH = 400


@dataclass(frozen=True, slots=True)
class SearchName:
    """A name by which a record is found; `until` is the day it ceased to be borne, if it has."""

    text: str
    until: dt.date | None = None
    acronym: bool = False


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """What a record is found by: names, identifiers, and `words` that weigh less, such as its town. `ours` come first.

    `key` is what its address ends with, `titles` what it is called in French and English, `place` where or whose it is.
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
class Finder:
    """How one kind of record is found.

    `documents` gives the documents of those of the ids that are there; `watched` are the tables of events that tell of
    a change, each with the columns that hold the id of a changed record.
    """

    kind: str
    model: type[Any]
    documents: Callable[[list[int]], Iterable[SearchDocument]]
    watched: tuple[tuple[str, tuple[str, ...]], ...]

    def entries(self, ids: Iterable[int] | None = None) -> Iterator[IndexEntry]:
        """The index entries of these records, or of all."""
        chosen = self.model._default_manager.order_by("pk").values_list("pk", flat=True) if ids is None else ids
        waiting = list(chosen)
        for start in range(0, len(waiting), _CHUNK_SIZE):
            for document in self.documents(waiting[start : start + _CHUNK_SIZE]):
                yield index_entry(self.kind, document)


_FINDERS: Register[Finder] = Register("finders")


def make_finder(
    kind: str,
    model: type[Any],
    documents: Callable[[list[int]], Iterable[SearchDocument]],
    also: dict[type[Any], tuple[str, ...]] | None = None,
) -> Finder:
    """The finder of a kind of record; `also` names other tracked models whose columns hold the ids of its records."""
    tables = {tracked: event._meta.db_table for tracked, event in tracked_models()}
    watched = {model: ("id",), **(also or {})}
    return Finder(kind, model, documents, tuple((tables[one], columns) for one, columns in watched.items()))


def register_finder(finder: Finder) -> Finder:
    """Make a kind of record findable in its own way."""
    _FINDERS[finder.kind] = finder
    return finder


@cache
def _all_finders() -> dict[str, Finder]:
    also = {Name: ("organisation_id",), Identifier: ("organisation_id",), Tie: ("subject_id", "object_id")}
    finders = {ORGANISATIONS: make_finder(ORGANISATIONS, Organisation, organisation_documents, also), **_FINDERS}
    tracked = {model for model, _event in tracked_models()}
    for name, listing in LISTINGS.items():
        if name not in finders and name not in _EXCLUDED_LISTINGS and listing.model in tracked:
            finders[name] = make_finder(name, listing.model, _listing_documents(listing))
    return finders


def get_finders() -> dict[str, Finder]:
    """Every kind that can be found: those registered, and one for each listing without its own."""
    return _all_finders()


def index_entry(kind: str, document: SearchDocument) -> IndexEntry:
    """A document as the index holds it."""
    names = [(fold(name.text)[:_MAX_NAME_LENGTH], name) for name in document.names]
    numbers = {normalised_number(fold(value)): value for value in document.identifiers}
    kept = {
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
        kept=json.dumps(kept, ensure_ascii=False),
    )


def normalised_number(folded: str) -> str:
    """An identifier as it is compared, however it is spaced: `0000 0001 2186 6389`, `000000012186-6389`."""
    return folded.replace(" ", "")


def organisation_documents(ids: list[int]) -> Iterator[SearchDocument]:
    """Organisations by every public name they bear or bore, by identifier, and by town."""
    numbers: dict[int, list[str]] = defaultdict(list)
    for owner, value in Identifier.objects.filter(organisation__in=ids).values_list("organisation_id", "value"):
        numbers[owner].append(value)
    names: dict[int, list[SearchName]] = defaultdict(list)
    public = Name.objects.filter(organisation__in=ids, visibility=Visibility.PUBLIC).order_by("id")
    for owner, text, kind, possible in public.values_list("organisation_id", "text", "kind", "possible"):
        names[owner].append(SearchName(text, possible.upper, kind == NameKind.ACRONYM))
    from_register = Identifier.objects.filter(organisation=OuterRef("pk"), scheme="ror", value=OuterRef("key"))
    at_work = Tie.objects.filter(Q(subject=OuterRef("pk")) | Q(object=OuterRef("pk"))).exclude(
        kind__in=_REGISTER_TIE_KINDS
    )
    bodies = Organisation.objects.filter(pk__in=ids, merged_into=None).order_by("pk")
    fields = ("pk", "key", "name_fr", "name_en", "acronym", "city")
    for row in bodies.annotate(ours=~Exists(from_register) | Exists(at_work)).values_list(*fields, "ours"):
        pk, key, name_fr, name_en, acronym, city, ours = row
        today = (SearchName(name_fr), SearchName(name_en), SearchName(acronym, acronym=True))
        known = {name.text for name in names[pk]}
        more = [name for name in today if name.text and name.text not in known]
        yield SearchDocument(
            pk, key, (*more, *names[pk]), words=city, identifiers=tuple(sorted(numbers[pk])), ours=ours
        )


def _listing_documents(listing: Listing) -> Callable[[list[int]], Iterator[SearchDocument]]:
    """Records of a listing by their heading in both languages, and by the bodies they speak of."""

    def documents(ids: list[int]) -> Iterator[SearchDocument]:
        manager: Any = listing.model._default_manager
        records = listing.within(manager.filter(pk__in=ids)).select_related(*listing.select_related)
        for record in records.prefetch_related(*listing.prefetch_related).order_by("pk"):
            yield _listing_document(listing, record)

    return documents


def _listing_document(listing: Listing, record: Any) -> SearchDocument:
    titles = _heading(listing, record, "fr"), _heading(listing, record, "en")
    acronym, number = getattr(record, "acronym", ""), getattr(record, "number", "")
    names = [SearchName(text) for text in dict.fromkeys(titles) if text]
    if acronym:
        names.append(SearchName(acronym, acronym=True))
    bodies = [body for body in listing.organisations(record) if isinstance(body, Organisation)]
    words = [text for body in bodies for text in (body.acronym, body.name_fr, body.name_en)]
    words += [str(word) for word in getattr(record, "keywords", None) or ()]
    return SearchDocument(
        id=record.pk,
        key=str(getattr(record, listing.slug)),
        names=tuple(names),
        titles=titles,
        place=bodies[0].short_name if bodies else "",
        words=" ".join(words),
        identifiers=(number,) if number else (),
    )


def _heading(listing: Listing, record: Any, language: str) -> str:
    with translation.override(language):
        return str(listing.heading(record) or record)
