"""Answers to real needs, the open calls of the European Union, beside PostgreSQL ranking the same offers for them."""

import gzip
import json
import re
import statistics
import time
from collections.abc import Callable

from benchmarks.datasets import ensure_example, shared_data
from benchmarks.report import markdown_table, write_section

_PEER = """
    DROP TABLE IF EXISTS peer_offer;
    CREATE TABLE peer_offer AS SELECT id, to_tsvector('english', concat_ws(' ', title_en, title_fr, note_en,
        array_to_string(keywords, ' '))) AS words FROM offers_offer;
    CREATE INDEX ON peer_offer USING gin (words);
    ANALYZE peer_offer"""
_RANKED = """SELECT id FROM peer_offer, to_tsquery('english', %s) q WHERE words @@ q
    ORDER BY ts_rank(words, q) DESC LIMIT 10"""

Need = tuple[str, str]


def run() -> None:
    """Answer every call with both."""
    from django.db import connection

    ensure_example()
    with connection.cursor() as cursor:
        cursor.execute(_PEER)
    needs = _needs()
    ours, peer = _measure(_answer, needs), _measure(_postgres, needs)
    answered, empty = sum(found for _spent, found in ours), sum(found == 0 for _spent, found in peer)
    rows = [
        (name, f"{mine:.1f} ms", f"{theirs:.1f} ms", f"{mine / theirs:.2f}")
        for name, mine, theirs in zip(
            ("median", "95 of 100 under", "slowest"), _spread(ours), _spread(peer), strict=True
        )
    ]
    body = f"""{len(needs)} calls with their descriptions, as needs, to the offers of the example. Ours reads both languages and
gives reasons; {answered} calls get offers and {len(needs) - answered} a plain “nothing fits”. PostgreSQL matches any word of the
call in English and proposes something for all but {empty}.

{markdown_table(("", "Maillage", "PostgreSQL ranking", "ratio"), rows)}
"""
    write_section("answer", "Answer", body)


def _needs() -> list[Need]:
    with gzip.open(shared_data("eu_open_calls", "calls.jsonl.gz"), "rt", encoding="utf-8") as lines:
        calls = [json.loads(line) for line in lines]
    return [(call.get("title") or "", call.get("description") or "") for call in calls]


def _measure(find: Callable[[Need], bool], needs: list[Need]) -> list[tuple[float, bool]]:
    """Seconds and whether anything was proposed, for each need, after one round to warm up."""
    find(needs[0])
    measured = []
    for need in needs:
        begun = time.perf_counter()
        found = find(need)
        measured.append((time.perf_counter() - begun, found))
    return measured


def _answer(need: Need) -> bool:
    """The whole of the server's work but the page: index looked up, need read, offers and labels fetched."""
    from django.utils import timezone

    from maillage.core.actors import PUBLIC
    from maillage.partnerships.offer_matching import match_offers

    return bool(match_offers(need[1], title=need[0], actor=PUBLIC, on=timezone.localdate()).proposed)


def _postgres(need: Need) -> bool:
    from django.db import connection

    words = dict.fromkeys(re.findall(r"[a-z]{3,}", " ".join(need).lower()))
    with connection.cursor() as cursor:
        cursor.execute(_RANKED, [" | ".join(words)])
        return bool(cursor.fetchall())


def _spread(measured: list[tuple[float, bool]]) -> tuple[float, float, float]:
    """Median, 95th of 100 and greatest, in milliseconds."""
    spent = sorted(seconds * 1000 for seconds, _found in measured)
    return statistics.median(spent), spent[round(len(spent) * 0.95) - 1], spent[-1]
