"""Loading files of lists: each row is read by the description of its list, written, and counted.

A file is loaded in one transaction, so an interrupted load leaves nothing. A refused row is rolled back alone and
reported with its line, the reason and what to do; the other rows stay. Loading the same file again changes nothing.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext as _

from maillage.core.days import day_or_none
from maillage.core.periods import InvalidPeriodError
from maillage.core.rows.blocks import in_blocks, rare_collections
from maillage.core.rows.errors import InvalidFileError, RowError
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.list_followers import finish_list
from maillage.core.rows.lookup_cache import lookup_cache
from maillage.core.rows.outcomes import RowOutcome
from maillage.core.rows.prefetch import load_block
from maillage.core.rows.refusals import refusal_of
from maillage.core.rows.row import LastingRow, suggest
from maillage.core.rows.sources import Origin
from maillage.core.rows.values import Raw, Value, Values
from maillage.core.rows.write_batch import row_savepoint
from maillage.core.rows.yaml_reader import ReadRow, read_lists

# Called after each row: name of the list, rows done, rows in all.
ProgressCallback = Callable[[str, int, int], None]


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

    def refuse(self, name: str, row: ReadRow, reason: str, *, identity: str = "", key: str = "") -> None:
        """Count and report a refused row; `key` is the key at fault, whose line is given if it is known."""
        self.counts[name].refused += 1
        self.refusals.append(RejectedRow(self.file, row.lines.get(key, row.line), name, identity, reason))

    def count(self, name: str, outcome: RowOutcome) -> None:
        """Count a written row."""
        counts = self.counts[name]
        setattr(counts, outcome.value, getattr(counts, outcome.value) + 1)


@dataclass(frozen=True, slots=True)
class FileMeta:
    """What a file says of itself: the day on which its sources were read, and the page that `seed` stands for."""

    origin: Origin
    seed: str = ""

    @classmethod
    def of(cls, path: Path, meta: Mapping[str, Raw], default: dt.date) -> "FileMeta":
        """Raises `InvalidFileError` if `read_on` is no day."""
        text = meta.get("read_on")
        day = day_or_none(str(text)) if text else default
        if day is None:
            message = _("%(file)s: “read_on” of “meta” must be a day such as 2026-11-23, not “%(value)s”")
            raise InvalidFileError(message % {"file": path, "value": text})
        return cls(Origin(day, bool(text)), str(meta.get("seed", "")))

    def values_of(self, row: ReadRow) -> Values:
        """The values of a row, with the page of the file in place of the source `seed`."""
        if not self.seed:
            return row.values
        return {key: self._with_seed(value) if "source" in str(key) else value for key, value in row.values.items()}

    def _with_seed(self, value: Value) -> Value:
        if isinstance(value, list):
            return [self._with_seed(item) for item in value]
        return self.seed if value == "seed" else value


def load_file(
    path: Path,
    lists: Mapping[str, AnyFactList],
    *,
    read_on: dt.date,
    dry_run: bool = False,
    progress: ProgressCallback | None = None,
) -> LoadReport:
    """Load every list of a file, in the order of `lists`.

    `read_on` is the day on which the sources were read, for a file without one. A `dry_run` is rolled back.
    Raises `InvalidFileError` if the file as a whole cannot be read; nothing is written then.
    """
    meta, rows = read_lists(path)
    report = LoadReport(str(path))
    report.counts = {name: RowCounts(read=len(items)) for name, items in rows.items()}
    file_meta = FileMeta.of(path, meta, read_on)
    with transaction.atomic():
        for name in (name for name in rows if name not in lists):
            _refuse_list(name, rows[name], lists, report)
        for name in (name for name in lists if name in rows):
            with lookup_cache(), rare_collections():
                _ListLoad(lists[name], file_meta, report).load(rows[name], progress)
        if dry_run:
            transaction.set_rollback(True)
    return report


def _refuse_list(name: str, rows: list[ReadRow], lists: Mapping[str, AnyFactList], report: LoadReport) -> None:
    message = _("“%(list)s” is not a list of the register; %(hint)s")
    for row in rows:
        report.refuse(name, row, message % {"list": name, "hint": suggest(name, lists)})


@dataclass(slots=True)
class _AcceptedRow:
    source: ReadRow
    row: LastingRow
    record: models.Model
    origin: Origin
    outcome: RowOutcome


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row is refused, and the key at fault, if it is one."""

    reason: str
    key: str = ""


@dataclass(slots=True)
class _ListLoad:
    """The load of one list of a file: the first row of each identity."""

    fact_list: AnyFactList
    meta: FileMeta
    report: LoadReport
    first_rows: dict[str, ReadRow] = field(default_factory=dict)

    def load(self, rows: list[ReadRow], progress: ProgressCallback | None) -> None:
        written = in_blocks(rows, self._write_block, self._forget)
        incomplete: list[_AcceptedRow] = []
        for number, (row, result) in enumerate(zip(rows, written, strict=True), 1):
            if isinstance(result, _AcceptedRow) and self.fact_list.needs_completion(result.row):
                incomplete.append(result)
            else:
                self._report(row, result)
            if progress:
                progress(self.fact_list.name, number, len(rows))
        for accepted, result in zip(incomplete, in_blocks(incomplete, self._complete_block), strict=True):
            self._report(accepted.source, result)
        finish_list(self.fact_list)

    def _report(self, row: ReadRow, result: _AcceptedRow | Refusal) -> None:
        if isinstance(result, Refusal):
            identity = "" if row.error else self._identity(row)
            self.report.refuse(self.fact_list.name, row, result.reason, identity=identity, key=result.key)
        else:
            self.report.count(self.fact_list.name, result.outcome)

    def _write_block(self, block: Sequence[ReadRow]) -> list[_AcceptedRow | Refusal]:
        load_block(self.fact_list, [row.values for row in block if not row.error])
        return [Refusal(str(row.error)) if row.error else self._try(partial(self._write, row)) for row in block]

    def _write(self, source: ReadRow) -> _AcceptedRow:
        row = self.fact_list.read(self.meta.values_of(source))
        self._check_once(source)
        origin = Origin(row.read_on, dated=True) if row.read_on else self.meta.origin
        record, outcome = self.fact_list.write_record(row, origin)
        return _AcceptedRow(source, row, record, origin, outcome)

    def _complete_block(self, block: Sequence[_AcceptedRow]) -> list[_AcceptedRow | Refusal]:
        return [self._try(partial(self._complete, accepted)) for accepted in block]

    def _complete(self, accepted: _AcceptedRow) -> _AcceptedRow:
        outcome = self.fact_list.complete_record(accepted.row, accepted.record, accepted.origin)
        return replace(accepted, outcome=accepted.outcome | outcome)

    def _forget(self, block: Sequence[ReadRow]) -> None:
        for row in block:
            identity = self._identity(row)
            if self.first_rows.get(identity) is row:
                del self.first_rows[identity]

    def _check_once(self, row: ReadRow) -> None:
        identity = self._identity(row)
        first = self.first_rows.setdefault(identity, row)
        if first is not row:
            raise RowError(_("the same row stands at line %(line)d; keep one") % {"line": first.line})

    def _identity(self, row: ReadRow) -> str:
        keys = [self.fact_list.field(name).key for name in self.fact_list.natural_key]
        return str(row.values.get("id") or " ".join(str(row.values.get(key) or "") for key in keys).strip())

    def _try(self, write: Callable[[], _AcceptedRow]) -> _AcceptedRow | Refusal:
        """The result of a write in its own savepoint, or why the row is refused."""
        try:
            with row_savepoint():
                return write()
        except (RowError, InvalidPeriodError, ValidationError, models.ProtectedError, DatabaseError) as error:
            return Refusal(*refusal_of(error, self.fact_list))
