"""What the rows of a block will look up, loaded at once within a batch (see `core.rows.write_batch`).

Rows are given as values by key, as a file or the cells of a sheet give them. A value that cannot be read here is left
to the row, which looks it up by itself.
"""

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence

from django.db import models
from django.db.models import Model

from maillage.core.models import Citation, Source
from maillage.core.rows.errors import InvalidValueError
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.list_register import FACT_LISTS
from maillage.core.rows.row import RowField
from maillage.core.rows.sources import SourceValue
from maillage.core.rows.values import Raw, Reference, Several, UniqueKey, Value, Values, ValueType
from maillage.core.rows.write_batch import WriteBatch, active_batch

_ADDRESS = re.compile(r"https?://\S+")


def load_block(fact_list: AnyFactList, rows: Sequence[Values]) -> None:
    """Load what rows with these values will look up; nothing outside of a batch."""
    batch = active_batch()
    if batch is None:
        return
    _load_references(batch, fact_list, rows)
    _load_sources(batch, fact_list, rows)
    fact_list.load_parts(rows)
    load_related(fact_list, _load_matches(batch, fact_list, rows))


def load_related(fact_list: AnyFactList, records: Sequence[Model]) -> None:
    """Load the parts and the citations of records of a list; nothing outside of a batch."""
    batch = active_batch()
    if batch is None or not records:
        return
    kind, ids = fact_list.model.kind_name(), [record.pk for record in records]
    batch.load(Citation, ("record_kind", "record_id"), [(kind, pk) for pk in ids], whole=True)
    for part in fact_list.parts:
        batch.load(part, (_owner(part, fact_list.model),), [(pk,) for pk in ids], whole=True)


def _owner(part: type[Model], model: type[Model]) -> str:
    """The first field of a part that leads to its record."""
    fields = part._meta.concrete_fields
    return next(str(field.name) for field in fields if field.is_relation and field.related_model is model)


def _load_references(batch: WriteBatch, fact_list: AnyFactList, rows: Sequence[Values]) -> None:
    for field in fact_list.fields:
        for name in _lists_of(field):
            target = FACT_LISTS.get(name)
            if target is not None and (texts := set(_texts(field, rows))):
                _load_keys(batch, target, texts)


def _lists_of(field: RowField) -> tuple[str, ...]:
    """The lists to which a field may refer."""
    value_type: ValueType = field.type.of if isinstance(field.type, Several) else field.type
    return (value_type.list,) if isinstance(value_type, Reference) else field.described.picks


def _texts(field: RowField, rows: Iterable[Values]) -> Iterator[str]:
    for raw in filter(None, (row.get(field.key) for row in rows)):
        if isinstance(field.type, Reference):
            yield str(raw)
        else:
            items = raw if isinstance(raw, list) else re.split(r"[;\n]", str(raw))
            yield from (str(item).strip() for item in items)


def _load_keys(batch: WriteBatch, target: AnyFactList, texts: set[str]) -> None:
    wheres = [where for text in texts if (where := target.first_key(text))]
    for names in {tuple(where) for where in wheres}:
        keys = [tuple(map(_plain, where.values())) for where in wheres if tuple(where) == names]
        batch.load(target.model, names, keys)


def _plain(value: object) -> object:
    return value.pk if isinstance(value, models.Model) else value


def _load_sources(batch: WriteBatch, fact_list: AnyFactList, rows: Sequence[Values]) -> None:
    fields = [field for field in fact_list.fields if isinstance(field.type, Several)]
    keys = [field.key for field in fields if isinstance(field.type, Several) and isinstance(field.type.of, SourceValue)]
    items = [row[key] for row in rows for key in keys if row.get(key)]
    texts = [text for item in items for text in (item if isinstance(item, list) else [item]) if isinstance(text, str)]
    batch.load(Source, ("url",), {(address,) for text in texts for address in _ADDRESS.findall(text)})


def _load_matches(batch: WriteBatch, fact_list: AnyFactList, rows: Sequence[Values]) -> list[Model]:
    """The records that rows name by their lasting or their natural keys."""
    uids = {uuid.UUID(uid) for row in rows if (uid := _parsed(UniqueKey(), row.get("id")))}
    wheres = [where for row in rows if (where := _natural_key(fact_list, row))]
    if uids:
        batch.load(fact_list.model, ("uid",), [(uid,) for uid in uids], whole=True)
    if wheres:
        keys = [tuple(where.values()) for where in wheres]
        batch.load(fact_list.model, tuple(wheres[0]), keys, whole=True)
    found = [batch.find(fact_list.model, where) for where in ({"uid": uid} for uid in uids)]
    found += [batch.find(fact_list.model, where) for where in wheres]
    return list({record.pk: record for records in found for record in records}.values())


def _natural_key(fact_list: AnyFactList, row: Values) -> Values:
    """The natural key of a row as model fields, but for the start, which a fact may get to know; none if not read."""
    where: Values = {}
    for name in fact_list.natural_key:
        field = fact_list.field(name)
        if not field.type.is_stored:
            continue
        try:
            where |= field.type.model_values(field.type.parse(row.get(field.key)), field.into)
        except InvalidValueError:
            return {}
    where.pop("period_start", None)
    return {name: _plain(value) for name, value in where.items()}


def _parsed(value_type: ValueType, raw: Raw) -> Value:
    try:
        return value_type.parse(raw)
    except InvalidValueError:
        return None
