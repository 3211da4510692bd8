"""What a write did to a record."""

from enum import Enum
from typing import Any


class RowOutcome(Enum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"

    def __or__(self, other: "RowOutcome") -> "RowOutcome":
        """The outcome of two writes to one row: `CREATED` before `UPDATED` before `UNCHANGED`."""
        order = [RowOutcome.CREATED, RowOutcome.UPDATED, RowOutcome.UNCHANGED]
        return min(self, other, key=order.index)


def upsert(model: type[Any], identity: dict[str, Any], values: dict[str, Any]) -> tuple[Any, RowOutcome]:
    """Find a record by its identity and set the fields in `values`; create the record if absent.

    A field not in `values` stays as it is, so that a second file can add to a first.
    """
    record = model.objects.filter(**identity).first()
    if record is None:
        return create(model, identity | values), RowOutcome.CREATED
    return record, update(record, values)


def create(model: type[Any], values: dict[str, Any]) -> Any:
    """A new record with these values. Raises `ValidationError` for a value that a field does not take."""
    record = model(**values)
    _validate(record)
    record.save(force_insert=True)
    return record


def update(record: Any, values: dict[str, Any]) -> RowOutcome:
    """Set these fields of a record, and save it if one of them changes."""
    changed = {name: value for name, value in values.items() if getattr(record, name) != value}
    if not changed:
        return RowOutcome.UNCHANGED
    for name, value in changed.items():
        setattr(record, name, value)
    _validate(record)
    record.save()
    return RowOutcome.UPDATED


def _validate(record: Any) -> None:
    if hasattr(record, "prepare"):
        record.prepare()
    # Related records were just found: looking each up again would double the queries of a load.
    record.clean_fields(exclude={field.name for field in record._meta.concrete_fields if field.is_relation})
