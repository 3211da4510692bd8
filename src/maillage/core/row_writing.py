"""What the loaders of rooms write with: records by their identity, values of rows, and citations of sources."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from maillage.core.list_rows import FileRow, RowError, RowOutcome
from maillage.core.models import Citation, Source, Stance
from maillage.core.periods import OPEN, UNKNOWN
from maillage.core.security.visibility import Visibility


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
    row: FileRow, record: Any, *, name: str = "source", stance: str = Stance.SUPPORTS, statement: str = "", of: str = ""
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
        values: dict[str, Any] = {"stance": stance, "says_en": statement}
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
