"""Full-text index of documents on disk: search by words, within filters and within what a reader may see.

Each language has its own field, stemmed before accents are folded since the rules of French rest on them. Filters and
access are *marks* of a document. Each distinct set of marks has a number, so that a hit is checked by looking up one
number. Scores are BM25 as tantivy computes it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import tantivy
from tantivy import Filter, Occur, Query

from maillage.matching.word_lists import STOP_WORDS, Language

PUBLIC_MARK: Final = "public"
"""The mark of documents that everybody may see."""

MAX_TERMS: Final = 64
"""How many terms of a long need are searched: the rarest. More cost time and change little."""

_WRITER_MEMORY: Final = 300_000_000
_THREADS: Final = 2
_MAX_WORD_LENGTH: Final = 40
_MARKS_FILE: Final = "marks.json"
# Factor on the limit of hits, before the query itself is restricted to the marks, which is slower.
_SPARE_HITS: Final = 10

AccessMarks = frozenset[str]


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document: its number, its text by language, and its marks, with `PUBLIC_MARK` if everybody may see it."""

    number: int
    texts: Mapping[Language, str]
    marks: AccessMarks = frozenset({PUBLIC_MARK})


@dataclass(frozen=True, slots=True)
class DocumentMatch:
    """A document that has words of the need, and its score."""

    number: int
    score: float


def build_schema() -> tantivy.Schema:
    """A field for each language; without positions, since phrases are not searched."""
    builder = tantivy.SchemaBuilder()
    for language in Language:
        builder.add_text_field(language.value, tokenizer_name=language.value, index_option="freq")
    builder.add_unsigned_field("number", fast=True, indexed=True)
    builder.add_unsigned_field("marks", fast=True, indexed=True)
    return builder.build()


SCHEMA: Final = build_schema()


@cache
def _analyser(language: Language) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    stemmer = {Language.FR: "french", Language.EN: "english"}[language]
    filters = (
        Filter.remove_long(_MAX_WORD_LENGTH),
        Filter.lowercase(),
        Filter.custom_stopword(sorted(STOP_WORDS[language])),
        Filter.stemmer(stemmer),
        Filter.ascii_fold(),
    )
    for token_filter in filters:
        builder = builder.filter(token_filter)
    return builder.build()


def _register_analysers(index: tantivy.Index) -> tantivy.Index:
    for language in Language:
        index.register_tokenizer(language.value, _analyser(language))
    index.config_reader("manual")
    return index


class TextIndex:
    """The index in a folder. Searches and one writer may run at the same time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index = _register_analysers(tantivy.Index.open(str(folder)))
        self.reload()

    @classmethod
    def build(cls, folder: Path, documents: Iterable[IndexedDocument]) -> TextIndex:
        """Create an index in a new folder. Raises `FileExistsError` if the folder exists."""
        folder.mkdir(parents=True)
        _write(folder, _register_analysers(tantivy.Index(SCHEMA, path=str(folder))), documents, ())
        return cls(folder)

    def change(self, documents: Iterable[IndexedDocument], gone: Iterable[int] = ()) -> None:
        """Add or replace documents, and remove those numbered in `gone`."""
        _write(self._folder, self._index, documents, gone)
        self.reload()

    def reload(self) -> None:
        """Search the last committed state from now on."""
        self._index.reload()
        self._searcher = self._index.searcher()
        self._marks = _read_marks(self._folder)

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(
        self,
        texts: Mapping[Language, str],
        *,
        limit: int = 10,
        within: Collection[str] = (),
        sees: Collection[str] | None = (PUBLIC_MARK,),
    ) -> list[DocumentMatch]:
        """The documents that have words of a need, in one language or both; best first.

        Each has all marks of `within` and at least one of `sees`, unless `sees` is None.
        """
        words = _any_of(self._rarest(texts))
        if words is None:
            return []
        allowed = {
            number for number, marks in enumerate(self._marks)
            if marks.issuperset(within) and (sees is None or not marks.isdisjoint(sees))
        }  # fmt: skip
        if not allowed:
            return []
        hits = list(self._hits(words, limit * _SPARE_HITS))
        matches = [match for match, marks in hits if marks in allowed][:limit]
        if len(matches) == limit or len(hits) < limit * _SPARE_HITS:
            return matches
        narrowed = Query.boolean_query([(Occur.Must, words), (Occur.Must, _marks_query(allowed))])
        return [match for match, _marks in self._hits(narrowed, limit)]

    def _hits(self, query: Query, limit: int) -> Iterator[tuple[DocumentMatch, int]]:
        hits = self._searcher.search(query, limit, count=False).hits
        addresses = [address for _score, address in hits]
        numbers, marks = (self._searcher.fast_field_values(field, addresses) for field in ("number", "marks"))
        for (score, _address), number, marks_number in zip(hits, numbers, marks, strict=True):
            yield DocumentMatch(int(number or 0), float(score)), int(marks_number or 0)

    def _rarest(self, texts: Mapping[Language, str]) -> list[Query]:
        """Queries for the terms that are rarest in the index and most frequent in the need."""
        terms: list[tuple[float, str, str, int]] = []
        for language, text in texts.items():
            for term, count in Counter(_analyser(language).analyze(text)).items():
                frequency = self._searcher.doc_freq(language.value, term)
                if frequency:
                    terms.append((frequency / count, language.value, term, count))
        terms.sort()
        return [_term(field, term, count) for _rarity, field, term, count in terms[:MAX_TERMS]]


def _term(field: str, term: str, count: int) -> Query:
    query = Query.term_query(SCHEMA, field, term, "freq")
    return Query.boost_query(query, float(count) ** 0.5) if count > 1 else query


def _any_of(queries: list[Query]) -> Query | None:
    return Query.boolean_query([(Occur.Should, query) for query in queries]) if queries else None


def _marks_query(numbers: Iterable[int]) -> Query:
    """Documents whose set of marks has one of these numbers, with a score of 0."""
    return Query.const_score_query(Query.term_set_query(SCHEMA, "marks", sorted(numbers)), 0.0)


def _read_marks(folder: Path) -> list[AccessMarks]:
    path = folder / _MARKS_FILE
    return [frozenset(marks) for marks in json.loads(path.read_text("utf-8"))] if path.exists() else []


def _write(folder: Path, index: tantivy.Index, documents: Iterable[IndexedDocument], removed: Iterable[int]) -> None:
    marks = _read_marks(folder)
    numbers = {access_marks: number for number, access_marks in enumerate(marks)}
    writer = index.writer(_WRITER_MEMORY, _THREADS)
    known = bool(marks)
    for number in removed:
        writer.delete_documents_by_query(Query.term_query(SCHEMA, "number", number))
    for document in documents:
        if known:
            writer.delete_documents_by_query(Query.term_query(SCHEMA, "number", document.number))
        writer.add_document(_document(document, numbers.setdefault(document.marks, len(numbers))))
    # Written before the commit, so that a reader always finds every number it meets.
    draft = folder / f"{_MARKS_FILE}.draft"
    draft.write_text(json.dumps([sorted(access_marks) for access_marks in numbers]), "utf-8")
    draft.replace(folder / _MARKS_FILE)
    writer.commit()
    writer.wait_merging_threads()


def _document(indexed: IndexedDocument, marks: int) -> tantivy.Document:
    document = tantivy.Document(**{language.value: text for language, text in indexed.texts.items()})
    document.add_unsigned("number", indexed.number)
    document.add_unsigned("marks", marks)
    return document
