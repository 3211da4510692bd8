"""Finding among the organisations of ROR, against PostgreSQL: full text with ranking, else words anywhere (ILIKE).

Each search is made from the name of one body, so that it is known what should be found: typed to the end or not, with
and without accents, misspelt, by acronym and town, in another order.
"""

import random
import statistics
import time
import unicodedata
from collections.abc import Callable
from typing import Any

from benchmarks.datasets import ensure_example, shared_data
from benchmarks.report import markdown_table, write_section

_SEARCHES, _SHOWN = 600, 8
_PEER = """
    DROP TABLE IF EXISTS peer;
    CREATE TABLE peer AS SELECT o.id, string_agg(DISTINCT n.text, ' ') || ' ' || o.city AS text
    FROM register_organisation o JOIN register_name n ON n.organisation_id = o.id GROUP BY o.id;
    ALTER TABLE peer ADD words tsvector GENERATED ALWAYS AS (to_tsvector('simple', text)) STORED;
    CREATE INDEX ON peer USING gin (words);
    ANALYZE peer"""
_RANKED = "SELECT id FROM peer, to_tsquery('simple', %s) q WHERE words @@ q ORDER BY ts_rank(words, q) DESC LIMIT %s"

Search = tuple[str, str, int]


def run() -> None:
    """Search with both."""
    from django.db import connection

    _ensure_ror()
    with connection.cursor() as cursor:
        cursor.execute(_PEER)
    searches = _searches()
    ours, peer = _measure(_find, searches), _measure(_postgres, searches)
    body = f"""{_SEARCHES} searches among the organisations of ROR and the example, each made from the name of one body, of
which the first {_SHOWN} hits are taken. Ours are checked against the database: visible, and still there.

{markdown_table(("", "Maillage", "PostgreSQL ranking", "ratio"), _lines(ours, peer))}
"""
    write_section("search", "Finding", body)


def _ensure_ror() -> None:
    from django.utils import timezone

    from maillage.core.actors import SYSTEM
    from maillage.register.models import ImportRun
    from maillage.register.ror.importer import import_ror
    from maillage.search.index_updates import update_search_index

    ensure_example()
    if not ImportRun.objects.exclude(finished_at=None).exists():
        import_ror(shared_data("ror", "ror_records.jsonl.gz"), actor=SYSTEM, at=timezone.now())
    update_search_index()


def _lines(ours: dict[str, Any], peer: dict[str, Any]) -> list[tuple[str, ...]]:
    lines = [_times(name, ours["times"], peer["times"], at) for name, at in (("median", 50), ("95 of 100 under", 95))]
    for way, one in ours["found"].items():
        lines.append((f"found: {way}", f"{100 * one:.0f} %", f"{100 * peer['found'][way]:.0f} %", ""))
    return lines


def _times(name: str, ours: list[float], peer: list[float], at: int) -> tuple[str, ...]:
    one, two = (statistics.quantiles(times, n=100)[at - 1] * 1000 for times in (ours, peer))
    return name, f"{one:.1f} ms", f"{two:.1f} ms", f"{one / two:.2f}"


def _measure(search: Callable[[str], list[int]], searches: list[Search]) -> dict[str, Any]:
    """The seconds of each search, and by way of typing the share of searches that found their body."""
    for _way, text, _id in searches[:50]:
        search(text)
    times: list[float] = []
    found: dict[str, list[bool]] = {}
    for way, text, wanted in searches:
        began = time.perf_counter()
        ids = search(text)
        times.append(time.perf_counter() - began)
        found.setdefault(way, []).append(wanted in ids)
    return {"times": times, "found": {way: statistics.mean(hits) for way, hits in found.items()}}


def _find(text: str) -> list[int]:
    from django.utils import timezone

    from maillage.core.actors import PUBLIC
    from maillage.register.models import Organisation
    from maillage.search.queries import find_records

    hits = find_records(text, actor=PUBLIC, on=timezone.localdate(), limit=_SHOWN)
    if not hits:
        return []
    # The peer answers with numbers: to compare, not to be counted as slower for it than a page would see.
    return list(Organisation.objects.filter(key__in=[hit.key for hit in hits]).values_list("pk", flat=True))


def _postgres(text: str) -> list[int]:
    from django.db import connection

    words = [word for word in "".join(c if c.isalnum() else " " for c in text).split() if word]
    with connection.cursor() as cursor:
        cursor.execute(_RANKED, [" & ".join([*words[:-1], f"{words[-1]}:*"]), _SHOWN])
        if not (rows := cursor.fetchall()):
            anywhere = " AND ".join("text ILIKE %s" for _ in words)
            cursor.execute(f"SELECT id FROM peer WHERE {anywhere} LIMIT %s", [*(f"%{word}%" for word in words), _SHOWN])
            rows = cursor.fetchall()
    return [row[0] for row in rows]


def _searches() -> list[Search]:
    from maillage.register.models import Organisation

    chance = random.Random(20261123)
    rows = Organisation.objects.exclude(name_en="").order_by("id").values_list("id", "name_en", "acronym", "city")
    bodies = [row for row in rows if len(row[1].split()) > 2]
    made = []
    for number, (pk, name, acronym, city) in enumerate(chance.sample(bodies, _SEARCHES)):
        ways = _ways(name, acronym, city, chance)
        way = list(ways)[number % len(ways)]
        made.append((way, ways[way], pk))
    return made


def _ways(name: str, acronym: str, city: str, chance: random.Random) -> dict[str, str]:
    words = name.split()
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    turned = chance.sample(words, len(words))
    return {
        "the whole name": name,
        "as one types": name[: max(8, len(name) * 2 // 3)],
        "without accents or capitals": bare.lower(),
        "misspelt": _misspelt(words, chance),
        "acronym and town": f"{acronym} {city}" if acronym else f"{words[0]} {words[-1]} {city}",
        "in another order": " ".join(turned),
    }


def _misspelt(words: list[str], chance: random.Random) -> str:
    """Two letters of the longest word exchanged."""
    longest = max(range(len(words)), key=lambda index: len(words[index]))
    word, at = words[longest], chance.randrange(1, max(2, len(words[longest]) - 2))
    wrong = word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]
    return " ".join([*words[:longest], wrong, *words[longest + 1 :]])
