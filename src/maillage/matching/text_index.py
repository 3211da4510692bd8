"""A word index of many documents on disk: which hold the words of a need, within filters and what one may see.

Each language has a field of its own, stemmed before accents are folded since the rules of French rest on them. What a
document may be filtered by, and who may see it, are its marks; documents with the same marks bear the same number, so
that a hit is checked by looking one number up. Scores are BM25 as tantivy computes it.
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
"""The mark of what everybody may see."""

MAX_TERMS: Final = 64
"""Terms of a long need that are looked for: the rarest. More cost time and change little."""

_WRITER_MEMORY: Final = 300_000_000
_THREADS: Final = 2
_MAX_WORD_LENGTH: Final = 40
_MARKS_FILE: Final = "marks.json"
# Hits fetched for each one wanted before a query is narrowed to the marks, which is slower where they are common.
_SPARE_HITS: Final = 10

AccessMarks = frozenset[str]


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document under its number, its text by language, and its marks, `PUBLIC_MARK` among them where all may see
    it."""

    number: int
    texts: Mapping[Language, str]
    marks: AccessMarks = frozenset({PUBLIC_MARK})


@dataclass(frozen=True, slots=True)
class DocumentMatch:
    """A document that holds words of the need, and its score."""

    number: int
    score: float


def build_schema() -> tantivy.Schema:
    """A field for each language; positions are not kept, since no phrase is looked for."""
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
    for one in filters:
        builder = builder.filter(one)
    return builder.build()


def _register_analysers(index: tantivy.Index) -> tantivy.Index:
    for language in Language:
        index.register_tokenizer(language.value, _analyser(language))
    index.config_reader("manual")
    return index


class TextIndex:
    """The index in one folder. Those who search and the one who writes do not disturb each other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index = _register_analysers(tantivy.Index.open(str(folder)))
        self.reload()

    @classmethod
    def build(cls, folder: Path, documents: Iterable[IndexedDocument]) -> TextIndex:
        """Write a new index into a folder that holds none yet."""
        folder.mkdir(parents=True)
        _write(folder, _register_analysers(tantivy.Index(SCHEMA, path=str(folder))), documents, ())
        return cls(folder)

    def change(self, documents: Iterable[IndexedDocument], gone: Iterable[int] = ()) -> None:
        """Write these documents anew and take out those gone, by number."""
        _write(self._folder, self._index, documents, gone)
        self.reload()

    def reload(self) -> None:
        """See what was last written."""
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
        """The documents that hold words of a need, given in one language or both; best first.

        Each bears all marks of `concerning_q` and, unless that is None, one at least of `sees`.
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
        found = list(self._hits(words, limit * _SPARE_HITS))
        kept = [one for one, marks in found if marks in allowed][:limit]
        if len(kept) == limit or len(found) < limit * _SPARE_HITS:
            return kept
        narrowed = Query.boolean_query([(Occur.Must, words), (Occur.Must, _marks_query(allowed))])
        return [one for one, _marks in self._hits(narrowed, limit)]

    def _hits(self, query: Query, limit: int) -> Iterator[tuple[DocumentMatch, int]]:
        hits = self._searcher.search(query, limit, count=False).hits
        addresses = [address for _score, address in hits]
        numbers, marks = (self._searcher.fast_field_values(field, addresses) for field in ("number", "marks"))
        for (score, _address), number, marked in zip(hits, numbers, marks, strict=True):
            yield DocumentMatch(int(number or 0), float(score)), int(marked or 0)

    def _rarest(self, texts: Mapping[Language, str]) -> list[Query]:
        """The terms worth most, rare ones and those said often, in the field of their language."""
        worth: list[tuple[float, str, str, int]] = []
        for language, text in texts.items():
            for term, times in Counter(_analyser(language).analyze(text)).items():
                held = self._searcher.doc_freq(language.value, term)
                if held:
                    worth.append((held / times, language.value, term, times))
        worth.sort()
        return [_term(field, term, times) for _held, field, term, times in worth[:MAX_TERMS]]


def _term(field: str, term: str, times: int) -> Query:
    query = Query.term_query(SCHEMA, field, term, "freq")
    return Query.boost_query(query, float(times) ** 0.5) if times > 1 else query


def _any_of(queries: list[Query]) -> Query | None:
    return Query.boolean_query([(Occur.Should, query) for query in queries]) if queries else None


def _marks_query(numbers: Iterable[int]) -> Query:
    """Documents whose marks have one of these numbers; what they are worth is nothing."""
    return Query.const_score_query(Query.term_set_query(SCHEMA, "marks", sorted(numbers)), 0.0)


def _read_marks(folder: Path) -> list[AccessMarks]:
    path = folder / _MARKS_FILE
    return [frozenset(marks) for marks in json.loads(path.read_text("utf-8"))] if path.exists() else []


def _write(folder: Path, index: tantivy.Index, documents: Iterable[IndexedDocument], gone: Iterable[int]) -> None:
    marks = _read_marks(folder)
    numbers = {one: number for number, one in enumerate(marks)}
    writer = index.writer(_WRITER_MEMORY, _THREADS)
    known = bool(marks)
    for number in gone:
        writer.delete_documents_by_query(Query.term_query(SCHEMA, "number", number))
    for one in documents:
        if known:
            writer.delete_documents_by_query(Query.term_query(SCHEMA, "number", one.number))
        writer.add_document(_document(one, numbers.setdefault(one.marks, len(numbers))))
    # Before the commit: who reads meanwhile may meet a number unknown here, never one that means something else.
    draft = folder / f"{_MARKS_FILE}.draft"
    draft.write_text(json.dumps([sorted(one) for one in numbers]), "utf-8")
    draft.replace(folder / _MARKS_FILE)
    writer.commit()
    writer.wait_merging_threads()


def _document(one: IndexedDocument, marks: int) -> tantivy.Document:
    document = tantivy.Document(**{language.value: text for language, text in one.texts.items()})
    document.add_unsigned("number", one.number)
    document.add_unsigned("marks", marks)
    return document
