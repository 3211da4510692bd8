"""Writing the rows of a sheet, and the preview of their fates: the same writes, rolled back.

A row that is matched by its lasting key corrects that fact: a cell that was emptied empties the field, a cell that was
not touched is not read. Any other row is matched as rows of files are, and its empty cells say nothing.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.core.action_registry import REGISTRY, ActionForbiddenError
from maillage.core.actions.facts import check_still_concerned, origin_of, own_statement
from maillage.core.actors import Actor
from maillage.core.models import WithdrawnFact
from maillage.core.periods import InvalidPeriodError
from maillage.core.rows.blocks import in_blocks, rare_collections
from maillage.core.rows.errors import InvalidValueError, RowError
from maillage.core.rows.export import row_of
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.list_followers import finish_list
from maillage.core.rows.lookup_cache import lookup_cache
from maillage.core.rows.new_keys import can_make_key, is_made, key_of_row, key_stem
from maillage.core.rows.outcomes import RowOutcome
from maillage.core.rows.prefetch import load_block
from maillage.core.rows.refusals import refusal_of
from maillage.core.rows.rights import check_access, check_closed_fields, check_statements, check_visibility
from maillage.core.rows.row import FactRow, RowField
from maillage.core.rows.sources import Origin, SourceInput, SourceValue, cite
from maillage.core.rows.values import UniqueKey, Values
from maillage.core.rows.write_batch import row_savepoint
from maillage.core.security.session_scope import ACTION_SCOPE, use_scope
from maillage.core.security.visibility import Visibility, visible_records
from maillage.core.sheets.cell_values import CellReader, cell_text, empty_value, is_source
from maillage.core.sheets.columns import Table
from maillage.core.sheets.fates import CHANGED, NEW, REFUSED, UNCHANGED, Change, Fault, RowFate, SheetReport
from maillage.core.sheets.sheet import SheetRow, clean_text
from maillage.core.text import label_and_value

_SUMMARY_LENGTH = 200
_PROGRESS_ROWS = 100
_ERRORS = (RowError, InvalidPeriodError, ValidationError, models.ProtectedError, DatabaseError, ActionForbiddenError)
_NOT_COMPARED = ("id", "read_on")
# Fields whose value stays if their cell is emptied.
_KEPT_IF_EMPTY = ("id", "visibility", "read_on")
# Fields by which a new row may resemble a record.
_RESEMBLING = ("name_fr", "name_en", "city")


SheetProgress = Callable[[int, int], None]
"""Called now and then with the number of rows done, and of all."""


def no_progress(_done: int, _total: int) -> None:
    """For loads that nobody watches."""


class _RowErrors(RowError):
    """All the faults of the cells of one row."""

    def __init__(self, errors: list[RowError]) -> None:
        super().__init__(str(errors[0]), errors[0].field)
        self.errors = errors


@dataclass(slots=True)
class _Matched:
    """A record that a row is about, and the row that the register has of it."""

    record: models.Model
    before: Values


@dataclass(slots=True)
class _Written:
    fate: RowFate
    row: FactRow
    record: models.Model
    origin: Origin


@dataclass(slots=True)
class SheetLoad:
    """The load of one sheet into a list, for an actor.

    `source` is cited for rows that are new or changed and have no source of their own. `expected` are the fingerprints
    of the fates by row number that the actor has seen: a row that would now fare otherwise is refused. What `progress`
    raises ends the load.
    """

    fact_list: AnyFactList
    table: Table
    actor: Actor
    at: dt.datetime
    source: SourceInput | None = None
    expected: Mapping[int, str] | None = None
    progress: SheetProgress = no_progress
    _reader: CellReader = field(init=False)
    _fields: dict[str, RowField] = field(init=False)
    _labels: dict[str, str] = field(init=False)
    _own_sources: list[SourceInput] = field(init=False)
    _makes_keys: bool = field(init=False)
    _rows_by_record: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._reader = CellReader(self.actor)
        self._own_sources = own_statement(self.actor).get("source", [])
        self._fields = {row_field.key: row_field for row_field in self.fact_list.fields}
        self._makes_keys = any(map(is_made, self.fact_list.fields))
        self._labels = {key: label_and_value(row_field.title, "\0") for key, row_field in self._fields.items()}

    def run(self) -> SheetReport:
        """Write the rows that can be written, within the caller's transaction; returns the fates of all.

        A row that turns out to be refused after all others are written is left out of a second run.
        """
        refused: dict[int, RowFate] = {}
        while True:
            with transaction.atomic(), lookup_cache(), rare_collections():
                fates, late = self._run_once(refused)
                if not late:
                    return SheetReport(fates)
                transaction.set_rollback(True)
            refused |= late

    def _run_once(self, refused: Mapping[int, RowFate]) -> tuple[list[RowFate], dict[int, RowFate]]:
        self._rows_by_record.clear()
        fates: list[RowFate] = []
        incomplete: list[_Written] = []
        rows = [row for row in self.table.rows if row.number not in refused]
        for number, result in enumerate(in_blocks(rows, self._load_block, self._forget), 1):
            if number % _PROGRESS_ROWS == 0:
                self.progress(number, len(rows))
            fates.append(result.fate if isinstance(result, _Written) else result)
            if isinstance(result, _Written) and self.fact_list.needs_completion(result.row):
                incomplete.append(result)
        late = self._complete(incomplete)
        finish_list(self.fact_list)
        late |= self._unexpected([fate for fate in fates if fate.number not in late])
        return sorted([*fates, *refused.values()], key=lambda fate: fate.number), late

    def _load_block(self, rows: Sequence[SheetRow]) -> list[_Written | RowFate]:
        columns = self.table.by_key.items()
        load_block(
            self.fact_list, [self._with_stem({key: row.cell(column.index) for key, column in columns}) for row in rows]
        )
        matches = self._matches(rows)
        read = [self._read(row, matches.get(row.number)) for row in rows]
        return [
            values if isinstance(values, RowFate) else self._load(row, matches.get(row.number), values)
            for row, values in zip(rows, read, strict=True)
        ]

    def _with_stem(self, values: Values) -> Values:
        """The cells of a row with the key that its names give, for records to be found by it; if it has none."""
        if not self._makes_keys or values.get("id") or values.get("key"):
            return values
        return {**values, "key": key_stem(self.fact_list, values)}

    def _forget(self, rows: Sequence[SheetRow]) -> None:
        numbers = {row.number for row in rows}
        self._rows_by_record = {pk: row for pk, row in self._rows_by_record.items() if row not in numbers}

    def _matches(self, rows: Sequence[SheetRow]) -> dict[int, _Matched]:
        """The records that rows name by their lasting keys, by row number."""
        column = self.table.by_key.get("id")
        keys = {row.number: _unique_key(row.cell(column.index)) for row in rows} if column else {}
        found = {number: self.fact_list.find(key) for number, key in keys.items() if key}
        seen = self._seen([record.pk for record in found.values() if record])
        return {number: self._matched(record) for number, record in found.items() if record and record.pk in seen}

    def _seen(self, ids: list[int]) -> set[int]:
        """Those of these records that the actor may read; a row about another one is refused when it is written."""
        records = self.fact_list.records().filter(pk__in=ids)
        visible = records.visible_to(self.actor) if hasattr(records, "visible_to") else records
        return set(visible.values_list("pk", flat=True))

    def _matched(self, record: models.Model) -> _Matched:
        return _Matched(record, _complete_row(row_of(self.fact_list, record)))

    def _read(self, row: SheetRow, matched: _Matched | None) -> Values | RowFate:
        """The values of a row by key, or its fate if it is not to be written."""
        if matched and not any(self._is_changed(key, row, matched) for key in self.table.by_key):
            return RowFate(row.number, UNCHANGED, str(matched.record))
        try:
            return self._values(row, matched)
        except RowError as error:
            return self._refusal(row, error)

    def _load(self, row: SheetRow, matched: _Matched | None, values: Values) -> _Written | RowFate:
        try:
            with row_savepoint():
                written = self._write(row, matched, values)
        except _ERRORS as error:
            return self._refusal(row, error)
        self._rows_by_record[written.record.pk] = row.number
        return written

    def _is_changed(self, key: str, row: SheetRow, matched: _Matched) -> bool:
        """Whether a cell holds something else than the register."""
        text = row.cell(self.table.by_key[key].index)
        return key not in _NOT_COMPARED and text != clean_text(cell_text(self._fields[key], matched.before.get(key)))

    def _write(self, row: SheetRow, matched: _Matched | None, values: Values) -> _Written:
        if self._makes_keys and "key" not in values:
            values["key"] = matched.before["key"] if matched else key_of_row(self.fact_list, values)
        fact_row = self.fact_list.read(values)
        if matched is None and (record := self.fact_list.find_row(fact_row)):
            matched = self._matched(record)
        self._check_matched(values, matched)
        before = matched.record if matched else None
        check_closed_fields(self.actor, fact_row)
        check_visibility(self.actor, before, fact_row)
        check_statements(self.actor, self.fact_list.model, values, matched.before if matched else None)
        access = self.fact_list.access(before) if before else None
        written = self._write_row(row, matched, fact_row, values)
        check_access(self.actor, access, self.fact_list.access(written.record))
        return written

    def _write_row(self, row: SheetRow, matched: _Matched | None, fact_row: FactRow, values: Values) -> _Written:
        origin = replace(
            origin_of(self.actor, fact_row.read_on or timezone.localdate(self.at)), dated=bool(fact_row.read_on)
        )
        record, outcome = self.fact_list.write_record(fact_row, origin, matched.record if matched else None)
        if matched is None:
            names = {key: str(values[key]) for key in _RESEMBLING if values.get(key)}
            fate = RowFate(row.number, NEW, str(record), summary=self._summary(row), names=names)
        else:
            fate = self._fate_of_matched(row, matched, fact_row, record, outcome)
        self._cite_source(fate, record, values, origin)
        return _Written(fate, fact_row, record, origin)

    def _cite_source(self, fate: RowFate, record: models.Model, values: Values, origin: Origin) -> None:
        """Cite the source of the sheet for a row that writes something and has none of its own.

        A new fact that an organisation states without another source is its own statement.
        """
        if fate.fate not in (NEW, CHANGED) or "source" not in self._fields or values.get("source"):
            return
        sources = [self.source] if self.source else self._own_sources if fate.fate == NEW else []
        if sources:
            cite(record, sources, origin)
            fate.changes.append(Change(self._fields["source"].title, "", SourceValue().to_text(sources[0])))

    def _values(self, row: SheetRow, matched: _Matched | None) -> Values:
        """The values of a row by key. Raises `_RowErrors`."""
        values: Values = {}
        errors: list[RowError] = []
        for key, column in self.table.by_key.items():
            try:
                self._read_cell(self._fields[key], row, row.cell(column.index), matched, values)
            except RowError as error:
                errors.append(error)
        for row_field in (row_field for row_field in self._fields.values() if row_field.required):
            if matched is not None:
                values.setdefault(row_field.key, matched.before.get(row_field.key))
            elif row_field.key in values or self._is_made_of(row_field, values):
                continue
            elif not any(error.field == row_field.key for error in errors):
                errors.append(_empty_error(row_field))
        if errors:
            raise _RowErrors(errors)
        return values

    def _is_made_of(self, row_field: RowField, values: Values) -> bool:
        """Whether a field is a key that the names of a row give."""
        return is_made(row_field) and can_make_key(self.fact_list, values)

    def _read_cell(
        self, row_field: RowField, row: SheetRow, text: str, matched: _Matched | None, values: Values
    ) -> None:
        """Add the value of a cell. Cells that were not touched keep their value, which checks of the row may need."""
        key, before = row_field.key, matched.before if matched else {}
        if matched and not self._is_changed(key, row, matched):
            if key in before and key not in _NOT_COMPARED and not is_source(row_field):
                values[key] = before[key]
        elif text:
            values[key] = self._reader.read(row_field, text, before.get(key, []))
        elif row_field.required:
            if not is_made(row_field):
                raise _empty_error(row_field)
        elif matched and key not in _KEPT_IF_EMPTY and not is_source(row_field):
            values[key] = empty_value(row_field)

    def _check_matched(self, values: Values, matched: _Matched | None) -> None:
        """Raise an error for a row that the actor may not write, or that another row has written."""
        name = self.fact_list.name
        if matched is None:
            if values.get("id") and WithdrawnFact.objects.filter(uid=values["id"], restored_at=None).exists():
                raise RowError(
                    _("This fact was withdrawn; restore it, or delete its lasting key to record it anew."), "id"
                )
            if not self.actor.is_officer:
                REGISTRY["core.record_fact"].check_allowed(self.actor, self.at, {"list_name": name, "values": values})
            return
        record = matched.record
        if (first := self._rows_by_record.get(record.pk)) is not None:
            raise RowError(_("Row %d is about the same record; keep one of the two.") % first, "id")
        if "key" in values and values["key"] != matched.before.get("key"):
            raise RowError(
                _("The key of a record stays: addresses and files lead to it. Correct its names instead."), "key"
            )
        if not self.actor.is_officer:
            _check_visible(self.actor, record)
            arguments = {"list_name": name, "fact_id": str(record.serializable_value("uid"))}
            REGISTRY["core.correct_fact"].check_allowed(self.actor, self.at, arguments)

    def _fate_of_matched(
        self, row: SheetRow, matched: _Matched, fact_row: FactRow, record: models.Model, outcome: RowOutcome
    ) -> RowFate:
        self.fact_list.after_correction(matched.before, fact_row, record)
        check_still_concerned(self.actor, record)
        fate = RowFate(row.number, UNCHANGED, str(record))
        if outcome is RowOutcome.UNCHANGED and not self._differs(matched.before, fact_row):
            return fate
        after = _complete_row(row_of(self.fact_list, record))
        fate.changes = list(self._changes(matched.before, after))
        if fate.changes or outcome is not RowOutcome.UNCHANGED:
            fate.fate, fate.url = CHANGED, _address(record)
        return fate

    def _differs(self, before: Values, row: FactRow) -> bool:
        return any(
            cell_text(row_field, getattr(row, row_field.name)) != cell_text(row_field, before.get(row_field.key))
            for row_field in row.given()
            if not is_source(row_field)
        )

    def _changes(self, before: Values, after: Values) -> Iterator[Change]:
        for key, row_field in self._fields.items():
            old, new = (cell_text(row_field, row.get(key)) for row in (before, after))
            if is_source(row_field):
                # Sources are added, never replaced, though a row names only those that were read on one day.
                old, new = "", "\n".join(text for text in new.splitlines() if text not in old.splitlines())
            if old != new and row_field.described.editable:
                yield Change(row_field.title, old, new)

    def _complete(self, written: list[_Written]) -> dict[int, RowFate]:
        """Set the references of rows to other rows of the list; returns the fates of rows refused by that."""
        rows = {row.number: row for row in self.table.rows} if written else {}
        late: dict[int, RowFate] = {}
        results = in_blocks(written, lambda block: [self._complete_row(item) for item in block])
        for item, result in zip(written, results, strict=True):
            if isinstance(result, Exception):
                late[item.fate.number] = self._refusal(rows[item.fate.number], result)
            elif result is not RowOutcome.UNCHANGED and item.fate.fate == UNCHANGED:
                item.fate.fate = CHANGED
        return late

    def _complete_row(self, item: _Written) -> RowOutcome | Exception:
        try:
            with row_savepoint():
                return self.fact_list.complete_record(item.row, item.record, item.origin)
        except _ERRORS as error:
            return error

    def _unexpected(self, fates: list[RowFate]) -> dict[int, RowFate]:
        """The refusals of rows that would fare otherwise than the actor has seen."""
        if self.expected is None:
            return {}
        reason = _(
            "What this row changes has changed since the preview. Choose the sheet again to see what it does now."
        )
        changed = [
            fate
            for fate in fates
            if fate.fate in (NEW, CHANGED) and self.expected.get(fate.number) != fate.fingerprint()
        ]
        return {
            fate.number: RowFate(fate.number, REFUSED, fate.title, faults=[Fault("", "", "", reason)])
            for fate in changed
        }

    def _refusal(self, row: SheetRow, error: Exception) -> RowFate:
        errors = error.errors if isinstance(error, _RowErrors) else [error]
        faults = [self._fault(row, each) for each in errors]
        return RowFate(row.number, REFUSED, self._name(row), faults=faults)

    def _fault(self, row: SheetRow, error: Exception) -> Fault:
        if isinstance(error, ActionForbiddenError):
            return Fault("", "", "", str(error))
        reason, key = refusal_of(error, self.fact_list, self._title)
        column = self.table.by_key.get(key)
        if column is None:
            return Fault("", "", "", reason)
        cell, text = f"{column.letters}{row.number}", row.cell(column.index)
        return Fault(cell, self._title(self._fields[key]), text, reason, key)

    def _title(self, row_field: RowField) -> str:
        """The title of a field as the sheet has it."""
        column = self.table.by_key.get(row_field.key)
        return column.title if column and column.title else row_field.title

    def _name(self, row: SheetRow) -> str:
        """The name of a row: the texts of the fields that tell it from others."""
        keys = [self.fact_list.field(name).key for name in self.fact_list.natural_key]
        columns = [column for key in keys if (column := self.table.by_key.get(key))] or self.table.columns[:2]
        return " · ".join(text for column in columns if (text := row.cell(column.index)))[:_SUMMARY_LENGTH]

    def _summary(self, row: SheetRow) -> str:
        summary = ""
        for key, column in self.table.by_key.items():
            if text := row.cell(column.index):
                summary += " · " * bool(summary) + self._labels[key].replace("\0", text)
            if len(summary) > _SUMMARY_LENGTH:
                break
        return summary[:_SUMMARY_LENGTH]


def _empty_error(row_field: RowField) -> RowError:
    return RowError(_("“%s” is empty; fill it in") % row_field.title, row_field.key)


def unique_keys(table: Table) -> set[str]:
    """The lasting keys that the rows of a table give."""
    column = table.by_key.get("id")
    return {_unique_key(row.cell(column.index)) for row in table.rows} - {""} if column else set()


def _unique_key(text: str) -> str:
    try:
        return UniqueKey().parse(text)
    except InvalidValueError:
        return ""


def _complete_row(row: Values) -> Values:
    """A row with the values that an export leaves out."""
    return {"visibility": str(Visibility.PUBLIC), **row}


def _check_visible(actor: Actor, record: models.Model) -> None:
    model = type(record)
    if (
        hasattr(model._default_manager, "visible_to")
        and not visible_records(model, actor).filter(pk=record.pk).exists()
    ):
        raise ActionForbiddenError(_("Your mandate does not reach this record."))


def _address(record: models.Model) -> str:
    return str(record.get_absolute_url()) if hasattr(record, "get_absolute_url") else ""


def preview_sheet(
    fact_list: AnyFactList,
    table: Table,
    *,
    actor: Actor,
    at: dt.datetime,
    source: SourceInput | None = None,
    progress: SheetProgress = no_progress,
) -> SheetReport:
    """The fate of each row of a sheet, found by writing it and rolling everything back."""
    with transaction.atomic():
        with use_scope(ACTION_SCOPE, local=True):
            report = SheetLoad(fact_list, table, actor, at, source, progress=progress).run()
        transaction.set_rollback(True)
    return report
