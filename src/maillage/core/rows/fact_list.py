"""The lists of the register: what a list is, and how a row of it is found, written and read back.

Each room describes its lists in `rows.py` and registers them in the order in which they are loaded: a room imports only
rooms below it, so that the lists to which its rows refer come before its own.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise

from maillage.core.actors import OFFICER, Actor
from maillage.core.models import Citation, Stance
from maillage.core.periods import UNKNOWN
from maillage.core.rows.errors import InvalidValueError
from maillage.core.rows.outcomes import RowOutcome, create, find_first, find_records, update
from maillage.core.rows.rights import AccessOf, opens_nothing
from maillage.core.rows.row import LastingRow, RowField, check_keys, fields_by_name, row_fields
from maillage.core.rows.sources import Origin, cite, cite_whole, extend_attested, names_organisation
from maillage.core.rows.values import DateOrInterval, PartialDate, UniqueKey, Values

R = TypeVar("R", bound=LastingRow)
M = TypeVar("M", bound=Model)


def no_check(_row: object) -> None:
    """A list whose rows need no check beyond the types of their fields."""


def nothing_after_correction(_before: Values, _row: object, _record: object) -> None:
    """A list whose corrections leave nothing to remove."""


def load_nothing(_rows: Iterable[Values]) -> None:
    """A list whose rows look up no parts but those of their own records."""


def no_values(_row: object, _record: object) -> Values:
    """A list all of whose values are those of its described fields."""
    return {}


def is_plain_citation(_record: object, citation: Citation) -> bool:
    """Whether a citation does no more than support the record, so that the field `source` of its row says it all."""
    more = citation.property or citation.assertion_en or citation.assertion_fr
    return not more and citation.stance == Stance.SUPPORTS and citation.accepted


@dataclass(frozen=True)
class FactList(Generic[R, M]):
    """A list of facts, described by the row that makes one.

    `natural_key` are the fields by which a row without a lasting key is matched. `check` may refuse a row; `values`
    gives model fields that follow from several fields of the row, or from the record that is there. `write_parts`
    writes what hangs on the record, and `read_parts` reads it back; `after_correction` removes what a correction
    leaves behind, given the row as it was. `complete` is called for each row once the whole list is loaded, to set
    references to other rows of it, for rows that give one of the fields `completed`; `finish` once at the end.
    `load_parts` loads at once what many rows will look up beside their records, given their values by key.
    `find_named` returns the records that an actor may read with exactly this name, for sheets. `access` is what a
    record opens to others (see `core.rows.rights`); `parts` are the models of what hangs on a record and is
    withdrawn with it. `writers` are the roles that may write, and `concerns` the fields with the organisations for
    which a mandate must hold. `is_plain_citation` is whether the fields of a row write a citation; exports give the
    other ones whole. `cited_in` are the properties whose plain citations are written by fields of the row, with the
    keys of these fields. `export_order` are the model fields by which exports are sorted. `without` are the fields of
    every fact that rows of this list do not have. In a list that `adopts_keys`, a row gives its lasting key to the
    record that the rows of another list have just made.
    """

    name: str
    title: str | Promise
    row: type[R]
    model: type[M]
    natural_key: tuple[str, ...]
    check: Callable[[R], None] = no_check
    values: Callable[[R, M | None], Values] = no_values
    write_parts: Callable[[R, M, Origin], RowOutcome] | None = None
    read_parts: Callable[[M], Values] | None = None
    after_correction: Callable[[Values, R, M], None] = nothing_after_correction
    complete: Callable[[R, M, Origin], RowOutcome] | None = None
    finish: Callable[[], None] | None = None
    find_named: Callable[[str, Actor], list[M]] | None = None
    access: AccessOf = opens_nothing
    parts: tuple[type[Model], ...] = ()
    writers: tuple[str, ...] = (OFFICER,)
    concerns: tuple[str, ...] = ()
    completed: tuple[str, ...] = ()
    load_parts: Callable[[Iterable[Values]], None] = load_nothing
    is_plain_citation: Callable[[M, Citation], bool] = is_plain_citation
    cited_in: tuple[tuple[str, str], ...] = (("", "source"),)
    export_order: tuple[str, ...] = ("pk",)
    without: tuple[str, ...] = ()
    adopts_keys: bool = False

    @property
    def fields(self) -> tuple[RowField, ...]:
        return tuple(field for field in row_fields(self.row) if field.name not in self.without)

    @property
    def has_sources(self) -> bool:
        """Whether its facts cite sources."""
        return any(field.name == "source" for field in self.fields)

    def field(self, name: str) -> RowField:
        """The field of this name. Raises `KeyError`."""
        return fields_by_name(self.row)[name]

    def read(self, values: Values) -> R:
        """The row of these values by key. Raises `RowError`."""
        check_keys(values, [field.key for field in self.fields])
        row = self.row.read(values)
        self.check(row)
        return row

    def needs_completion(self, row: R) -> bool:
        """Whether `complete_record` has something to do for a row."""
        completes = self.complete is not None and any(getattr(row, name) for name in self.completed)
        return completes or names_organisation(row.citations)

    def complete_record(self, row: R, record: M, origin: Origin) -> RowOutcome:
        """Set what a row says of records that other rows make, once these are written. Raises `RowError`."""
        outcome = self.complete(row, record, origin) if self.complete else RowOutcome.UNCHANGED
        if names_organisation(row.citations):
            outcome |= cite_whole(current_record(record), row.citations, origin, knows_organisations=True)
        return outcome

    def lookup(self, row: R) -> Values:
        """The natural key of a row as model fields."""
        lookup: Values = {}
        for field in map(self.field, self.natural_key):
            lookup |= self._field_values(row, field) if field.type.is_stored else {}
        return lookup

    @property
    def end_field(self) -> RowField | None:
        """The field with the end of a fact's period, or `None` for facts that do not end."""
        ends = (field for field in self.fields if isinstance(field.type, PartialDate) and field.type.end)
        return next(ends, None)

    def find_row(self, row: R) -> M | None:
        """The record of a row: by its lasting key, else by its natural key, else by that key without the start.

        A row whose start is known matches the only record of unknown start, and the reverse, if both end alike: a start
        that becomes known replaces an unknown one.
        """
        if row.id and (record := find_first(self.model, {"uid": uuid.UUID(row.id)})) is not None:
            return record
        lookup = self.lookup(row)
        if record := find_first(self.model, lookup):
            return record
        # Another key is another fact, unless nothing else tells the two apart.
        return None if row.id else self._of_another_start(row, lookup)

    def _of_another_start(self, row: R, lookup: Values) -> M | None:
        if "period_start" not in lookup:
            return None
        start = lookup.pop("period_start")
        records = find_records(self.model, {**lookup, "period_end": self._end(row)})
        if len(records) != 1 or (start and getattr(records[0], "period_start", "")):
            return None
        return records[0]

    def _end(self, row: R) -> str:
        end = self.end_field
        if end is None:
            return UNKNOWN
        return str(getattr(row, end.name)) if row.has(end.name) else self._absent_ends()[end.into]

    def records(self) -> "QuerySet[M]":
        return self.model._default_manager.order_by("pk")

    def find(self, *identity: object) -> M | None:
        """The record with these values of the natural key, or of its beginning, or with this lasting key, or `None`."""
        if len(identity) == 1:
            return find_first(self.model, where) if (where := self.first_key(identity[0])) else None
        records = self.records()
        for key, value in zip(self.natural_key, identity, strict=False):
            records = records.filter(self.matches(self.field(key), value))
        return records.first()

    def first_key(self, value: object) -> Values:
        """The model fields of a lasting key, or of the first field of the natural key; none for an invalid value."""
        if is_lasting_key(value):
            return {"uid": uuid.UUID(str(value))}
        field = self.field(self.natural_key[0])
        try:
            return field.type.model_values(field.type.parse(value), field.into)
        except InvalidValueError:
            return {}

    def matches(self, field: RowField, value: object) -> Q:
        """The condition that a field of the natural key has this value."""
        try:
            values = field.type.model_values(field.type.parse(value), field.into)
        except InvalidValueError:
            return Q(pk__in=())
        return Q(**values)

    def identity(self, record: M) -> list[object]:
        """The natural key of a record, as `find` takes it, without the ends that are empty."""
        parts = self.read_parts(record) if self.read_parts else {}
        fields = [self.field(name) for name in self.natural_key]
        values = [parts[field.key] if field.key in parts else field.type.read(record, field.into) for field in fields]
        while values and values[-1] in ("", None):
            values.pop()
        return values

    def write(self, row: R, origin: Origin) -> RowOutcome:
        """Write a row: the one way in for a fact, whoever brings it. Raises `RowError`, `InvalidPeriodError`."""
        return self.write_record(row, origin)[1]

    def write_record(self, row: R, origin: Origin, record: M | None = None) -> tuple[M, RowOutcome]:
        """Write a row to a record, by default to the one that it matches; returns the record and the outcome."""
        matched = record or self.find_row(row)
        values = self._values(row, matched)
        if record is None and matched is not None and not values.get("period_start"):
            values.pop("period_start", None)  # A row that knows no start does not erase the start that is known.
        if matched is None:
            matched, outcome = create(self.model, values), RowOutcome.CREATED
        else:
            outcome = update(matched, values)
        if self.adopts_keys and row.id and str(matched.serializable_value("uid")) != row.id:
            outcome |= update(matched, {"uid": uuid.UUID(row.id)})
        if self.write_parts:
            outcome |= self.write_parts(row, matched, origin)
        outcome |= self._cite(row, current_record(matched), origin)
        if outcome is RowOutcome.UPDATED:
            extend_attested(matched)
        return matched, outcome

    def _cite(self, row: R, record: Model, origin: Origin) -> RowOutcome:
        outcome = cite(record, list(getattr(row, "source", [])), origin)
        return outcome | cite_whole(record, row.citations, origin)

    def _values(self, row: R, record: M | None) -> Values:
        values: Values = {}
        for field in row.given():
            if field.type.is_stored and field.name not in ("id", "read_on"):
                values |= self._field_values(row, field)
        if record is None:
            values = self._absent_ends() | values | ({"uid": row.id} if row.id else {})
        return values | self.values(row, record)

    def _absent_ends(self) -> Values:
        ends = [(field.into, field.type) for field in self.fields if isinstance(field.type, PartialDate)]
        intervals = (field for field in self.fields if isinstance(field.type, DateOrInterval))
        unknown = [f"{field.into}_end" for field in intervals]
        return {into: end.absent for into, end in ends if end.end} | dict.fromkeys(unknown, UNKNOWN)

    def _field_values(self, row: R, field: RowField) -> Values:
        try:
            return field.type.model_values(getattr(row, field.name), field.into)
        except InvalidValueError as error:
            raise error.as_row_error(field.key) from error

    def to_row(self, record: M) -> Values:
        """A record as the row that makes it, without its sources: the inverse of `write`."""
        row: Values = {}
        parts = self.read_parts(record) if self.read_parts else {}
        for field in self.fields:
            value = parts.get(field.key, "")
            if field.type.is_stored and field.key not in parts and field.name not in ("visibility", "read_on"):
                value = field.type.read(record, field.into)
            if self._is_said(field, value):
                row[field.key] = value
        return row

    def _is_said(self, field: RowField, value: object) -> bool:
        """Whether a row must give a value: an end unless a new record has it anyway, any other unless it is empty."""
        if isinstance(field.type, PartialDate) and field.type.end:
            return value != field.type.absent
        return not _is_empty(value)


def current_record(record: M) -> M:
    """The record that a merged one was merged into; any other record itself."""
    return getattr(record, "merged_into", None) or record


def is_lasting_key(value: object) -> bool:
    """Whether a value is a lasting key of some fact, and no other key."""
    try:
        return len(str(value)) == 36 and bool(UniqueKey().parse(value))
    except InvalidValueError:
        return False


def _is_empty(value: object) -> bool:
    return value is None or value is False or value in ("", [])


AnyFactList: TypeAlias = FactList[Any, Any]  # Any: each list has rows and records of its own, known where it is made
