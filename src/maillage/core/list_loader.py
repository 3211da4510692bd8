"""Loading of files of lists: each row read with its line, written by its room's loader, and accounted for.

A file is one transaction: killed half-way it leaves nothing. A row that is refused is undone by itself, listed with its
reason, line and remedy, and the good rows stay. A second load of the same file changes nothing.
"""

import datetime as dt
import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from enum import Enum
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import DatabaseError, OperationalError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from maillage.core.models import Citation, Source, Stance
from maillage.core.periods import OPEN, UNKNOWN, InvalidPeriodError, edtf_text
from maillage.core.security.visibility import Visibility
from maillage.language import os_error_reason


class RowOutcome(Enum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"

    def __or__(self, other: "RowOutcome") -> "RowOutcome":
        """The outcome of two writes to one row: creation wins over update, update over nothing."""
        order = [RowOutcome.CREATED, RowOutcome.UPDATED, RowOutcome.UNCHANGED]
        return min(self, other, key=order.index)


class RowError(ValueError):
    """A row that cannot be taken. The message says what is wrong and what to do; `field` names the place in the row."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.field = field


class InvalidFileError(ValueError):
    """A file that cannot be read at all; the message names the file, the line and the remedy."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row of a list, with the line of the file where it and each of its fields stand.

    `read_on` is the day its sources were read; `dated` tells that the file says so itself, so that loading an undated
    file again does not make its sources look freshly read.
    """

    values: dict[str, Any]
    line: int
    lines: dict[str, int]
    read_on: dt.date
    dated: bool = False
    seed: str = ""

    def text(self, name: str, limit: int = 100_000) -> str:
        """A text field, stripped; empty where absent. Raises `RowError` for a list, a mapping or control characters."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, list | dict):
            listed, mapped = _("“%(key)s” must be a text, not a list"), _("“%(key)s” must be a text, not a mapping")
            raise RowError((listed if isinstance(value, list) else mapped) % {"key": name}, name)
        text = str(value).strip()
        if any(character < " " and character not in "\n\t" for character in text):
            raise RowError(_("“%(key)s” holds a control character; retype the text") % {"key": name}, name)
        if len(text) > limit:
            told = _("“%(key)s” has %(count)d characters; shorten it to %(limit)d")
            raise RowError(told % {"key": name, "count": len(text), "limit": limit}, name)
        return text

    def texts(self, name: str) -> list[str]:
        """A field that may be one text or a list of texts."""
        value = self.values.get(name)
        if value is None:
            return []
        return [str(item).strip() for item in (value if isinstance(value, list) else [value])]

    def sources(self, name: str = "source") -> list[str]:
        """Addresses of sources; the word `seed` stands for the file's own seed page."""
        return [self.seed if item == "seed" and self.seed else item for item in self.texts(name)]


WriteRow = Callable[[FileRow], RowOutcome]
# Keys that a row of any list may have.
COMMON_KEYS = frozenset({"read_on", "visibility"})
# Told after each row: the list, the rows done, the rows in all.
ProgressCallback = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class ListLoader:
    """How one list of a file is taken in.

    `identity` are the keys that tell one row from another (a row may lack those of `optional_identity`), `lookup`
    the paths to the
    same values on `model`, `fields` every key a row may have. `write` takes one row; `complete` is called on each
    accepted row once the whole list is in, for what points at other rows of it; `finish` once at the end. `to_row` is
    the way back, for exports: the row that would make a record.
    """

    name: str
    model: type[Any]
    identity: tuple[str, ...]
    lookup: tuple[str, ...]
    fields: frozenset[str]
    write: WriteRow
    complete: WriteRow | None = None
    finish: Callable[[], None] | None = None
    to_row: Callable[[Any], dict[str, Any]] | None = None
    optional_identity: frozenset[str] = frozenset({"from", "year"})

    def find(self, *identity: object) -> Any | None:
        """The record that a list of identity values names (the last ones may be left out), or `None`."""
        found = self.model.objects.order_by("pk")
        for path, value in zip(self.lookup, identity, strict=False):
            lacking = Q(**{f"{path}__isnull": True}) if edtf_text(value) == UNKNOWN else Q()
            found = found.filter(lacking | Q(**{path: edtf_text(value)}))
        return found.first()


@dataclass(frozen=True, slots=True)
class RejectedRow:
    file: str
    line: int
    list: str
    identity: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.list} {self.identity}: {self.reason}"


@dataclass(slots=True)
class RowCounts:
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass(slots=True)
class LoadReport:
    """What became of every row of a file."""

    file: str
    counts: dict[str, RowCounts] = field(default_factory=dict)
    refusals: list[RejectedRow] = field(default_factory=list)

    def refuse(
        self, list_name: str, row: FileRow, loader: ListLoader | None, reason: str, line: int | None = None
    ) -> None:
        """Account for a row that was not taken."""
        self.counts[list_name].refused += 1
        name = row_identity(loader, row) if loader else ""
        self.refusals.append(RejectedRow(self.file, line or row.line, list_name, name, reason))


def row_identity(loader: ListLoader, row: FileRow) -> str:
    """The fields that identify a row, for a message: `opale member aicarnot`."""
    return " ".join(str(row.values.get(name, "")) for name in loader.identity).strip()


class _StrictLoader(yaml.CSafeLoader):
    """A loader that refuses a mapping with the same key twice, which YAML forbids and PyYAML keeps silent about."""


def _mapping(loader: yaml.CSafeLoader, node: yaml.MappingNode) -> tuple[dict[str, Any], dict[str, int]]:
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        line = key_node.start_mark.line + 1
        if key in values:
            told = _("the key “%(key)s” stands twice (lines %(first)d and %(second)d); keep one")
            raise RowError(told % {"key": key, "first": lines[key], "second": line}, str(key))
        values[key], lines[key] = loader.construct_object(value_node, deep=True), line
    return values, lines


def read_lists(path: Path) -> tuple[dict[str, Any], dict[str, list[tuple[int, Any]]]]:
    """The `meta` of a YAML file of lists, and each list's rows as (line, values and lines, or a `RowError`).

    Raises `InvalidFileError` when the file cannot be read as YAML or is no mapping of lists.
    """
    try:
        text = path.read_text(encoding="utf-8")
        loader = _StrictLoader(text)
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            told = _("%(file)s: the file must be a mapping of lists, such as “organisations:”")
            raise InvalidFileError(told % {"file": path})
        return _split(path, loader, root)
    except OSError as error:
        told = _("%(file)s: cannot be read (%(reason)s); check the path and the rights")
        raise InvalidFileError(told % {"file": path, "reason": _(os_error_reason(error))}) from error
    except UnicodeDecodeError as error:
        told = _("%(file)s: byte %(place)d is not UTF-8; save the file as UTF-8")
        raise InvalidFileError(told % {"file": path, "place": error.start}) from error
    except yaml.YAMLError as error:
        told = _("not readable as YAML (%(reason)s); correct that line") % {"reason": _yaml_problem(error)}
        raise InvalidFileError(f"{path}:{_line_of(error)}: {told}") from error


def _line_of(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return mark.line + 1 if mark else 1


def _yaml_problem(error: yaml.YAMLError) -> str:
    return getattr(error, "problem", None) or getattr(error, "reason", None) or _("unexpected text")


def _split(
    path: Path, loader: yaml.CSafeLoader, root: yaml.MappingNode
) -> tuple[dict[str, Any], dict[str, list[tuple[int, Any]]]]:
    meta: dict[str, Any] = {}
    lists: dict[str, list[tuple[int, Any]]] = {}
    for key_node, node in root.value:
        name, line = str(loader.construct_object(key_node)), key_node.start_mark.line + 1
        if name == "meta":
            meta = loader.construct_object(node, deep=True) or {}
        elif not isinstance(node, yaml.SequenceNode):
            told = _("“%(list)s” must be a list of rows, each beginning with “- ”") % {"list": name}
            raise InvalidFileError(f"{path}:{line}: {told}")
        elif name in lists:
            told = _("the list “%(list)s” stands twice; join the two") % {"list": name}
            raise InvalidFileError(f"{path}:{line}: {told}")
        else:
            lists[name] = [_row(loader, item) for item in node.value]
    return meta, lists


def _row(loader: yaml.CSafeLoader, node: yaml.Node) -> tuple[int, Any]:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        return line, RowError(_("the row must be a mapping of keys and values"))
    try:
        return line, _mapping(loader, node)
    except (RowError, yaml.YAMLError, ValueError) as error:
        return line, error if isinstance(error, RowError) else RowError(str(error))


def load_file(
    path: Path,
    loaders: Mapping[str, ListLoader],
    *,
    read_on: dt.date,
    dry_run: bool = False,
    progress: ProgressCallback | None = None,
) -> LoadReport:
    """Load every list of a file, in the order of `loaders`; `read_on` is the day of its sources if it does not say.

    Returns the report of every row. Raises `InvalidFileError` where the file as a whole cannot be read; nothing is
    written then.
    """
    meta, lists = read_lists(path)
    report = LoadReport(str(path))
    report.counts = {name: RowCounts(read=len(rows)) for name, rows in lists.items()}
    with transaction.atomic():
        for name in [*(name for name in loaders if name in lists), *(name for name in lists if name not in loaders)]:
            day, seed = _read_on(path, meta, read_on), str(meta.get("seed", ""))
            rows = _rows(lists[name], FileRow({}, 0, {}, day, "read_on" in meta, seed))
            _load_list(name, loaders, rows, report, progress)
        if dry_run:
            transaction.set_rollback(True)
    return report


def _read_on(path: Path, meta: dict[str, Any], default: dt.date) -> dt.date:
    value = meta.get("read_on", default)
    if isinstance(value, dt.date):
        return value
    told = _("%(file)s: “read_on” of “meta” must be a day such as 2026-11-23, not “%(value)s”")
    raise InvalidFileError(told % {"file": path, "value": value})


def _rows(items: list[tuple[int, Any]], blank: FileRow) -> Iterator[tuple[FileRow, RowError | None]]:
    for line, item in items:
        if isinstance(item, RowError):
            yield replace(blank, line=line), item
        else:
            yield _with_own_read_on(replace(blank, values=item[0], line=line, lines=item[1])), None


def _with_own_read_on(row: FileRow) -> FileRow:
    """A row whose own `read_on` says when its sources were read."""
    day = row.values.get("read_on")
    return replace(row, read_on=day, dated=True) if isinstance(day, dt.date) else row


def _load_list(
    name: str,
    loaders: Mapping[str, ListLoader],
    rows: Iterator[tuple[FileRow, RowError | None]],
    report: LoadReport,
    progress: ProgressCallback | None,
) -> None:
    loader, taken, count = loaders.get(name), _AcceptedRows(), report.counts[name]
    for number, (row, unreadable) in enumerate(rows, 1):
        if loader is None:
            told = _("“%(list)s” is not a list of the register; %(hint)s")
            report.refuse(name, row, None, told % {"list": name, "hint": _suggest(name, loaders)})
        elif unreadable is not None:
            report.refuse(name, row, loader, str(unreadable))
        else:
            _load_row(loader, row, taken, report)
        if progress:
            progress(name, number, count.read)
    if loader:
        _complete_rows(loader, taken, report)


@dataclass(slots=True)
class _AcceptedRows:
    """The rows of a list seen so far: the line of each identity, and what became of the accepted ones."""

    lines: dict[str, int] = field(default_factory=dict)
    rows: list[tuple[FileRow, RowOutcome]] = field(default_factory=list)


def _load_row(loader: ListLoader, row: FileRow, taken: _AcceptedRows, report: LoadReport) -> None:
    outcome = _try_write(loader, row, report, lambda: _check_row(loader, row, taken.lines), loader.write)
    if outcome:
        taken.rows.append((row, outcome))


def _complete_rows(loader: ListLoader, taken: _AcceptedRows, report: LoadReport) -> None:
    count = report.counts[loader.name]
    for row, first in taken.rows:
        second = _try_write(loader, row, report, None, loader.complete) if loader.complete else first
        if second:
            outcome = first | second
            setattr(count, outcome.value, getattr(count, outcome.value) + 1)
    if loader.finish:
        loader.finish()


def _try_write(
    loader: ListLoader, row: FileRow, report: LoadReport, check: Callable[[], None] | None, write: WriteRow
) -> RowOutcome | None:
    """Check and write a row in a savepoint of its own; `None` if it was refused."""
    try:
        if check:
            check()
        with transaction.atomic():
            return write(row)
    except RowError as error:
        report.refuse(loader.name, row, loader, str(error), row.lines.get(error.field))
    except InvalidPeriodError as error:
        report.refuse(loader.name, row, loader, str(error))
    except ValidationError as error:
        report.refuse(loader.name, row, loader, _field_reasons(error))
    except (models.ProtectedError, DatabaseError) as error:
        if not _is_of_the_row(error):
            raise
        report.refuse(loader.name, row, loader, _database_reason(error))
    return None


def _field_reasons(error: ValidationError) -> str:
    """Which field is wrong, and why: `website: Enter a valid URL.`"""
    if not hasattr(error, "error_dict"):
        return "; ".join(error.messages)
    return "; ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())


def _is_of_the_row(error: Exception) -> bool:
    """Whether the row is at fault (class 54 is a value too large), not a database that cannot go on: then all ends."""
    code = getattr(error.__cause__, "sqlstate", None) or ""
    return not isinstance(error, OperationalError) or code.startswith("54")


def _database_reason(error: Exception) -> str:
    """What a refused write says: the name of the constraint tells which rule of the register was broken."""
    diagnosis = getattr(error.__cause__, "diag", None)
    constraint = getattr(diagnosis, "constraint_name", None)
    if constraint:
        told = _("the register's rule “%(rule)s” forbids this row; correct the row it clashes with")
        return told % {"rule": constraint.replace("_", " ")}
    return str(error).splitlines()[0]


def _check_row(loader: ListLoader, row: FileRow, seen: dict[str, int]) -> None:
    for key in row.values:
        if key not in loader.fields and key not in COMMON_KEYS:
            told = _("unknown key “%(key)s”; %(hint)s")
            raise RowError(told % {"key": key, "hint": _suggest(str(key), loader.fields)}, str(key))
    missing = [name for name in loader.identity if name not in row.values and name not in loader.optional_identity]
    if missing:
        raise RowError(_("“%(key)s” is missing; add it") % {"key": missing[0]})
    identity = row_identity(loader, row)
    if identity in seen:
        raise RowError(_("the same row stands at line %(line)d; keep one") % {"line": seen[identity]})
    seen[identity] = row.line


def _suggest(word: str, known: Mapping[str, Any] | frozenset[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    if close:
        return _("did you mean “%(word)s”?") % {"word": close[0]}
    return _("known are %(words)s") % {"words": ", ".join(sorted(known))}


def upsert(model: type[Any], identity: dict[str, Any], values: dict[str, Any]) -> tuple[Any, RowOutcome]:
    """Find a record by its identity and bring the given fields to the given values; create it if absent.

    A field that a row does not give is left as it is, so a second file can add to a first.
    """
    record = model.objects.filter(**identity).first()
    if record is None:
        record = model(**identity, **values)
        _validate(record)
        record.save(force_insert=True)
        return record, RowOutcome.CREATED
    changed = {name: value for name, value in values.items() if getattr(record, name) != value}
    if not changed:
        return record, RowOutcome.UNCHANGED
    for name, value in changed.items():
        setattr(record, name, value)
    _validate(record)
    record.save()
    return record, RowOutcome.UPDATED


def _validate(record: Any) -> None:
    if hasattr(record, "prepare"):
        record.prepare()
    record.clean_fields()


def row_values(row: FileRow, **fields: str) -> dict[str, str]:
    """Text values of the model fields whose keys the row has: `given(row, note_en="note")`; and its visibility."""
    values = {target: row.text(key) for target, key in fields.items() if key in row.values}
    if "visibility" in row.values:
        values["visibility"] = row.text("visibility")
        if values["visibility"] not in Visibility.values:
            told = _("“visibility” must be one of %(words)s") % {"words": ", ".join(Visibility.values)}
            raise RowError(told, "visibility")
    return values


def row_amount(row: FileRow, name: str) -> Decimal:
    """An amount of money, whose currency stands beside it in `currency`. Raises `RowError`."""
    try:
        found = Decimal(str(row.values[name])).quantize(Decimal("0.01"))
    except InvalidOperation as error:
        told = _("“%(value)s” is not an amount; write a number such as 300000") % {"value": row.values[name]}
        raise RowError(told, name) from error
    if not row.text("currency"):
        raise RowError(_("an amount needs a “currency” of three letters (ISO 4217), such as EUR"), name)
    return found


def cite_sources(
    row: FileRow, record: Any, *, name: str = "source", stance: str = Stance.SUPPORTS, says: str = "", of: str = ""
) -> RowOutcome:
    """Cite the sources of a row for a record (or `of` one property of it), as read on the row's day."""
    outcome = RowOutcome.UNCHANGED
    for address in row.sources(name):
        if not address.startswith(("http://", "https://")):
            told = _("the source “%(address)s” is no web address; begin it with https://")
            raise RowError(told % {"address": address}, name)
        source, _new = Source.objects.get_or_create(url=address)
        identity = {"record_kind": record.kind_name(), "record_id": record.pk, "property": of, "source": source}
        values: dict[str, Any] = {"stance": stance, "says_en": says}
        if row.dated or not Citation.objects.filter(**identity).exists():
            values["read_on"] = row.read_on
        outcome |= upsert(Citation, identity, values)[1]
        _extend_attested(record, row.read_on)
    return outcome


def _extend_attested(record: Any, day: dt.date) -> None:
    """A fact that goes on, but of unknown start, surely holds from the day a source was first seen to state it."""
    if getattr(record, "period_end", None) == OPEN and record.period_start == UNKNOWN and not record.attested:
        record.attested = day.isoformat()
        record.save()
