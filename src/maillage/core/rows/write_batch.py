"""Many rows written at once: records are looked up in memory, and written by few statements for all rows of a block.

Within `write_batch()`, `core.rows.outcomes` looks records up among those that were loaded for the block, and collects
what it creates and changes until the end. Any other statement to the database is preceded by those that write what was
collected, so that functions of lists which query the database see the rows before theirs: right in any case, and fast
where they use `find_records` alone.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.db import DatabaseError, connection, models, transaction
from django.db.models import Q

from maillage.core.rows.bulk_statements import NewIds, insert_records, update_records

Model = type[models.Model]
Where = Mapping[str, object]
Key = tuple[object, ...]
_WRITING = re.compile(r"\b(INSERT|UPDATE|DELETE|ROLLBACK|TRUNCATE|SET)\b", re.IGNORECASE)


class BlockError(Exception):
    """A block of rows that cannot be written at once: its rows must be written one by one."""


class _Index:
    """Records of a model by the values of some fields. `complete` are the values whose records are all known."""

    def __init__(self, model: Model, names: tuple[str, ...], known: Iterable[models.Model]) -> None:
        self.names = frozenset(names)
        self._attributes = [attribute_of(model, name) for name in names]
        self.order = names
        self.records: dict[Key, list[models.Model]] = defaultdict(list)
        self.complete: set[Key] = set()
        for record in known:
            self.add(record)

    def key(self, where: Where) -> Key:
        return tuple(where[name] for name in self.order)

    def add(self, record: models.Model) -> None:
        self.records[self._key_of(record)].append(record)

    def remove(self, record: models.Model) -> None:
        self.records[self._key_of(record)].remove(record)

    def _key_of(self, record: models.Model) -> Key:
        return tuple(getattr(record, attribute) for attribute in self._attributes)


@cache
def attribute_of(model: Model, name: str) -> str:
    """The attribute that holds the value of a field: `organisation_id` for `organisation`."""
    attribute: str = model._meta.get_field(name).attname  # type: ignore[union-attr]  # of a field with a column
    return attribute


@cache
def _references(model: Model) -> dict[str, Model]:
    """The models to which the foreign keys of a model lead, by field."""
    keys = (field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey))
    return {key.name: key.related_model for key in keys}


def _plain(value: object) -> object:
    return value.pk if isinstance(value, models.Model) else value


class WriteBatch:
    """The records of a block of rows: those that are known, and those that wait to be written."""

    def __init__(self, new_ids: NewIds) -> None:
        self._indexes: dict[Model, dict[tuple[str, ...], _Index]] = defaultdict(dict)
        self._known: dict[Model, dict[int, models.Model]] = defaultdict(dict)
        self._new: dict[Model, set[int]] = defaultdict(set)
        self._created: dict[Model, dict[int, models.Model]] = {}
        self._changed: dict[Model, dict[int, models.Model]] = {}
        self._ids = new_ids
        self._undo: list[Callable[[], None]] = []
        self._row_begins = 0
        self._row_is_written = False
        self._is_own = False

    def find(self, model: Model, where: Where) -> list[Any]:  # Any: records of the model asked for
        """The records whose fields have these values, by primary key."""
        wanted = {name: _plain(value) for name, value in where.items()}
        index = self._index_for(model, wanted)
        candidates = index.records.get(index.key(wanted), ())
        if not candidates:
            return []
        attributes = [(attribute_of(model, name), value) for name, value in wanted.items() if name not in index.names]
        matching = [each for each in candidates if all(getattr(each, name) == value for name, value in attributes)]
        return sorted(matching, key=lambda record: record.pk) if len(matching) > 1 else matching

    def _index_for(self, model: Model, wanted: Where) -> _Index:
        """An index that knows all records with these values; they are loaded if there is none yet."""
        names = frozenset(wanted)  # Comparing with the view of a dictionary takes ten times as long.
        usable = [index for index in self._indexes[model].values() if index.names <= names]
        for index in usable:
            if index.key(wanted) in index.complete:
                return index
        if reference := self._reference_to_new(model, wanted):
            # Only records made in this block can refer to one that was made in it.
            index = self._index(model, (reference,))
            index.complete.add(index.key(wanted))
        else:
            index = usable[-1] if usable else self._index(model, tuple(sorted(wanted)))
            self.load(model, index.order, [index.key(wanted)])
        return index

    def _reference_to_new(self, model: Model, wanted: Where) -> str | None:
        """The field, if any, whose value is a record that was made in this block."""
        references = _references(model).items()
        return next((name for name, target in references if wanted.get(name) in self._new.get(target, ())), None)

    def _index(self, model: Model, names: tuple[str, ...]) -> _Index:
        indexes = self._indexes[model]
        if names not in indexes:
            indexes[names] = _Index(model, names, self._known[model].values())
        return indexes[names]

    def load(self, model: Model, names: tuple[str, ...], keys: Iterable[Key], *, whole: bool = False) -> None:
        """Load all records whose fields have one of these lists of values; if `whole`, with what they refer to."""
        index = self._index(model, names)
        missing = {key for key in keys if key not in index.complete}
        if not missing:
            return
        condition = Q()
        for name, values in zip(names, zip(*missing, strict=True), strict=True):
            condition &= _is_one_of(name, set(values))
        records = model._default_manager.filter(condition).order_by("pk")
        with self._own_statements():
            for record in records.select_related(*_references(model)) if whole else records:
                self._know(record)
        index.complete |= missing

    def _know(self, record: models.Model) -> None:
        known = self._known[type(record)]
        if record.pk not in known:
            known[record.pk] = record
            for index in self._indexes[type(record)].values():
                index.add(record)

    def know_none(self, model: Model, where: Where) -> None:
        """Take note that no record in the database has these values."""
        index = self._index(model, tuple(where))
        index.complete.add(tuple(where.values()))

    def add(self, record: models.Model) -> None:
        """Insert a record later; it gets its primary key now."""
        model = type(record)
        number = self._ids.next(model)
        if number is None:
            with self._own_statements():
                number = self._ids.take(model)
        record.pk = number
        self._created.setdefault(model, {})[record.pk] = record
        self._new[model].add(record.pk)
        self._know(record)
        self._undo.append(lambda: self._remove(record))

    def _remove(self, record: models.Model) -> None:
        model = type(record)
        self._created.get(model, {}).pop(record.pk, None)
        self._new[model].discard(record.pk)
        if self._known[model].pop(record.pk, None) is not None:
            for index in self._indexes[model].values():
                index.remove(record)

    @contextmanager
    def changing(self, record: models.Model, names: Iterable[str]) -> Iterator[None]:
        """Update a record later, whose fields of these names are changed within the block."""
        model, before = type(record), dict(record.__dict__)
        if self._known[model].get(record.pk) is not record and self._known[model].pop(record.pk, None) is not None:
            self.flush()  # Another copy of this record may have been changed.
            self._indexes.pop(model, None)

        is_changed = record.pk in self._changed.get(model, {})

        def restore() -> None:
            record.__dict__.clear()
            record.__dict__.update(before)
            self._forget_indexes(model, set(names))
            if not is_changed:
                self._changed.get(model, {}).pop(record.pk, None)

        self._undo.append(restore)
        yield
        self._forget_indexes(model, set(names))
        self._know(record)
        if record.pk not in self._created.get(model, {}):
            self._changed.setdefault(model, {})[record.pk] = record

    def _forget_indexes(self, model: Model, names: set[str]) -> None:
        indexes = self._indexes[model]
        for index_names in [index_names for index_names in indexes if names & set(index_names)]:
            del indexes[index_names]

    def flush(self) -> None:
        """Write what was collected. Raises `DatabaseError`."""
        created, changed, self._created, self._changed = self._created, self._changed, {}, {}
        if len(self._undo) > self._row_begins:
            self._row_is_written = True
        with self._own_statements():
            for model, records in created.items():
                if records:
                    insert_records(model, list(records.values()))
            for model, records in changed.items():
                if records:
                    update_records(model, list(records.values()))

    def forget(self) -> None:
        """Forget what is known of the database, which was changed otherwise."""
        self._indexes.clear()
        self._known.clear()
        self._new.clear()

    def undo_all(self) -> None:
        """Give all records the values that they had before the block."""
        while self._undo:
            self._undo.pop()()

    @contextmanager
    def row(self) -> Iterator[None]:
        """What is written within is taken back if it raises. Raises `BlockError` if that cannot be done in memory."""
        self._row_begins, self._row_is_written = len(self._undo), False
        try:
            yield
        except BlockError:
            raise
        except Exception as error:
            if self._row_is_written or isinstance(error, DatabaseError):
                raise BlockError from error
            while len(self._undo) > self._row_begins:
                self._undo.pop()()
            raise

    @contextmanager
    def _own_statements(self) -> Iterator[None]:
        before, self._is_own = self._is_own, True
        try:
            yield
        finally:
            self._is_own = before

    def around_statement(
        self, execute: Callable[..., object], sql: str, params: object, many: bool, context: object
    ) -> object:
        """Let a statement of others see what was collected, and take note if it writes."""
        if self._is_own:
            return execute(sql, params, many, context)
        self.flush()
        result = execute(sql, params, many, context)
        if _WRITING.search(sql):
            self.forget()
            self._row_is_written = True
        return result


def _is_one_of(name: str, values: set[object]) -> Q:
    condition = Q(**{f"{name}__in": values - {None}})
    return condition | Q(**{f"{name}__isnull": True}) if None in values else condition


_ACTIVE: ContextVar[WriteBatch | None] = ContextVar("the batch of rows that is being written", default=None)


def active_batch() -> WriteBatch | None:
    """The batch in which this code runs, if any."""
    return _ACTIVE.get()


@contextmanager
def write_batch(new_ids: NewIds | None = None) -> Iterator[WriteBatch]:
    """Collect what is written within, and write it at the end, in a savepoint.

    Successive batches may share `new_ids`.
    Raises `BlockError` if the database refuses it; nothing is written then, and records have the values they had.
    """
    batch = WriteBatch(new_ids or NewIds())
    token = _ACTIVE.set(batch)
    try:
        with transaction.atomic(), connection.execute_wrapper(batch.around_statement):
            yield batch
            batch.flush()
    except DatabaseError as error:
        batch.undo_all()
        raise BlockError from error
    except BaseException:
        batch.undo_all()
        raise
    finally:
        _ACTIVE.reset(token)


@contextmanager
def read_batch() -> Iterator[WriteBatch]:
    """Load records for many rows at once, where nothing is written."""
    batch = WriteBatch(NewIds())
    token = _ACTIVE.set(batch)
    try:
        yield batch
    finally:
        _ACTIVE.reset(token)


@contextmanager
def row_savepoint() -> Iterator[None]:
    """What is written within is taken back if it raises: in memory within a batch, else by the database."""
    batch = active_batch()
    with batch.row() if batch else transaction.atomic():
        yield
