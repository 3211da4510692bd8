"""Finding, creating and changing records, at once or within a batch of rows (see `core.rows.write_batch`)."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import TypeVar

from django.db.models import Model

from maillage.core.models import Citation
from maillage.core.rows.new_records import new_record, prepare, validate
from maillage.core.rows.values import Values
from maillage.core.rows.write_batch import active_batch

M = TypeVar("M", bound=Model)


class RowOutcome(Enum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"

    def __or__(self, other: "RowOutcome") -> "RowOutcome":
        """The outcome of two writes to one row: `CREATED` before `UPDATED` before `UNCHANGED`."""
        order = [RowOutcome.CREATED, RowOutcome.UPDATED, RowOutcome.UNCHANGED]
        return min(self, other, key=order.index)


def find_records(model: type[M], where: Values) -> list[M]:
    """The records whose fields have these values, by primary key."""
    batch = active_batch()
    return batch.find(model, where) if batch else list(model._default_manager.filter(**where).order_by("pk"))


def find_first(model: type[M], where: Values) -> M | None:
    """The first record whose fields have these values, or `None`."""
    batch = active_batch()
    if batch is None:
        return model._default_manager.filter(**where).order_by("pk").first()
    return next(iter(batch.find(model, where)), None)


def upsert(model: type[M], identity: Values, values: Values) -> tuple[M, RowOutcome]:
    """Find a record by its identity and set the fields in `values`; create the record if absent.

    A field not in `values` stays as it is, so that a second file can add to a first.
    """
    record = find_first(model, identity)
    if record is None:
        return create(model, identity | values), RowOutcome.CREATED
    return record, update(record, values)


def create(model: type[M], values: Values) -> M:
    """A new record with these values. Raises `ValidationError` for a value that a field does not take."""
    record = new_record(model, values)
    validate(record)
    _insert(record)
    return record


def find_or_create(model: type[M], identity: Values, values: Values) -> M:
    """The record with this identity, made with these values if it is new; several processes may make it at once."""
    if active_batch() is None:
        made: M = model._default_manager.get_or_create(**identity, defaults=values)[0]
        return made
    if (record := find_first(model, identity)) is None:
        record = new_record(model, {**identity, **values})
        prepare(record)
        _insert(record)
    return record


def _insert(record: Model) -> None:
    batch = active_batch()
    if batch is None:
        record.save(force_insert=True)
        return
    batch.add(record)
    if hasattr(record, "kind_name"):
        batch.know_none(Citation, {"record_kind": record.kind_name(), "record_id": record.pk})


def update(record: Model, values: Values) -> RowOutcome:
    """Set these fields of a record, and save it if one of them changes."""
    changed = {name: value for name, value in values.items() if getattr(record, name) != value}
    if not changed:
        return RowOutcome.UNCHANGED
    with _saving(record, changed):
        for name, value in changed.items():
            setattr(record, name, value)
        validate(record)
    return RowOutcome.UPDATED


def change_field(record: Model, name: str, value: object) -> None:
    """Set one field of a record and save it, whatever its other fields hold."""
    with _saving(record, [name]):
        setattr(record, name, value)
        prepare(record)


@contextmanager
def _saving(record: Model, names: Iterable[str]) -> Iterator[None]:
    """Save a record whose fields of these names are changed within the block."""
    if batch := active_batch():
        with batch.changing(record, names):
            yield
    else:
        yield
        record.save()


def delete_records(records: Sequence[Model]) -> bool:
    """Delete records of one model; returns whether there are any."""
    if records:
        type(records[0])._default_manager.filter(pk__in=[record.pk for record in records]).delete()
    return bool(records)
