"""One change of a fact, read from the history: its row before and after, and the sources that came with it."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models, transaction

from maillage.core.history import known_at, tracked_models
from maillage.core.models import Citation
from maillage.core.rows.fact_list import AnyFactList
from maillage.core.rows.row import RowField
from maillage.core.rows.values import Part, PartialDate, Several, Value, Values

_JUST_BEFORE = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class PastChange:
    """A change of a fact by one action: the rows before and after it, and the ids of the citations that it added.

    `fields` are the fields that differ and that can be corrected.
    """

    fields: list[RowField]
    before: Values
    after: Values
    citation_ids: list[int]

    def conflicts(self, now: Values) -> list[RowField]:
        """The fields that were changed again since; `now` is the row as it is."""
        return [field for field in self.fields if now.get(field.key) != self.after.get(field.key)]

    def values_before(self) -> Values:
        """The values of the fields before the change, as a correction gives them: what was empty is emptied."""
        return {field.key: self.before.get(field.key, _empty(field)) for field in self.fields}


def _empty(field: RowField) -> Value:
    if isinstance(field.type, PartialDate) and field.type.end:
        return field.type.absent
    is_list = isinstance(field.type, Several) or (isinstance(field.type, Part) and field.type.shape != "text")
    return [] if is_list else ""


def part_models(fact_list: AnyFactList) -> Iterator[tuple[type[models.Model], str]]:
    """The tracked models of the parts of a record, each with the name of its reference to the record."""
    tracked = {model for model, _event in tracked_models()}
    for part in fact_list.parts:
        references = [field for field in part._meta.concrete_fields if field.related_model is fact_list.model]
        if part in tracked and len(references) == 1:
            yield part, references[0].attname


def past_change(fact_list: AnyFactList, record: models.Model, change_id: uuid.UUID) -> PastChange | None:
    """The change of a record by the action with this id in the history.

    `None` if the action did not change the record, or is the one that recorded it.
    """
    moments = list(_moments(fact_list, record, change_id))
    if not moments:
        return None
    before, after = _row_at(fact_list, record, min(moments) - _JUST_BEFORE), _row_at(fact_list, record, max(moments))
    if before is None or after is None:
        return None
    differs = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    fields = [field for field in fact_list.fields if field.key in differs and _is_corrected(field)]
    return PastChange(fields, before, after, _added_citations(record, change_id))


def _is_corrected(field: RowField) -> bool:
    described = field.described
    return field.name != "id" and not described.files_only and not described.officers_only


def _moments(fact_list: AnyFactList, record: models.Model, change_id: uuid.UUID) -> Iterator[dt.datetime]:
    """The moments of the events of a change, in the tables of the record and of its parts."""
    events = dict(tracked_models())
    for model, reference in ((fact_list.model, "id"), *part_models(fact_list)):
        found = events[model]._default_manager.filter(**{reference: record.pk, "pgh_context_id": change_id})
        yield from found.values_list("pgh_created_at", flat=True)


def _row_at(fact_list: AnyFactList, record: models.Model, moment: dt.datetime) -> Values | None:
    """The row of a record as it was known at a moment, or `None` if it was not there."""
    # Rolled back, so that the transaction around it can write again.
    with transaction.atomic():
        with known_at(moment):
            past = fact_list.model._base_manager.filter(pk=record.pk).first()
            row = fact_list.to_row(past) if past is not None else None
        transaction.set_rollback(True)
    return row


def _added_citations(record: models.Model, change_id: uuid.UUID) -> list[int]:
    events = dict(tracked_models())[Citation]._default_manager.filter(
        record_kind=record._meta.label_lower, record_id=record.pk, pgh_context_id=change_id, pgh_label="insert"
    )
    return list(events.values_list("id", flat=True))
