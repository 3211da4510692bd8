"""Search over the records of every room, which ignores accents and case and allows typing errors.

The index returns records in order of relevance; the database then decides which of them the actor may see, and how they
are called on the day. A hit is therefore never wrong; a new record may be missing for a moment among many others.
"""

import datetime as dt
import enum
import json
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import tantivy
from django.db.models import CharField, Value
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rapidfuzz import fuzz
from tantivy import Occur, Query

from maillage.core.actors import Actor
from maillage.core.addresses import record_address
from maillage.core.json_types import JsonObject
from maillage.core.text import fold
from maillage.listing.listing import LISTINGS
from maillage.search.finders import VisibleRecord, get_finders, normalised_number
from maillage.search.index import SCHEMA, DamagedIndexError, index_error_guard
from maillage.search.index_updates import SearchIndex, search_index

_log = logging.getLogger(__name__)
_MAX_WORDS, _MAX_LETTERS = 8, 200
# With fewer hits, words may be misspelt; if there is still none, one of them may be missing.
_MIN_HITS = 3
# Scores of a word, then of a whole query, by how they match.
_WORD_SCORE, _PREFIX_SCORE, _FUZZY_SCORE, _OTHER_WORD_SCORE = 6.0, 4.0, 2.0, 1.5
_NUMBER_SCORE, _NAME_SCORE, _ACRONYM_SCORE, _NAME_PREFIX_SCORE, _NETWORK_SCORE = 60.0, 40.0, 35.0, 10.0, 8.0


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A result. `matched` is the name that matches the words, if it is not the title: a former name, an acronym."""

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
    """The records that match a text and that the actor may see, best first, as they are called on a day.

    `kinds` are names of listings (`organisations`, `offers` …); `index` is by default that of this machine. An index
    that is missing or damaged is rebuilt; if that fails (a full disk), the error is logged and no record returned.
    """
    words = fold(text[:_MAX_LETTERS]).split()[:_MAX_WORDS]
    if not words:
        return []
    index = index or search_index()
    try:
        index.check_for_changes()
        hits = _find_in_index(index, words, actor, on, limit, kinds)
        # What is hardly found may have been recorded since the last check, a second ago.
        if len(hits) < _MIN_HITS and index.check_for_changes(now=True):
            hits = _find_in_index(index, words, actor, on, limit, kinds)
        return hits
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
            query = _search_query(searcher, words, kinds, level)
            # Twice as many as needed, since some may not be visible.
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
    """A row of the index: its record and the values stored with it."""

    kind: str
    pk: int
    kept: JsonObject

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
        """A score to sort rows by, after that of the index, which ignores the order of words.

        For exact words: one point if a name contains them in this order, and one if the kind is preferred to records
        that mention it. For misspelt words: the similarity of the most similar name, from 0 to 10.
        """
        phrase = " ".join(words)
        names = [fold(name) for name, _until in self.kept["names"]]
        if level is _MatchLevel.EXACT:
            in_order = any(_contains_words(name, [phrase]) for name in names)
            return (in_order + get_finders()[self.kind].preferred) if len(words) > 1 else 0
        return round(max((fuzz.token_sort_ratio(phrase, name) for name in names), default=0) / 10)


class _MatchLevel(enum.Enum):
    """How closely the words must match; each level costs more than the one before."""

    EXACT = "words as they are, or their beginnings"
    FORGIVING = "words with a typing error"
    LOOSE = "all words but one"


# Lengths from which a word may contain one mistake, and two.
_MIN_LENGTH_ONE_MISTAKE, _MIN_LENGTH_TWO_MISTAKES = 4, 8


def _word_query(searcher: tantivy.Searcher, word: str, level: _MatchLevel) -> Query:
    """The best match of a word: itself, as a prefix, or with mistakes; in a name, or among the other words."""
    alternatives = [
        Query.const_score_query(Query.term_query(SCHEMA, "words", word), _WORD_SCORE),
        Query.const_score_query(Query.term_query(SCHEMA, "more", word), _OTHER_WORD_SCORE),
    ]
    if len(word) > 1:
        alternatives.append(Query.const_score_query(_prefix_query("words", word), _PREFIX_SCORE))
        alternatives.append(Query.const_score_query(_prefix_query("more", word), _OTHER_WORD_SCORE / 2))
    if level is not _MatchLevel.EXACT and len(word) >= _MIN_LENGTH_ONE_MISTAKE:
        # A search for two mistakes is slow: only for a long word that begins no word of a name.
        is_unknown = not searcher.search(_prefix_query("words", word), 1, count=False).hits
        max_mistakes = 2 if is_unknown and len(word) >= _MIN_LENGTH_TWO_MISTAKES else 1
        fuzzy = Query.fuzzy_term_query(
            SCHEMA, "words", word, distance=max_mistakes, prefix=len(word) > _MIN_LENGTH_ONE_MISTAKE
        )
        alternatives.append(Query.const_score_query(fuzzy, _FUZZY_SCORE))
    return Query.disjunction_max_query(alternatives)


def _prefix_query(field: str, word: str) -> Query:
    return Query.fuzzy_term_query(SCHEMA, field, word, distance=0, prefix=True)


def _search_query(
    searcher: tantivy.Searcher, words: list[str], kinds: Sequence[str] | None, level: _MatchLevel
) -> Query:
    """The query for records with the words (all but one if `LOOSE`), scored by how they match."""
    word_queries = [(Occur.Should, _word_query(searcher, word, level)) for word in words]
    min_words = len(words) if level is not _MatchLevel.LOOSE else max(1, len(words) - 1)
    phrase = " ".join(words)
    bonuses = [
        (Query.term_query(SCHEMA, "whole", phrase), _NAME_SCORE),
        (Query.term_query(SCHEMA, "acronym", phrase), _ACRONYM_SCORE),
        (_prefix_query("whole", phrase), _NAME_PREFIX_SCORE),
        (Query.term_query(SCHEMA, "ours", "yes"), _NETWORK_SCORE),
    ]
    words_query = Query.boolean_query(word_queries, minimum_number_should_match=min_words)
    number_query = Query.const_score_query(
        Query.term_set_query(SCHEMA, "number", _possible_numbers(words)), _NUMBER_SCORE
    )
    clauses = [(Occur.Must, Query.boolean_query([(Occur.Should, words_query), (Occur.Should, number_query)]))]
    clauses += [(Occur.Should, Query.const_score_query(query, score)) for query, score in bonuses]
    # Of equal matches, prefer the shorter name: the words are a larger part of it.
    clauses += [(Occur.Should, Query.boost_query(Query.term_query(SCHEMA, "words", word), 0.1)) for word in words]
    if kinds is not None:
        kind_queries = [(Occur.Should, Query.term_query(SCHEMA, "kind", kind)) for kind in kinds]
        clauses.append((Occur.Must, Query.boolean_query(kind_queries)))
    return Query.boolean_query(clauses)


def _possible_numbers(words: list[str]) -> list[str]:
    """The possible identifiers in a query: all words joined, or the last word, as in an address."""
    return [normalised_number(" ".join(words)), words[-1]]


def _visible_hits(rows: list[_IndexRow], words: list[str], actor: Actor, on: dt.date) -> list[SearchHit]:
    """The hits of the rows whose record exists and is visible, in their order, as they are called on the day."""
    ids_by_kind: dict[str, list[int]] = defaultdict(list)
    records: dict[tuple[str, int], VisibleRecord] = {}
    for row in rows:
        ids_by_kind[row.kind].append(row.pk)
    for kind in list(ids_by_kind):
        if visible := get_finders()[kind].visible:
            records |= {(kind, pk): record for pk, record in visible(ids_by_kind.pop(kind), actor, on).items()}
    listed_keys = _visible_records(ids_by_kind, actor)
    records |= {(row.kind, row.pk): row.listed_record() for row in rows if (row.kind, row.pk) in listed_keys}
    return [_search_hit(row, records[row.kind, row.pk], words, on) for row in rows if (row.kind, row.pk) in records]


def _visible_records(ids_by_kind: dict[str, list[int]], actor: Actor) -> set[tuple[str, int]]:
    """The (kind, id) of those records of these listings that the actor may see, in one query."""
    queries = []
    for kind, ids in ids_by_kind.items():
        if listing := LISTINGS.get(kind):
            records = listing.records(actor).prefetch_related(None).filter(pk__in=ids).order_by()
            queries.append(records.values_list(Value(kind, output_field=CharField()), "pk"))
    return set(queries[0].union(*queries[1:], all=True)) if queries else set()


def _search_hit(row: _IndexRow, record: VisibleRecord, words: list[str], on: dt.date) -> SearchHit:
    matched = _matched_name(record.title, row.kept, words, on)
    return SearchHit(row.kind, record.key, record.title, matched, record.place, record.url)


def _matched_name(title: str, stored: JsonObject, words: list[str], on: dt.date) -> str:
    """The name that matches the words, if the title does not contain them; a former name is marked as such."""
    if _contains_words(fold(title), words):
        return ""
    if number := next((stored["numbers"][key] for key in _possible_numbers(words) if key in stored["numbers"]), ""):
        return str(number)
    phrase = " ".join(words)
    names = [(name, until) for name, until in stored["names"] if name != title]
    if not names:
        return ""

    def nearness(item: tuple[str, str]) -> tuple[bool, float]:
        return _contains_words(fold(item[0]), words), fuzz.token_set_ratio(phrase, fold(item[0]))

    name, until = max(names, key=nearness)
    if fuzz.partial_ratio(phrase, fold(name)) <= fuzz.partial_ratio(phrase, fold(title)):
        return ""
    return _("formerly %s") % name if until and until <= on.isoformat() else str(name)


def _contains_words(folded: str, words: list[str]) -> bool:
    padded = f" {folded}"
    return all(f" {word}" in padded for word in words)
