"""Loading YAML files of lists: each row is read with its line, written by its room's loader, and counted.

A file is loaded in one transaction, so an interrupted load leaves nothing. A refused row is rolled back alone and
reported with its line, the reason and what to do; the other rows stay. Loading the same file again changes nothing.
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
        """The outcome of two writes to one row: `CREATED` before `UPDATED` before `UNCHANGED`."""
        order = [RowOutcome.CREATED, RowOutcome.UPDATED, RowOutcome.UNCHANGED]
        return min(self, other, key=order.index)


class RowError(ValueError):
    """A row that is refused. The message says what is wrong and what to do; `field` is the key of the row at fault."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.field = field


class InvalidFileError(ValueError):
    """A file that cannot be read at all; the message names the file, the line and the remedy."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row of a list, with the line of the row and of each of its fields in the file.

    `read_on` is the day on which its sources were read; `dated` is whether the file gives that day, so that loading an
    undated file again does not make its sources look recently read. `seed` is the URL that replaces the source `seed`.
    """

    values: dict[str, Any]
    line: int
    lines: dict[str, int]
    read_on: dt.date
    dated: bool = False
    seed: str = ""

    def text(self, name: str, limit: int = 100_000) -> str:
        """A text field, stripped; empty if absent.

        Raises `RowError` for a list, a mapping, control characters, or more than `limit` characters.
        """
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, list | dict):
            list_message, mapping_message = (
                _("“%(key)s” must be a text, not a list"),
                _("“%(key)s” must be a text, not a mapping"),
            )
            raise RowError((list_message if isinstance(value, list) else mapping_message) % {"key": name}, name)
        text = str(value).strip()
        if any(character < " " and character not in "\n\t" for character in text):
            raise RowError(_("“%(key)s” holds a control character; retype the text") % {"key": name}, name)
        if len(text) > limit:
            message = _("“%(key)s” has %(count)d characters; shorten it to %(limit)d")
            raise RowError(message % {"key": name, "count": len(text), "limit": limit}, name)
        return text

    def texts(self, name: str) -> list[str]:
        """The texts of a field that may hold one text or a list of texts."""
        value = self.values.get(name)
        if value is None:
            return []
        return [str(item).strip() for item in (value if isinstance(value, list) else [value])]

    def sources(self, name: str = "source") -> list[str]:
        """The URLs of sources; `seed` is replaced by the seed page of the file, if it has one."""
        return [self.seed if item == "seed" and self.seed else item for item in self.texts(name)]


WriteRow = Callable[[FileRow], RowOutcome]
# Keys allowed in a row of any list.
COMMON_KEYS = frozenset({"read_on", "visibility"})
# Called after each row: name of the list, rows done, rows in all.
ProgressCallback = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class ListLoader:
    """How one list of a file is loaded.

    `identity` are the keys that identify a row (those of `optional_identity` may be absent), `lookup` the paths to the
    same values on `model`, `fields` every key a row may have. `write` saves one row; `complete` is called for each
    accepted row once the whole list is loaded, to set references to other rows of it; `finish` once at the end.
    `to_row` serialises a record as a row, for exports.
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
        """The record with these identity values (the last ones may be left out), or `None`."""
        records = self.model.objects.order_by("pk")
        for path, value in zip(self.lookup, identity, strict=False):
            absent = Q(**{f"{path}__isnull": True}) if edtf_text(value) == UNKNOWN else Q()
            records = records.filter(absent | Q(**{path: edtf_text(value)}))
        return records.first()


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
    """Counts of the rows of each list of a file, and its refused rows."""

    file: str
    counts: dict[str, RowCounts] = field(default_factory=dict)
    refusals: list[RejectedRow] = field(default_factory=list)

    def refuse(
        self, list_name: str, row: FileRow, loader: ListLoader | None, reason: str, line: int | None = None
    ) -> None:
        """Count and report a refused row; `line` is the line at fault, by default that of the row."""
        self.counts[list_name].refused += 1
        name = row_identity(loader, row) if loader else ""
        self.refusals.append(RejectedRow(self.file, line or row.line, list_name, name, reason))


def row_identity(loader: ListLoader, row: FileRow) -> str:
    """The identity values of a row, for a message: `opale member aicarnot`."""
    return " ".join(str(row.values.get(name, "")) for name in loader.identity).strip()


class _StrictLoader(yaml.CSafeLoader):
    """The YAML loader for `_parse_mapping`, which refuses duplicate keys: YAML forbids them, PyYAML ignores them."""


def _parse_mapping(loader: yaml.CSafeLoader, node: yaml.MappingNode) -> tuple[dict[str, Any], dict[str, int]]:
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        line = key_node.start_mark.line + 1
        if key in values:
            message = _("the key “%(key)s” stands twice (lines %(first)d and %(second)d); keep one")
            raise RowError(message % {"key": key, "first": lines[key], "second": line}, str(key))
        values[key], lines[key] = loader.construct_object(value_node, deep=True), line
    return values, lines


def read_lists(path: Path) -> tuple[dict[str, Any], dict[str, list[tuple[int, Any]]]]:
    """The `meta` of a YAML file of lists, and the rows of each list as pairs (line, content).

    The content of a row is (values, lines), both by key, or a `RowError`.
    Raises `InvalidFileError` if the file cannot be read as YAML or is no mapping of lists.
    """
    try:
        text = path.read_text(encoding="utf-8")
        loader = _StrictLoader(text)
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            message = _("%(file)s: the file must be a mapping of lists, such as “organisations:”")
            raise InvalidFileError(message % {"file": path})
        return _split_lists(path, loader, root)
    except OSError as error:
        message = _("%(file)s: cannot be read (%(reason)s); check the path and the rights")
        raise InvalidFileError(message % {"file": path, "reason": _(os_error_reason(error))}) from error
    except UnicodeDecodeError as error:
        message = _("%(file)s: byte %(place)d is not UTF-8; save the file as UTF-8")
        raise InvalidFileError(message % {"file": path, "place": error.start}) from error
    except yaml.YAMLError as error:
        message = _("not readable as YAML (%(reason)s); correct that line") % {"reason": _yaml_problem(error)}
        raise InvalidFileError(f"{path}:{_error_line(error)}: {message}") from error


def _error_line(error: yaml.YAMLError) -> int:
    position = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return position.line + 1 if position else 1


def _yaml_problem(error: yaml.YAMLError) -> str:
    return getattr(error, "problem", None) or getattr(error, "reason", None) or _("unexpected text")


def _split_lists(
    path: Path, loader: yaml.CSafeLoader, root: yaml.MappingNode
) -> tuple[dict[str, Any], dict[str, list[tuple[int, Any]]]]:
    meta: dict[str, Any] = {}
    lists: dict[str, list[tuple[int, Any]]] = {}
    for key_node, node in root.value:
        name, line = str(loader.construct_object(key_node)), key_node.start_mark.line + 1
        if name == "meta":
            meta = loader.construct_object(node, deep=True) or {}
        elif not isinstance(node, yaml.SequenceNode):
            message = _("“%(list)s” must be a list of rows, each beginning with “- ”") % {"list": name}
            raise InvalidFileError(f"{path}:{line}: {message}")
        elif name in lists:
            message = _("the list “%(list)s” stands twice; join the two") % {"list": name}
            raise InvalidFileError(f"{path}:{line}: {message}")
        else:
            lists[name] = [_parse_row(loader, item) for item in node.value]
    return meta, lists


def _parse_row(loader: yaml.CSafeLoader, node: yaml.Node) -> tuple[int, Any]:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        return line, RowError(_("the row must be a mapping of keys and values"))
    try:
        return line, _parse_mapping(loader, node)
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
    """Load every list of a file, in the order of `loaders`.

    `read_on` is the day on which the sources were read, for a file without one. A `dry_run` is rolled back.
    Raises `InvalidFileError` if the file as a whole cannot be read; nothing is written then.
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
    message = _("%(file)s: “read_on” of “meta” must be a day such as 2026-11-23, not “%(value)s”")
    raise InvalidFileError(message % {"file": path, "value": value})


def _rows(items: list[tuple[int, Any]], template: FileRow) -> Iterator[tuple[FileRow, RowError | None]]:
    for line, item in items:
        if isinstance(item, RowError):
            yield replace(template, line=line), item
        else:
            yield _with_own_read_on(replace(template, values=item[0], line=line, lines=item[1])), None


def _with_own_read_on(row: FileRow) -> FileRow:
    """The row with its own `read_on` in place of that of the file, if it has one."""
    day = row.values.get("read_on")
    return replace(row, read_on=day, dated=True) if isinstance(day, dt.date) else row


def _load_list(
    name: str,
    loaders: Mapping[str, ListLoader],
    rows: Iterator[tuple[FileRow, RowError | None]],
    report: LoadReport,
    progress: ProgressCallback | None,
) -> None:
    loader, accepted, counts = loaders.get(name), _AcceptedRows(), report.counts[name]
    for number, (row, row_error) in enumerate(rows, 1):
        if loader is None:
            message = _("“%(list)s” is not a list of the register; %(hint)s")
            report.refuse(name, row, None, message % {"list": name, "hint": _suggest(name, loaders)})
        elif row_error is not None:
            report.refuse(name, row, loader, str(row_error))
        else:
            _load_row(loader, row, accepted, report)
        if progress:
            progress(name, number, counts.read)
    if loader:
        _complete_rows(loader, accepted, report)


@dataclass(slots=True)
class _AcceptedRows:
    """The rows of a list read so far: the line of each identity, and the accepted rows with their outcomes."""

    lines: dict[str, int] = field(default_factory=dict)
    rows: list[tuple[FileRow, RowOutcome]] = field(default_factory=list)


def _load_row(loader: ListLoader, row: FileRow, accepted: _AcceptedRows, report: LoadReport) -> None:
    outcome = _try_write(loader, row, report, lambda: _check_row(loader, row, accepted.lines), loader.write)
    if outcome:
        accepted.rows.append((row, outcome))


def _complete_rows(loader: ListLoader, accepted: _AcceptedRows, report: LoadReport) -> None:
    counts = report.counts[loader.name]
    for row, write_outcome in accepted.rows:
        complete_outcome = _try_write(loader, row, report, None, loader.complete) if loader.complete else write_outcome
        if complete_outcome:
            outcome = write_outcome | complete_outcome
            setattr(counts, outcome.value, getattr(counts, outcome.value) + 1)
    if loader.finish:
        loader.finish()


def _try_write(
    loader: ListLoader, row: FileRow, report: LoadReport, check: Callable[[], None] | None, write: WriteRow
) -> RowOutcome | None:
    """Check a row, then write it in its own savepoint; reports it and returns `None` if it is refused."""
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
        if not _is_row_error(error):
            raise
        report.refuse(loader.name, row, loader, _database_reason(error))
    return None


def _field_reasons(error: ValidationError) -> str:
    """The invalid fields with their messages: `website: Enter a valid URL.`"""
    if not hasattr(error, "error_dict"):
        return "; ".join(error.messages)
    return "; ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())


def _is_row_error(error: Exception) -> bool:
    """Whether a database error is due to the row; SQLSTATE class 54 is a value that is too large.

    Any other `OperationalError` means that the database cannot go on, and ends the load.
    """
    code = getattr(error.__cause__, "sqlstate", None) or ""
    return not isinstance(error, OperationalError) or code.startswith("54")


def _database_reason(error: Exception) -> str:
    """The reason of a failed write; a constraint is named for the rule of the register that it enforces."""
    diagnostics = getattr(error.__cause__, "diag", None)
    constraint = getattr(diagnostics, "constraint_name", None)
    if constraint:
        message = _("the register's rule “%(rule)s” forbids this row; correct the row it clashes with")
        return message % {"rule": constraint.replace("_", " ")}
    return str(error).splitlines()[0]


def _check_row(loader: ListLoader, row: FileRow, lines_by_identity: dict[str, int]) -> None:
    for key in row.values:
        if key not in loader.fields and key not in COMMON_KEYS:
            message = _("unknown key “%(key)s”; %(hint)s")
            raise RowError(message % {"key": key, "hint": _suggest(str(key), loader.fields)}, str(key))
    missing = [name for name in loader.identity if name not in row.values and name not in loader.optional_identity]
    if missing:
        raise RowError(_("“%(key)s” is missing; add it") % {"key": missing[0]})
    identity = row_identity(loader, row)
    if identity in lines_by_identity:
        raise RowError(_("the same row stands at line %(line)d; keep one") % {"line": lines_by_identity[identity]})
    lines_by_identity[identity] = row.line


def _suggest(word: str, known_words: Mapping[str, Any] | frozenset[str]) -> str:
    matches = difflib.get_close_matches(word, list(known_words), n=1)
    if matches:
        return _("did you mean “%(word)s”?") % {"word": matches[0]}
    return _("known are %(words)s") % {"words": ", ".join(sorted(known_words))}


def upsert(model: type[Any], identity: dict[str, Any], values: dict[str, Any]) -> tuple[Any, RowOutcome]:
    """Find a record by its identity and set the fields in `values`; create the record if absent.

    A field not in `values` stays as it is, so that a second file can add to a first.
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
    """The texts of a row by model field, for the keys that it has, and its visibility.

    `fields` maps model fields to keys: `row_values(row, note_en="note")`. Raises `RowError`.
    """
    values = {target: row.text(key) for target, key in fields.items() if key in row.values}
    if "visibility" in row.values:
        values["visibility"] = row.text("visibility")
        if values["visibility"] not in Visibility.values:
            message = _("“visibility” must be one of %(words)s") % {"words": ", ".join(Visibility.values)}
            raise RowError(message, "visibility")
    return values


def row_amount(row: FileRow, name: str) -> Decimal:
    """An amount of money; the row must have a `currency` too. Raises `RowError`."""
    try:
        amount = Decimal(str(row.values[name])).quantize(Decimal("0.01"))
    except InvalidOperation as error:
        message = _("“%(value)s” is not an amount; write a number such as 300000") % {"value": row.values[name]}
        raise RowError(message, name) from error
    if not row.text("currency"):
        raise RowError(_("an amount needs a “currency” of three letters (ISO 4217), such as EUR"), name)
    return amount


def cite_sources(
    row: FileRow, record: Any, *, name: str = "source", stance: str = Stance.SUPPORTS, says: str = "", of: str = ""
) -> RowOutcome:
    """Cite the sources of a row (the URLs in the field `name`) for a record, or for the property `of` that record.

    The citations are dated by the row's `read_on`. Raises `RowError` for a source that is no URL.
    """
    outcome = RowOutcome.UNCHANGED
    for address in row.sources(name):
        if not address.startswith(("http://", "https://")):
            message = _("the source “%(address)s” is no web address; begin it with https://")
            raise RowError(message % {"address": address}, name)
        source, _new = Source.objects.get_or_create(url=address)
        identity = {"record_kind": record.kind_name(), "record_id": record.pk, "property": of, "source": source}
        values: dict[str, Any] = {"stance": stance, "says_en": says}
        if row.dated or not Citation.objects.filter(**identity).exists():
            values["read_on"] = row.read_on
        outcome |= upsert(Citation, identity, values)[1]
        _extend_attested(record, row.read_on)
    return outcome


def _extend_attested(record: Any, day: dt.date) -> None:
    """Set `attested` of an open-ended fact of unknown start: it is certain from the day a source was first read."""
    if getattr(record, "period_end", None) == OPEN and record.period_start == UNKNOWN and not record.attested:
        record.attested = day.isoformat()
        record.save()
