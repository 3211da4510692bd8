"""Read vocabularies from files: our own YAML form, EuroVoc (CSV and YAML) and the HPO in French.

Each reader goes through its file once, row by row, and returns concepts with a report. A bad row is
refused with its line, a reason and a remedy, and never stops the good ones. Only a file that cannot be read at all, or
is not of the expected form, raises `VocabularyError`.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO

from maillage.language import gettext as _
from maillage.language import ngettext, os_error_reason
from maillage.matching.vocabulary import Concept, Facet, expression_stems
from maillage.matching.word_lists import Language

_MAX_ACRONYM_LENGTH: Final = 5
_UNREADABLE: Final = "\ufffd"


class VocabularyError(ValueError):
    """A vocabulary file that cannot be used at all. `file`, `line` (or None) and `remedy` are attributes."""

    def __init__(self, file: Path, line: int | None, reason: str, remedy: str) -> None:
        where = _place(file.name, line) if line else file.name
        super().__init__(f"{where}: {reason} {remedy}")
        self.file, self.line, self.reason, self.remedy = file, line, reason, remedy


def _place(file: str, line: int) -> str:
    return _("%(file)s, line %(line)d") % {"file": file, "line": line}


@dataclass(frozen=True, slots=True)
class RefusedVocabularyRow:
    """A row that gave no concept: its line, the reason and the remedy."""

    file: str
    line: int
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{_place(self.file, self.line)}: {self.reason} {self.remedy}"


@dataclass(frozen=True, slots=True)
class VocabularyLoad:
    """The result of a reader: `read` rows gave `concepts`, except those `refused`."""

    concepts: tuple[Concept, ...]
    read: int
    refused: tuple[RefusedVocabularyRow, ...]

    @property
    def created(self) -> int:
        """The number of concepts."""
        return len(self.concepts)


@dataclass(slots=True)
class VocabularyLoadState:
    """The running state of one load; `done` freezes it."""

    file: Path
    source: str
    concepts: dict[str, Concept] = field(default_factory=dict)
    read: int = 0
    refused: list[RefusedVocabularyRow] = field(default_factory=list)

    def refuse(self, line: int, reason: str, remedy: str) -> None:
        """Record a row that gives no concept."""
        self.refused.append(RefusedVocabularyRow(self.file.name, line, reason, remedy))

    def keep(self, line: int, concept: Concept) -> None:
        """Add a concept with a unique key and a name that can be recognised, else refuse it."""
        names = [name for names in concept.labels.values() for name in names]
        if not concept.key:
            self.refuse(line, _("the concept has no identifier."), _("Give it one."))
        elif concept.key in self.concepts:
            reason = _("the identifier %(key)s is already used.") % {"key": concept.key}
            self.refuse(line, reason, _("Give each concept its own."))
        elif any(_UNREADABLE in name for name in names):
            reason = _("a name of %(key)s is not valid UTF-8.") % {"key": concept.key}
            self.refuse(line, reason, _("Save the file as UTF-8."))
        elif not concept.exact and not _recognisable(concept):
            reason = _("%(key)s has no name besides stop words.") % {"key": concept.key}
            self.refuse(line, reason, _("Add a French or English name."))
        else:
            self.concepts[concept.key] = concept

    def done(self) -> VocabularyLoad:
        """The result, frozen."""
        return VocabularyLoad(tuple(self.concepts.values()), self.read, tuple(self.refused))


def _recognisable(concept: Concept) -> bool:
    return any(expression_stems(name, language) for language, names in concept.labels.items() for name in names)


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """Open a text file, compressed if its name ends in .gz, as UTF-8 with bad bytes replaced.

    Raises `VocabularyError` when the file is missing, unreadable or a damaged archive, even if that shows midway.
    """
    try:
        with path.open("rb") as raw:
            unpacked = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
            with io.TextIOWrapper(unpacked, encoding="utf-8-sig", errors="replace", newline="") as stream:
                yield stream
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        what = _("the archive is damaged (%(reason)s).") % {"reason": error}
        raise VocabularyError(path, None, what, _("Fetch it again.")) from error
    except OSError as error:
        what = _("the file cannot be read (%(reason)s).") % {"reason": _(os_error_reason(error))}
        raise VocabularyError(path, None, what, _("Check its path and permissions.")) from error


def read_eurovoc_csv(path: Path, *, facet: Facet = Facet.FRAME) -> VocabularyLoad:
    """Read EuroVoc concepts from a CSV with columns id, pref_en, pref_fr, alt_en, alt_fr and broader.

    Alternates and broader identifiers are separated by "|". Keys are "eurovoc:" and the identifier. EuroVoc covers
    all subjects of Union law and has no facets, so all concepts get `facet`. Raises
    `VocabularyError` when a column is missing or the file cannot be read.
    """
    columns = ("id", "pref_en", "pref_fr", "alt_en", "alt_fr", "broader")
    load = VocabularyLoadState(path, "EuroVoc")
    with open_text(path) as stream:
        for line, row in _rows(stream, load, columns, delimiter=","):
            identifier, name_en, name_fr, others_en, others_fr, broader = row
            names = {Language.EN: [name_en, *others_en.split("|")], Language.FR: [name_fr, *others_fr.split("|")]}
            load.keep(line, eurovoc_concept(identifier, names, broader.split("|"), facet))
    return load.done()


def eurovoc_concept(identifier: str, names: dict[Language, list[str]], broader: Sequence[str], facet: Facet) -> Concept:
    """A EuroVoc concept; names in capitals become acronyms, which are recognised in capitals only."""
    stripped = {
        language: tuple(filter(None, map(str.strip, language_names))) for language, language_names in names.items()
    }
    return Concept(
        key=f"eurovoc:{identifier.strip()}" if identifier.strip() else "",
        labels={
            language: tuple(name for name in language_names if not _is_acronym(name))
            for language, language_names in stripped.items()
        },
        exact=tuple(
            dict.fromkeys(name for language_names in stripped.values() for name in language_names if _is_acronym(name))
        ),
        broader=tuple(f"eurovoc:{wider.strip()}" for wider in broader if wider.strip()),
        facet=facet,
        source="EuroVoc",
    )


def _is_acronym(name: str) -> bool:
    return name.isupper() and name.isalnum() and len(name) <= _MAX_ACRONYM_LENGTH


def read_hpo(labels: Path, synonyms: Path | None = None, *, facet: Facet = Facet.DISEASE) -> VocabularyLoad:
    """Read the Human Phenotype Ontology from its French Babelon table and, if given, its table of French synonyms.

    Rows of the first table other than names (definitions) are passed over; a term translated twice keeps both names.
    The second table gives names to add; a synonym of an unknown term is refused. Raises `VocabularyError` as
    `read_eurovoc_csv` does.
    """
    load = VocabularyLoadState(labels, "HPO")
    added_synonyms = _hpo_synonyms(synonyms) if synonyms else _Synonyms({}, ())
    columns = ("subject_id", "predicate_id", "source_value", "translation_value")
    with open_text(labels) as stream:
        for line, (term, predicate, english, french) in _rows(stream, load, columns, delimiter="\t"):
            if predicate == "rdfs:label":
                earlier = load.concepts.pop(term, None)
                synonym_rows = () if earlier else added_synonyms.names.pop(term, ())
                known_names = earlier.labels[Language.FR] if earlier else tuple(name for _line, name in synonym_rows)
                names = {Language.EN: _named(english), Language.FR: _named(french, *known_names)}
                load.keep(line, Concept(term, names, facet=facet, source="HPO"))
    load.refused.extend(added_synonyms.refused)
    if synonyms:
        reason, remedy = _("%(term)s is not a term of %(file)s."), _("Use tables of the same release.")
        load.refused.extend(
            RefusedVocabularyRow(synonyms.name, line, reason % {"term": term, "file": labels.name}, remedy)
            for term, names in added_synonyms.names.items()
            for line, _name in names
        )
    return load.done()


@dataclass(frozen=True, slots=True)
class _Synonyms:
    names: dict[str, list[tuple[int, str]]]
    refused: tuple[RefusedVocabularyRow, ...]


def _hpo_synonyms(path: Path) -> _Synonyms:
    load = VocabularyLoadState(path, "HPO")
    names: dict[str, list[tuple[int, str]]] = {}
    with open_text(path) as stream:
        for line, (term, name) in _rows(stream, load, ("subject_id", "translation_value"), delimiter="\t"):
            # The second line of the table is a template for another tool, not a term.
            if term.startswith("HP:"):
                names.setdefault(term, []).append((line, name))
    return _Synonyms(names, tuple(load.refused))


def _named(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def _rows(
    stream: TextIO, load: VocabularyLoadState, columns: Sequence[str], *, delimiter: str
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Line number and the values of `columns` of each row that has them all; other rows are refused."""
    # Tables separated by tabs have no quoting: a quotation mark there is part of a name.
    reader = csv.reader(stream, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if delimiter == "," else csv.QUOTE_NONE)
    positions = _places(_header(reader, load.file), columns, load.file)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            load.read += 1
            reason = _("the row cannot be read (%(reason)s).") % {"reason": error}
            load.refuse(reader.line_num, reason, _("Correct its quotes or length."))
            continue
        load.read += 1
        if len(row) <= max(positions):
            reason = ngettext("the row has %(count)d cell.", "the row has %(count)d cells.", len(row))
            remedy = _("It needs %(count)d.") % {"count": max(positions) + 1}
            load.refuse(reader.line_num, reason % {"count": len(row)}, remedy)
        else:
            yield reader.line_num, tuple(row[position] for position in positions)


def _header(reader: Iterator[list[str]], file: Path) -> list[str]:
    try:
        return next(reader)
    except (StopIteration, csv.Error) as error:
        remedy = _("Export it again with its header.")
        raise VocabularyError(file, 1, _("the file has no header row."), remedy) from error


def _places(header: list[str], columns: Sequence[str], file: Path) -> tuple[int, ...]:
    missing = [column for column in columns if column not in header]
    if missing:
        what = _("the column %(column)s is missing.") % {"column": missing[0]}
        remedy = _("The header must hold %(columns)s.") % {"columns": ", ".join(columns)}
        raise VocabularyError(file, 1, what, remedy)
    return tuple(header.index(column) for column in columns)
