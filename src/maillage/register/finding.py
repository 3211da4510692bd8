"""Finding: one search over organisations and the records of every room, forgiving accents, case and typing errors.

The index answers which records and in what order; the database then says which of them the actor may see, and how they
are called on the day. So a hit is never wrong, only, for a moment, missing.
"""

import datetime as dt
import enum
import json
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import tantivy
from django.conf import settings
from django.db import connection, connections
from django.db.models import CharField, Value
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rapidfuzz import fuzz
from tantivy import Occur, Query

from maillage.kernel.actors import Actor
from maillage.kernel.addresses import record_address
from maillage.kernel.listing import LISTINGS
from maillage.kernel.scope import everything
from maillage.kernel.text import fold
from maillage.register.finders import (
    ORGANISATIONS,
    Document,
    Finder,
    FoundName,
    finders,
    number_of,
    register_finder,
)
from maillage.register.index import SCHEMA, Damaged, Entry, State, Store, guarded
from maillage.register.models import Organisation
from maillage.register.queries import names_on

__all__ = ["Document", "FoundName", "Hit", "find", "refresh", "register_finder"]

_log = logging.getLogger(__name__)
_WORDS, _LETTERS = 8, 200
# How often, in seconds, a search asks the database whether the index is behind.
_LOOK_EVERY = 2.0
# So many changed records are brought in by the search that notices them; more are left to the worker.
_AT_ONCE = 500
# Events that a transaction under way may have numbered already without our seeing them.
_MARGIN = 10_000
# With fewer hits, words are taken for misspelt; with none still, one of them may be missing.
_ENOUGH = 3
# What a word is worth, by how it meets a name.
_EQUAL, _BEGINS, _NEAR, _ELSEWHERE = 6.0, 4.0, 2.0, 1.5
_SAME_NUMBER, _SAME_NAME, _SAME_ACRONYM, _NAME_BEGINS, _OURS = 60.0, 40.0, 35.0, 10.0, 8.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found. `matched` is the name that met the words where it is not the title: an old one, an acronym."""

    kind: str
    key: str
    title: str
    matched: str
    place: str
    url: str


@cache
def store() -> Store:
    """The index of this machine."""
    return Store(settings.DATA / "index")


def find(text: str, *, actor: Actor, on: dt.date, limit: int = 10, kinds: Sequence[str] | None = None) -> list[Hit]:
    """The records that words find, best first, as they are called on a day; only those the actor may see.

    `kinds` are names of listings (`organisations`, `offers` …). An index that is missing or damaged is made anew; where
    even that fails (a full disk), the reason is logged and nothing is found.
    """
    words = fold(text[:_LETTERS]).split()[:_WORDS]
    if not words:
        return []
    try:
        _look_for_changes()
        return _find(words, actor, on, limit, kinds)
    except Damaged:
        _log.warning("The search index is missing or cannot be read, and is made anew.")
    except OSError:
        _log.exception("The search index cannot be written.")
    return _find_anew(words, actor, on, limit, kinds)


def _find_anew(words: list[str], actor: Actor, on: dt.date, limit: int, kinds: Sequence[str] | None) -> list[Hit]:
    try:
        refresh(rebuild=True)
        return _find(words, actor, on, limit, kinds)
    except OSError:
        _log.exception("The search index cannot be made.")
        return []


def _find(words: list[str], actor: Actor, on: dt.date, limit: int, kinds: Sequence[str] | None) -> list[Hit]:
    searcher = store().searcher()
    hits: dict[tuple[str, str], Hit] = {}
    for care in _Care:
        with guarded():
            query = _query(searcher, words, kinds, care)
            # Some may turn out not to be visible.
            rows = [searcher.doc(address) for _score, address in searcher.search(query, 2 * limit, count=False).hits]
        found = [_Found.read(row) for row in rows]
        found.sort(key=lambda one: one.likeness(words, care), reverse=True)
        for hit in _checked(found, words, actor, on):
            hits.setdefault((hit.kind, hit.key), hit)
        if len(hits) >= _ENOUGH or (care is _Care.FORGIVING and hits):
            break
    return list(hits.values())[:limit]


@dataclass(frozen=True, slots=True)
class _Found:
    """A row of the index: which record it stands for, and what was kept with it."""

    kind: str
    pk: int
    kept: dict[str, Any]

    @classmethod
    def read(cls, row: tantivy.Document) -> "_Found":
        kind, pk = str(row.get_first("record")).rsplit(":", 1)
        return cls(kind, int(pk), json.loads(str(row.get_first("kept"))))

    def likeness(self, words: list[str], care: "_Care") -> int:
        """How much better it meets the words than the index, which does not know their order, can tell.

        Of words as they are: whether a name holds them in this order, and whether it is a body, rather than what speaks
        of one. Of misspelt ones: how like them the nearest name is, in tenths.
        """
        whole = " ".join(words)
        names = [fold(name) for name, _until in self.kept["names"]]
        if care is _Care.EXACT:
            in_order = any(_holds(name, [whole]) for name in names)
            return (in_order + (self.kind == ORGANISATIONS)) if len(words) > 1 else 0
        return round(max((fuzz.token_sort_ratio(whole, name) for name in names), default=0) / 10)


class _Care(enum.Enum):
    """How closely the words must be met; each try costs more than the one before."""

    EXACT = "words as they are, or their beginnings"
    FORGIVING = "words with a typing error"
    LOOSE = "all words but one"


# From this length on a word may hold one mistake, from the other two.
_ONE_MISTAKE, _TWO_MISTAKES = 4, 8


def _word(searcher: tantivy.Searcher, word: str, care: _Care) -> Query:
    """The best of: the word itself, the beginning of one, a near one; in a name, or among the other words."""
    ways = [
        Query.const_score_query(Query.term_query(SCHEMA, "words", word), _EQUAL),
        Query.const_score_query(Query.term_query(SCHEMA, "more", word), _ELSEWHERE),
    ]
    if len(word) > 1:
        ways.append(Query.const_score_query(_beginning("words", word), _BEGINS))
        ways.append(Query.const_score_query(_beginning("more", word), _ELSEWHERE / 2))
    if care is not _Care.EXACT and len(word) >= _ONE_MISTAKE:
        # A second mistake is costly to look for: only in a long word that no name holds.
        unknown = not searcher.search(_beginning("words", word), 1, count=False).hits
        mistakes = 2 if unknown and len(word) >= _TWO_MISTAKES else 1
        near = Query.fuzzy_term_query(SCHEMA, "words", word, distance=mistakes, prefix=len(word) > _ONE_MISTAKE)
        ways.append(Query.const_score_query(near, _NEAR))
    return Query.disjunction_max_query(ways)


def _beginning(field: str, word: str) -> Query:
    return Query.fuzzy_term_query(SCHEMA, field, word, distance=0, prefix=True)


def _query(searcher: tantivy.Searcher, words: list[str], kinds: Sequence[str] | None, care: _Care) -> Query:
    """The words (all but one where `LOOSE`), then what makes one record better than another."""
    needed = [(Occur.Should, _word(searcher, word, care)) for word in words]
    least = len(words) if care is not _Care.LOOSE else max(1, len(words) - 1)
    whole = " ".join(words)
    better = [
        (Query.term_query(SCHEMA, "whole", whole), _SAME_NAME),
        (Query.term_query(SCHEMA, "acronym", whole), _SAME_ACRONYM),
        (_beginning("whole", whole), _NAME_BEGINS),
        (Query.term_query(SCHEMA, "ours", "yes"), _OURS),
    ]
    met = Query.boolean_query(needed, minimum_number_should_match=least)
    number = Query.const_score_query(Query.term_set_query(SCHEMA, "number", _numbers(words)), _SAME_NUMBER)
    parts = [(Occur.Must, Query.boolean_query([(Occur.Should, met), (Occur.Should, number)]))]
    parts += [(Occur.Should, Query.const_score_query(query, worth)) for query, worth in better]
    # Among equals, the shorter name: the words are a larger part of it.
    parts += [(Occur.Should, Query.boost_query(Query.term_query(SCHEMA, "words", word), 0.1)) for word in words]
    if kinds is not None:
        of_kind = [(Occur.Should, Query.term_query(SCHEMA, "kind", kind)) for kind in kinds]
        parts.append((Occur.Must, Query.boolean_query(of_kind)))
    return Query.boolean_query(parts)


def _numbers(words: list[str]) -> list[str]:
    """What may be an identifier: the words joined, or the last part of its address."""
    return [number_of(" ".join(words)), words[-1]]


def _checked(found: list[_Found], words: list[str], actor: Actor, on: dt.date) -> list[Hit]:
    """The rows that are still there and visible, in their order, as they are called on the day."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for one in found:
        by_kind[one.kind].append(one.pk)
    bodies = _bodies(by_kind.pop(ORGANISATIONS, []), actor, on)
    visible = _visible(by_kind, actor)
    hits: list[Hit] = []
    for one in found:
        if one.kind == ORGANISATIONS and one.pk in bodies:
            hits.append(_body_hit(*bodies[one.pk], one.kept, words, on))
        elif (one.kind, one.pk) in visible:
            hits.append(_record_hit(one.kind, one.kept, words, on))
    return hits


def _bodies(ids: list[int], actor: Actor, on: dt.date) -> dict[int, tuple[Organisation, str]]:
    """The visible organisations of these ids, each with its title on the day."""
    found = list(Organisation.objects.visible_to(actor).filter(pk__in=ids, merged_into=None)) if ids else []
    today = on == timezone.localdate()
    titles = {body.pk: str(body.name) for body in found} if today else names_on(found, on, actor=actor)
    return {body.pk: (body, titles[body.pk]) for body in found}


def _visible(by_kind: dict[str, list[int]], actor: Actor) -> set[tuple[str, int]]:
    """Which records of the other kinds the actor may see, in one query."""
    queries = []
    for kind, ids in by_kind.items():
        if listing := LISTINGS.get(kind):
            records = listing.records(actor).prefetch_related(None).filter(pk__in=ids).order_by()
            queries.append(records.values_list(Value(kind, output_field=CharField()), "pk"))
    return set(queries[0].union(*queries[1:], all=True)) if queries else set()


def _body_hit(body: Organisation, title: str, kept: dict[str, Any], words: list[str], on: dt.date) -> Hit:
    place = ", ".join(filter(None, (body.city, body.country)))
    return Hit(ORGANISATIONS, body.key, title, _matched(title, kept, words, on), place, body.get_absolute_url())


def _record_hit(kind: str, kept: dict[str, Any], words: list[str], on: dt.date) -> Hit:
    french, english = kept["titles"]
    title = french if (get_language() or "fr").startswith("fr") else english
    address = record_address(kind, kept["key"])
    return Hit(kind, kept["key"], title, _matched(title, kept, words, on), kept["place"], address)


def _matched(title: str, kept: dict[str, Any], words: list[str], on: dt.date) -> str:
    """The name that the words met, where the title does not hold them; a name no longer borne says so."""
    if _holds(fold(title), words):
        return ""
    if number := next((kept["numbers"][one] for one in _numbers(words) if one in kept["numbers"]), ""):
        return str(number)
    whole = " ".join(words)
    names = [(name, until) for name, until in kept["names"] if name != title]
    if not names:
        return ""

    def nearness(item: tuple[str, str]) -> tuple[bool, float]:
        return _holds(fold(item[0]), words), fuzz.token_set_ratio(whole, fold(item[0]))

    name, until = max(names, key=nearness)
    if fuzz.partial_ratio(whole, fold(name)) <= fuzz.partial_ratio(whole, fold(title)):
        return ""
    return _("formerly %s") % name if until and until <= on.isoformat() else str(name)


def _holds(folded: str, words: list[str]) -> bool:
    text = f" {folded}"
    return all(f" {word}" in text for word in words)


# Bringing the index in step with the database.

_looked_at = 0.0
# Since when this process sees the index far behind, and how long, in seconds, it leaves that to the worker.
_behind_since = 0.0
_PATIENCE = 30.0


def _look_for_changes() -> None:
    """Now and then, ask whether records changed; bring few in at once and leave many to the worker."""
    global _looked_at  # noqa: PLW0603 - a clock of this process, worth no object
    if time.monotonic() - _looked_at < _LOOK_EVERY or connection.needs_rollback:
        return
    _looked_at = time.monotonic()
    with everything():
        _follow()


def _follow() -> None:
    """The index holds every record, whoever asks: what of it may be read is told when it is found."""
    global _behind_since  # noqa: PLW0603 - as above
    state = store().state()
    if not state.folder:
        raise Damaged("there is no index yet")
    now = _Moment.read()
    if now is None or not now.ahead_of(state):
        _behind_since = 0.0
    elif not now.continues(state) or now.count_changes(state) <= _AT_ONCE:
        refresh(wait=False)
    else:
        _behind_since = _behind_since or _looked_at
        _leave_to_others()


def _leave_to_others() -> None:
    """To the worker; but it may not run, and the index must follow all the same."""
    global _behind_since  # noqa: PLW0603 - as above
    if time.monotonic() - _behind_since < _PATIENCE:
        _leave_to_worker()
        return
    _behind_since = 0.0
    threading.Thread(target=_refresh_aside, name="search index", daemon=True).start()


def _refresh_aside() -> None:
    try:
        refresh(wait=False)
    except OSError:
        _log.exception("The search index cannot be written.")
    finally:
        connections.close_all()


def _leave_to_worker() -> None:
    from procrastinate.exceptions import AlreadyEnqueued

    from maillage.register.tasks import refresh_index  # the worker's module reads this one

    try:
        refresh_index.configure(queueing_lock="index", schedule_in={"seconds": 5}).defer()
    except AlreadyEnqueued:
        _log.debug("The worker will bring the index in step.")


@dataclass(frozen=True, slots=True)
class _Moment:
    """How far each table of events goes in one database; `quiet` if no transaction was under way that may add to it."""

    database: str
    marks: dict[str, int]
    quiet: bool

    @classmethod
    def read(cls) -> "_Moment | None":
        """The present moment; `None` while the past is being read."""
        tables = sorted({table for finder in finders().values() for table, _columns in finder.watched})
        ends = ", ".join(f"(SELECT coalesce(max(pgh_id), 0) FROM {table})" for table in tables)  # noqa: S608 - our own
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('search_path'), d.datname || '/' || d.oid,"  # noqa: S608 - as above
                f" pg_snapshot_xmin(s) = pg_snapshot_xmax(s), {ends}"
                " FROM pg_database d, pg_current_snapshot() s WHERE d.datname = current_database()"
            )
            path, database, quiet, *found = cursor.fetchone()
        if "as_known" in path:
            return None
        return cls(database, dict(zip(tables, found, strict=True)), quiet)

    def ahead_of(self, state: State) -> bool:
        return state.database != self.database or any(
            end != state.marks.get(table, -1) for table, end in self.marks.items()
        )

    def continues(self, state: State) -> bool:
        """Whether the index of that state can be brought in step, rather than made anew."""
        same = state.folder and state.database == self.database and state.marks.keys() == self.marks.keys()
        return bool(same) and all(end >= state.marks[table] for table, end in self.marks.items())

    def changed(self, finder: Finder, state: State) -> set[int]:
        """The ids of a finder's records that events since that state tell of."""
        ids: set[int] = set()
        with connection.cursor() as cursor:
            for table, columns in finder.watched:
                for column in columns:
                    since = f"SELECT DISTINCT {column} FROM {table} WHERE pgh_id > %s"  # noqa: S608 - our own names
                    cursor.execute(since, [state.marks[table]])
                    ids |= {row[0] for row in cursor.fetchall() if row[0] is not None}
        return ids

    def count_changes(self, state: State) -> int:
        """How many events the index of that state is behind."""
        return sum(end - state.marks.get(table, 0) for table, end in self.marks.items())


def refresh(*, wait: bool = True, rebuild: bool = False) -> int:
    """Bring the index in step with the database; return how many records were written to it.

    One process does so at a time: another one waits, or without `wait` leaves it to the first. Raises `OSError` where
    the folder cannot be written.
    """
    with everything(), store().alone(wait=wait) as ours:
        if not ours:
            return 0
        now = _Moment.read()
        if now is None:
            return 0
        state = store().state()
        if rebuild or not now.continues(state):
            return _rebuild(now)
        try:
            return _catch_up(now, state)
        except Damaged:
            return _rebuild(now)


def _rebuild(now: _Moment) -> int:
    # What transactions under way are writing may yet appear below these ends: some of it is read again later.
    margin = 0 if now.quiet else _MARGIN
    marks = {table: max(0, end - margin) for table, end in now.marks.items()}
    counted = _Counted(entry for finder in finders().values() for entry in finder.entries())
    store().rebuild(counted, State(database=now.database, marks=marks))
    return counted.number


def _catch_up(now: _Moment, state: State) -> int:
    changed = {kind: sorted(now.changed(finder, state)) for kind, finder in finders().items()}
    gone = [(kind, record_id) for kind, ids in changed.items() for record_id in ids]
    counted = _Counted(entry for kind, ids in changed.items() for entry in finders()[kind].entries(ids))
    # While a transaction is under way, events below the present ends may still appear: the marks then wait for it.
    state.marks = now.marks if now.quiet else state.marks
    if gone or now.quiet:
        store().change(counted, gone, state)
    return counted.number


class _Counted:
    """Entries that pass by, counted."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries, self.number = entries, 0

    def __iter__(self) -> Iterator[Entry]:
        for entry in self.entries:
            self.number += 1
            yield entry
