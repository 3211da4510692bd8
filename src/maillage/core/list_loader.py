"""Loading YAML files of lists: each row is read with its line, written by its room's loader, and counted.

A file is loaded in one transaction, so an interrupted load leaves nothing. A refused row is rolled back alone and
reported with its line, the reason and what to do; the other rows stay. Loading the same file again changes nothing.
"""

import datetime as dt
import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, OperationalError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from maillage.core.list_reader import read_lists
from maillage.core.list_rows import FileRow, InvalidFileError, RowError, RowOutcome
from maillage.core.periods import UNKNOWN, InvalidPeriodError, edtf_text

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


def _read_on(path: Path, meta: Mapping[str, object], default: dt.date) -> dt.date:
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
