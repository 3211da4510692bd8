"""One search over the records of every room, forgiving accents, case and typing errors.

The index answers which records and in what order; the database then says which of them the actor may see, and how they
are called on the day. So a hit is never wrong, only, for a moment, missing.
"""

import datetime as dt
import enum
import json
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import tantivy
from django.db.models import CharField, Value
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rapidfuzz import fuzz
from tantivy import Occur, Query

from maillage.core.actors import Actor
from maillage.core.addresses import record_address
from maillage.core.text import fold
from maillage.listing.listing import LISTINGS
from maillage.search.finders import VisibleRecord, get_finders, normalised_number
from maillage.search.index import SCHEMA, DamagedIndexError, index_error_guard
from maillage.search.index_updates import SearchIndex, search_index

_log = logging.getLogger(__name__)
_MAX_WORDS, _MAX_LETTERS = 8, 200
# With fewer hits, words are taken for misspelt; with none still, one of them may be missing.
_MIN_HITS = 3
# What a word is worth, by how it meets a name.
_WORD_SCORE, _PREFIX_SCORE, _FUZZY_SCORE, _OTHER_WORD_SCORE = 6.0, 4.0, 2.0, 1.5
_NUMBER_SCORE, _NAME_SCORE, _ACRONYM_SCORE, _NAME_PREFIX_SCORE, _NETWORK_SCORE = 60.0, 40.0, 35.0, 10.0, 8.0


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A record found. `matched` is the name that met the words where it is not the title: an old one, an acronym."""

    kind: str
    key: str
    title: str
    matched: str
    place: str
    url: str


def find_records(
    text: str,
    *,
    actor: Actor,
    on: dt.date,
    limit: int = 10,
    kinds: Sequence[str] | None = None,
    index: SearchIndex | None = None,
) -> list[SearchHit]:
    """The records that words find, best first, as they are called on a day; only those the actor may see.

    `kinds` are names of listings (`organisations`, `offers` …); `index` is this machine's unless another is given.
    An index that is missing or damaged is rebuilt; where that fails (a full disk), the reason is logged and nothing is
    found.
    """
    words = fold(text[:_MAX_LETTERS]).split()[:_MAX_WORDS]
    if not words:
        return []
    index = index or search_index()
    try:
        index.check_for_changes()
        return _find_in_index(index, words, actor, on, limit, kinds)
    except DamagedIndexError:
        _log.warning("The search index is missing or cannot be read, and is rebuilt.")
    except OSError:
        _log.exception("The search index cannot be written.")
    try:
        index.update(rebuild=True)
        return _find_in_index(index, words, actor, on, limit, kinds)
    except OSError:
        _log.exception("The search index cannot be rebuilt.")
        return []


def _find_in_index(
    index: SearchIndex, words: list[str], actor: Actor, on: dt.date, limit: int, kinds: Sequence[str] | None
) -> list[SearchHit]:
    searcher = index.store.searcher()
    hits: dict[tuple[str, str], SearchHit] = {}
    for level in _MatchLevel:
        with index_error_guard():
            query = _query(searcher, words, kinds, level)
            # Some may turn out not to be visible.
            rows = [searcher.doc(address) for _score, address in searcher.search(query, 2 * limit, count=False).hits]
        index_rows = [_IndexRow.read(row) for row in rows]
        index_rows.sort(key=lambda row: row.likeness(words, level), reverse=True)
        for hit in _visible_hits(index_rows, words, actor, on):
            hits.setdefault((hit.kind, hit.key), hit)
        if len(hits) >= _MIN_HITS or (level is _MatchLevel.FORGIVING and hits):
            break
    return list(hits.values())[:limit]


@dataclass(frozen=True, slots=True)
class _IndexRow:
    """A row of the index: which record it stands for, and what was kept with it."""

    kind: str
    pk: int
    kept: dict[str, Any]

    @classmethod
    def read(cls, row: tantivy.Document) -> "_IndexRow":
        kind, pk = str(row.get_first("record")).rsplit(":", 1)
        return cls(kind, int(pk), json.loads(str(row.get_first("kept"))))

    def listed_record(self) -> VisibleRecord:
        """The record as its listing showed it when it was indexed."""
        french, english = self.kept["titles"]
        title = french if (get_language() or "fr").startswith("fr") else english
        key = str(self.kept["key"])
        return VisibleRecord(key, title, self.kept["place"], record_address(self.kind, key))

    def likeness(self, words: list[str], level: "_MatchLevel") -> int:
        """How much better it meets the words than the index, which does not know their order, can tell.

        Of words as they are: whether a name holds them in this order, and whether it is of a preferred kind rather than
        a record that mentions one. Of misspelt ones: how like them the nearest name is, in tenths.
        """
        whole = " ".join(words)
        names = [fold(name) for name, _until in self.kept["names"]]
        if level is _MatchLevel.EXACT:
            in_order = any(_contains_words(name, [whole]) for name in names)
            return (in_order + get_finders()[self.kind].preferred) if len(words) > 1 else 0
        return round(max((fuzz.token_sort_ratio(whole, name) for name in names), default=0) / 10)


class _MatchLevel(enum.Enum):
    """How closely the words must be met; each try costs more than the one before."""

    EXACT = "words as they are, or their beginnings"
    FORGIVING = "words with a typing error"
    LOOSE = "all words but one"


# From this length on a word may hold one mistake, from the other two.
_MIN_LENGTH_ONE_MISTAKE, _MIN_LENGTH_TWO_MISTAKES = 4, 8


def _word_query(searcher: tantivy.Searcher, word: str, level: _MatchLevel) -> Query:
    """The best of: the word itself, the beginning of one, a near one; in a name, or among the other words."""
    ways = [
        Query.const_score_query(Query.term_query(SCHEMA, "words", word), _WORD_SCORE),
        Query.const_score_query(Query.term_query(SCHEMA, "more", word), _OTHER_WORD_SCORE),
    ]
    if len(word) > 1:
        ways.append(Query.const_score_query(_prefix_query("words", word), _PREFIX_SCORE))
        ways.append(Query.const_score_query(_prefix_query("more", word), _OTHER_WORD_SCORE / 2))
    if level is not _MatchLevel.EXACT and len(word) >= _MIN_LENGTH_ONE_MISTAKE:
        # A second mistake is costly to look for: only in a long word that no name holds.
        unknown = not searcher.search(_prefix_query("words", word), 1, count=False).hits
        mistakes = 2 if unknown and len(word) >= _MIN_LENGTH_TWO_MISTAKES else 1
        near = Query.fuzzy_term_query(
            SCHEMA, "words", word, distance=mistakes, prefix=len(word) > _MIN_LENGTH_ONE_MISTAKE
        )
        ways.append(Query.const_score_query(near, _FUZZY_SCORE))
    return Query.disjunction_max_query(ways)


def _prefix_query(field: str, word: str) -> Query:
    return Query.fuzzy_term_query(SCHEMA, field, word, distance=0, prefix=True)


def _query(searcher: tantivy.Searcher, words: list[str], kinds: Sequence[str] | None, level: _MatchLevel) -> Query:
    """The words (all but one where `LOOSE`), then what makes one record better than another."""
    needed = [(Occur.Should, _word_query(searcher, word, level)) for word in words]
    least = len(words) if level is not _MatchLevel.LOOSE else max(1, len(words) - 1)
    whole = " ".join(words)
    better = [
        (Query.term_query(SCHEMA, "whole", whole), _NAME_SCORE),
        (Query.term_query(SCHEMA, "acronym", whole), _ACRONYM_SCORE),
        (_prefix_query("whole", whole), _NAME_PREFIX_SCORE),
        (Query.term_query(SCHEMA, "ours", "yes"), _NETWORK_SCORE),
    ]
    met = Query.boolean_query(needed, minimum_number_should_match=least)
    number = Query.const_score_query(Query.term_set_query(SCHEMA, "number", _possible_numbers(words)), _NUMBER_SCORE)
    parts = [(Occur.Must, Query.boolean_query([(Occur.Should, met), (Occur.Should, number)]))]
    parts += [(Occur.Should, Query.const_score_query(query, worth)) for query, worth in better]
    # Among equals, the shorter name: the words are a larger part of it.
    parts += [(Occur.Should, Query.boost_query(Query.term_query(SCHEMA, "words", word), 0.1)) for word in words]
    if kinds is not None:
        of_kind = [(Occur.Should, Query.term_query(SCHEMA, "kind", kind)) for kind in kinds]
        parts.append((Occur.Must, Query.boolean_query(of_kind)))
    return Query.boolean_query(parts)


def _possible_numbers(words: list[str]) -> list[str]:
    """What may be an identifier: the words joined, or the last part of its address."""
    return [normalised_number(" ".join(words)), words[-1]]


def _visible_hits(rows: list[_IndexRow], words: list[str], actor: Actor, on: dt.date) -> list[SearchHit]:
    """The rows whose record still exists and is visible, in their order, as they are called on the day."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    records: dict[tuple[str, int], VisibleRecord] = {}
    for row in rows:
        by_kind[row.kind].append(row.pk)
    for kind in list(by_kind):
        if visible := get_finders()[kind].visible:
            records |= {(kind, pk): record for pk, record in visible(by_kind.pop(kind), actor, on).items()}
    listed = _visible_records(by_kind, actor)
    records |= {(row.kind, row.pk): row.listed_record() for row in rows if (row.kind, row.pk) in listed}
    return [_search_hit(row, records[row.kind, row.pk], words, on) for row in rows if (row.kind, row.pk) in records]


def _visible_records(by_kind: dict[str, list[int]], actor: Actor) -> set[tuple[str, int]]:
    """Which records of these listings the actor may see, in one query."""
    queries = []
    for kind, ids in by_kind.items():
        if listing := LISTINGS.get(kind):
            records = listing.records(actor).prefetch_related(None).filter(pk__in=ids).order_by()
            queries.append(records.values_list(Value(kind, output_field=CharField()), "pk"))
    return set(queries[0].union(*queries[1:], all=True)) if queries else set()


def _search_hit(row: _IndexRow, record: VisibleRecord, words: list[str], on: dt.date) -> SearchHit:
    matched = _matched_name(record.title, row.kept, words, on)
    return SearchHit(row.kind, record.key, record.title, matched, record.place, record.url)


def _matched_name(title: str, kept: dict[str, Any], words: list[str], on: dt.date) -> str:
    """The name that the words met, where the title does not hold them; a name no longer borne says so."""
    if _contains_words(fold(title), words):
        return ""
    if number := next((kept["numbers"][one] for one in _possible_numbers(words) if one in kept["numbers"]), ""):
        return str(number)
    whole = " ".join(words)
    names = [(name, until) for name, until in kept["names"] if name != title]
    if not names:
        return ""

    def nearness(item: tuple[str, str]) -> tuple[bool, float]:
        return _contains_words(fold(item[0]), words), fuzz.token_set_ratio(whole, fold(item[0]))

    name, until = max(names, key=nearness)
    if fuzz.partial_ratio(whole, fold(name)) <= fuzz.partial_ratio(whole, fold(title)):
        return ""
    return _("formerly %s") % name if until and until <= on.isoformat() else str(name)


def _contains_words(folded: str, words: list[str]) -> bool:
    text = f" {folded}"
    return all(f" {word}" in text for word in words)
