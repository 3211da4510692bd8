"""The search index of this machine: a folder of files made from the database, and rebuilt if damaged.

`state.json` has the folder in use, the database it was made from, and the last events read. A rebuild writes to a new
folder, so that running searches are not disturbed. One process writes at a time.
"""

import contextlib
import fcntl
import json
import os
import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import tantivy

# Increase it with any change of the schema or of the documents: an index of an older format is rebuilt.
INDEX_FORMAT = 3
_MEMORY = 48_000_000
_FIELDS = ("whole", "words", "acronym", "more")


class DamagedIndexError(OSError):
    """The index cannot be read and must be rebuilt."""


@dataclass(slots=True)
class IndexState:
    """The state of an index: the database it was made from, its folder, and the last event read by table (`marks`)."""

    database: str = ""
    folder: str = ""
    format: int = INDEX_FORMAT
    marks: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One record in the index, with folded texts.

    `whole` are its names, `acronyms` its acronyms, `numbers` its identifiers, `more` other words by which it is found,
    `ours` whether it belongs to the network rather than to a public register; `kept` is JSON that a hit returns.
    """

    kind: str
    id: int
    whole: tuple[str, ...]
    acronyms: tuple[str, ...]
    numbers: tuple[str, ...]
    more: str
    ours: bool
    kept: str


def build_schema() -> tantivy.Schema:
    """The schema: names whole and by word, without stemming, since names are not inflected."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("record", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("ours", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("whole", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("acronym", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("number", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name="words", index_option="freq")
    builder.add_text_field("more", tokenizer_name="words", index_option="basic")
    builder.add_text_field("kept", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


SCHEMA = build_schema()


def _with_tokenizer(index: tantivy.Index) -> tantivy.Index:
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("words", words)
    index.config_reader("manual")
    return index


@contextlib.contextmanager
def index_error_guard() -> Iterator[None]:
    """Raise `DamagedIndexError` for the errors and panics of the index library on damaged files."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit, DamagedIndexError):
        raise
    except ValueError as error:
        raise DamagedIndexError(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise DamagedIndexError(str(error)) from error


class IndexStore:
    """The index in the folder `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._open: tuple[str, int, tantivy.Index] | None = None
        self._lock = threading.Lock()

    def state(self) -> IndexState:
        """The state of the index; an empty state if there is no usable index."""
        try:
            state = IndexState(**json.loads((self.root / "state.json").read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return IndexState()
        is_usable = state.format == INDEX_FORMAT and state.folder and (self.root / state.folder / "meta.json").is_file()
        return state if is_usable else IndexState()

    def searcher(self) -> tantivy.Searcher:
        """A view of the index as last written. Raises `DamagedIndexError` if there is none."""
        with self._lock, index_error_guard():
            return self._current_index().searcher()

    def _current_index(self) -> tantivy.Index:
        try:
            modified_at = (self.root / "state.json").stat().st_mtime_ns
        except OSError as error:
            raise DamagedIndexError(f"{self.root} holds no index") from error
        if self._open is None or self._open[1] != modified_at:
            state = self.state()
            if not state.folder:
                raise DamagedIndexError(f"the index in {self.root} cannot be read")
            is_same_folder = self._open is not None and self._open[0] == state.folder
            index = self._open[2] if is_same_folder and self._open else self._open_folder(state.folder)
            index.reload()
            self._open = (state.folder, modified_at, index)
        return self._open[2]

    def _open_folder(self, folder: str) -> tantivy.Index:
        return _with_tokenizer(tantivy.Index.open(str(self.root / folder)))

    @contextlib.contextmanager
    def alone(self, *, wait: bool) -> Iterator[bool]:
        """Hold the write lock within the block; yields false, without `wait`, if another process holds it."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "write.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True

    def rebuild(self, entries: Iterable[IndexEntry], state: IndexState) -> None:
        """Write a new index of all entries, which replaces the present one."""
        previous_folder = self.state().folder
        state.folder = f"{os.getpid()}-{time.time_ns()}"
        folder = self.root / state.folder
        folder.mkdir(parents=True)
        try:
            with index_error_guard():
                _write_entries(_with_tokenizer(tantivy.Index(SCHEMA, path=str(folder))), entries)
            self._save_state(state)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._remove_folders_except({state.folder, previous_folder})

    def change(self, entries: Iterable[IndexEntry], gone: Iterable[tuple[str, int]], state: IndexState) -> None:
        """Delete the records in `gone` (kind, id), then add the entries. Raises `DamagedIndexError`."""
        with index_error_guard():
            _write_entries(self._open_folder(state.folder), entries, gone)
        self._save_state(state)

    def _save_state(self, state: IndexState) -> None:
        values = {"database": state.database, "folder": state.folder, "format": state.format, "marks": state.marks}
        draft = self.root / f".state.{os.getpid()}"
        draft.write_text(json.dumps(values), "utf-8")
        draft.replace(self.root / "state.json")

    def _remove_folders_except(self, keep: set[str]) -> None:
        """Remove older indexes. The caller keeps the previous one, for searches that still read it."""
        for folder in self.root.iterdir():
            if folder.is_dir() and folder.name not in keep:
                shutil.rmtree(folder, ignore_errors=True)


def _write_entries(index: tantivy.Index, entries: Iterable[IndexEntry], gone: Iterable[tuple[str, int]] = ()) -> None:
    writer = index.writer(_MEMORY, 1)
    for kind, record_id in gone:
        writer.delete_documents_by_term("record", f"{kind}:{record_id}")
    for entry in entries:
        writer.add_document(_index_document(entry))
    writer.commit()
    writer.wait_merging_threads()


def _index_document(entry: IndexEntry) -> tantivy.Document:
    texts: dict[str, object] = {
        "record": f"{entry.kind}:{entry.id}",
        "kind": entry.kind,
        "ours": "yes" if entry.ours else "no",
        "whole": list(entry.whole),
        "acronym": list(entry.acronyms),
        "number": list(entry.numbers),
        "words": " ".join(dict.fromkeys(" ".join((*entry.whole, *entry.acronyms)).split())),
        "more": entry.more,
        "kept": entry.kept,
    }
    return tantivy.Document(**texts)
