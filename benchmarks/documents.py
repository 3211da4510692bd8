"""A million simulated documents: built, searched with filters and visibility, beside bare tantivy and PostgreSQL.

Words are made up and drawn by the law of Zipf and Mandelbrot, p ~ 1 / (rank + 10), as texts are once stop words are out.
One document in ten is hidden; each bears one of five kinds. All three are asked for one kind, and for what a visitor sees.
"""

import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from benchmarks.report import markdown_table, write_section

_DOCUMENTS, _WORDS, _VOCABULARY, _KINDS = 1_000_000, 60, 100_000, 5
_SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "xo", "zu", "cra", "tri", "plo", "sten", "mar")  # fmt: skip
_SEARCHES, _SEARCHES_OF_POSTGRESQL, _LONG = 1_000, 20, 150
_TABLE = """
    DROP TABLE IF EXISTS peer_document;
    CREATE UNLOGGED TABLE peer_document (id bigint, kind text, shown boolean, words tsvector)"""
_RANKED = """SELECT id FROM peer_document, to_tsquery('english', %s) q WHERE words @@ q AND kind = %s AND shown
    ORDER BY ts_rank(words, q) DESC LIMIT 10"""

Row = tuple[int, str, bool, str]
Search = Callable[[str, str], Sequence[Any]]


def run() -> None:
    """Build and search all three."""
    chance = random.Random(20261127)
    rows, words = _rows(chance)
    short = [(" ".join(words(chance.randint(3, 6))), _kind(chance.randrange(_KINDS))) for _search in range(_SEARCHES)]
    long = [(" ".join(words(_LONG)), _kind(chance.randrange(_KINDS))) for _search in range(_SEARCHES // 5)]
    folder = Path(tempfile.mkdtemp(prefix="maillage-documents-"))
    try:
        measured = {
            "Maillage": _measure(*_ours(folder / "ours", rows), short, long, _SEARCHES),
            "bare tantivy": _measure(*_tantivy(folder / "bare", rows), short, long, _SEARCHES),
            "PostgreSQL ranking": _measure(*_postgres(rows), short, long, _SEARCHES_OF_POSTGRESQL),
        }
    finally:
        shutil.rmtree(folder)
    lines = [(what, limit, *(measured[name].get(what, "") for name in measured)) for what, limit in _LIMITS.items()]
    body = f"""{_DOCUMENTS:,} simulated documents of {_WORDS} words, one in ten hidden, each of one of {_KINDS} kinds; words drawn by
the law of Zipf and Mandelbrot. Every search asks for the ten best of one kind among those that a visitor may see;
{_SEARCHES:,} searches of 3 to 6 words ({_SEARCHES_OF_POSTGRESQL} by PostgreSQL), a fifth as many of {_LONG} words. Building does not count the making up. Processor time (of all
threads) tells what the work costs where others use the machine too.

{markdown_table(("", "limit", *measured), lines)}
"""
    write_section("documents", "A million documents", body)


_LIMITS = {
    "built in": "60 s",
    "…, processor time": "",
    "size": "300 MB",
    "3–6 words, median": "2 ms",
    "3–6 words, 99 of 100 under": "10 ms",
    "… in processor time": "10 ms",
    "150 words, median": "30 ms",
    "a changed document is found after": "1 s",
}


def _kind(number: int) -> str:
    return f"kind:{number}"


def _rows(chance: random.Random) -> tuple[list[Row], Callable[[int], list[str]]]:
    made = {"".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _word in range(2 * _VOCABULARY)}
    vocabulary = sorted(made)[:_VOCABULARY]
    chance.shuffle(vocabulary)
    weights = list(accumulate(1 / (rank + 10) for rank in range(len(vocabulary))))

    def words(number: int) -> list[str]:
        return chance.choices(vocabulary, cum_weights=weights, k=number)

    rows = [(n, _kind(n % _KINDS), n % 10 != 0, " ".join(words(_WORDS))) for n in range(_DOCUMENTS)]
    return rows, words


def _measure(
    search: Search, told: dict[str, str], short: list[tuple[str, str]], long: list[tuple[str, str]], searches: int
) -> dict[str, str]:
    times, worked = zip(*_times(search, short[:searches]), strict=True)
    long_times, _worked = zip(*_times(search, long[: searches // 5]), strict=True)
    rarely = round(len(times) * 0.99) - 1
    found = told | {
        "3–6 words, median": f"{statistics.median(times):.2f} ms",
        "3–6 words, 99 of 100 under": f"{sorted(times)[rarely]:.2f} ms",
        "150 words, median": f"{statistics.median(long_times):.2f} ms",
    }
    if "…, processor time" in told:
        found["… in processor time"] = f"{sorted(worked)[rarely]:.2f} ms"
    return found


def _times(search: Search, needs: list[tuple[str, str]]) -> list[tuple[float, float]]:
    """Milliseconds of each search, and those that this process worked, after some to warm up."""
    for text, kind in needs[:20]:
        search(text, kind)
    spent = []
    for text, kind in needs:
        began, idle = time.perf_counter(), time.process_time()
        search(text, kind)
        spent.append(((time.perf_counter() - began) * 1000, (time.process_time() - idle) * 1000))
    return spent


def _ours(folder: Path, rows: list[Row]) -> tuple[Search, dict[str, str]]:
    from maillage.matching.text_index import PUBLIC_MARK, IndexedDocument, TextIndex
    from maillage.matching.word_lists import Language

    marks = {
        (kind, shown): frozenset({kind, PUBLIC_MARK if shown else "body:1"}) for _n, kind, shown, _text in rows[:1000]
    }

    def documents() -> Iterator[IndexedDocument]:
        for number, kind, shown, text in rows:
            yield IndexedDocument(number, {Language.EN: text}, marks[kind, shown])

    began, idle = time.perf_counter(), time.process_time()
    index = TextIndex.build(folder, documents())
    built, worked = time.perf_counter() - began, time.process_time() - idle
    began = time.perf_counter()
    index.change([IndexedDocument(7, {Language.EN: "unheardof"})])
    found = index.search({Language.EN: "unheardof"})
    changed = time.perf_counter() - began
    assert [one.number for one in found] == [7]

    def search(text: str, kind: str) -> Sequence[Any]:
        return index.search({Language.EN: text}, within=[kind])

    more = {"…, processor time": f"{worked:.0f} s", "a changed document is found after": f"{changed:.2f} s"}
    return search, _told(built, _size(folder)) | more


def _tantivy(folder: Path, rows: list[Row]) -> tuple[Search, dict[str, str]]:
    """As its manual does it: one query of wanted words and needed marks."""
    import tantivy
    from tantivy import Occur, Query

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=True, fast=True, indexed=True)
    builder.add_text_field("text", tokenizer_name="en_stem", index_option="freq")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("seen", tokenizer_name="raw", index_option="basic")
    schema = builder.build()
    folder.mkdir()
    index = tantivy.Index(schema, path=str(folder))
    began, idle = time.perf_counter(), time.process_time()
    writer = index.writer(300_000_000, 2)
    for number, kind, shown, text in rows:
        document = tantivy.Document(text=text, kind=kind, seen="all" if shown else "few")
        document.add_unsigned("number", number)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    built, worked = time.perf_counter() - began, time.process_time() - idle
    searcher = index.searcher()

    def search(text: str, kind: str) -> Sequence[Any]:
        needed = [Query.term_query(schema, "kind", kind), Query.term_query(schema, "seen", "all")]
        query = Query.boolean_query(
            [(Occur.Must, index.parse_query(text, ["text"])), *((Occur.Must, one) for one in needed)]
        )
        return [searcher.doc(address) for _score, address in searcher.search(query, 10, count=False).hits]

    return search, _told(built, _size(folder)) | {"…, processor time": f"{worked:.0f} s"}


def _postgres(rows: list[Row]) -> tuple[Search, dict[str, str]]:
    from django.db import connection

    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        cursor.execute("CREATE TEMP TABLE given (id bigint, kind text, shown boolean, text text)")
        with cursor.copy("COPY given FROM STDIN") as target:
            for row in rows:
                target.write_row(row)
        cursor.execute(
            "INSERT INTO peer_document SELECT id, kind, shown, to_tsvector('english', text) FROM given; DROP TABLE given;"
            "CREATE INDEX ON peer_document USING gin (words); CREATE INDEX ON peer_document (kind); ANALYZE peer_document"
        )
        built = time.perf_counter() - began
        cursor.execute("SELECT pg_total_relation_size('peer_document')")
        size = cursor.fetchone()[0]

    def search(text: str, kind: str) -> Sequence[Any]:
        with connection.cursor() as cursor:
            cursor.execute(_RANKED, [" | ".join(text.split()), kind])
            return cursor.fetchall()

    return search, _told(built, size)


def _told(built: float, size: int) -> dict[str, str]:
    return {"built in": f"{built:.0f} s", "size": f"{size / 1e6:.0f} MB"}


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())
