"""Move all references from one row to another, with a log by which the move can be undone.

Rows of any room, citations and contradictions are moved. Where the moved row would duplicate a row of the other
organisation (the same name, the same tie), its own references pass to that row, and the moved row is deleted.
"""

import copy
import json
from collections.abc import Iterator

from django.apps import apps
from django.core import serializers
from django.db import IntegrityError, models, transaction
from django.db.models import Model, Q

from maillage.core.json_types import JsonObject
from maillage.core.models import Citation, ContradictionSubject
from maillage.files.models import File
from maillage.register.models import Lookalike, Merge, Organisation, Tie

MoveLog = list[JsonObject]
# They describe the two records, not the organisation.
_NEVER_MOVED = (Merge, Lookalike)


def move_all_references(old: models.Model, new: models.Model) -> MoveLog:
    """Make everything that refers to `old` refer to `new`; return the log of the moves, in order."""
    log: MoveLog = []
    _move_references(old, new, log)
    return log


def undo_moves(log: MoveLog) -> None:
    """Undo the moves of a log, last entry first. Raises `IntegrityError` where later changes conflict with it."""
    for entry in reversed(log):
        if entry["did"] == "moved":
            _undo_move(entry)
        elif entry["did"] == "set":
            _undo_set(entry)
        else:
            for deserialized_row in serializers.deserialize("json", json.dumps([entry["row"]])):
                # Raw: the row is restored as it was, its id included.
                deserialized_row.save()


def set_and_log(log: MoveLog, row: models.Model, field: str, value: object) -> None:
    """Set one field of a row, and note it in the log."""
    before = getattr(row, field)
    log.append({"did": "set", "model": row._meta.label, "pk": row.pk, "field": field, "from": before, "to": value})
    setattr(row, field, value)


def _undo_move(entry: JsonObject) -> None:
    rows = apps.get_model(entry["model"])._base_manager.filter(pk=entry["pk"])
    rows.filter(**{entry["field"]: entry["to"]}).update(**{entry["field"]: entry["from"]})


def _undo_set(entry: JsonObject) -> None:
    """Restore the field unless it was changed since."""
    row = apps.get_model(entry["model"])._base_manager.filter(pk=entry["pk"]).first()
    if row is not None and getattr(row, entry["field"]) == entry["to"]:
        setattr(row, entry["field"], entry["from"])
        row.save()


def _foreign_keys_to(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """Every foreign key to a model, hidden ones too, except those of the history of events."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            referring_model: type[Model] = relation.related_model
            if not hasattr(referring_model, "pgh_tracked_model") and referring_model not in _NEVER_MOVED:
                yield referring_model, relation.field.attname


def _references(row: models.Model) -> Iterator[tuple[models.Model, str]]:
    """Each row that refers to this one, with the field that refers to it."""
    for model, field in _foreign_keys_to(type(row)):
        for referring_row in model._base_manager.filter(**{field: row.pk}).order_by("pk"):
            yield referring_row, field
    for generic_model in (Citation, ContradictionSubject, File):
        kind = row._meta.label_lower
        for generic_row in generic_model._base_manager.filter(record_kind=kind, record_id=row.pk).order_by("pk"):
            yield generic_row, "record_id"
    if isinstance(row, Organisation):
        for file in File.objects.filter(organisation_id=row.pk).order_by("pk"):
            yield file, "organisation_id"
        for citation in Citation.objects.filter(brought_by=row.pk).order_by("pk"):
            yield citation, "brought_by"


def _move_references(old: models.Model, new: models.Model, log: MoveLog) -> None:
    for row, field in list(_references(old)):
        if type(row)._base_manager.filter(pk=row.pk).exists():
            _move_reference(row, field, old, new, log)


def _move_reference(row: models.Model, field: str, old: models.Model, new: models.Model, log: MoveLog) -> None:
    rows = type(row)._base_manager.filter(pk=row.pk)
    try:
        with transaction.atomic():
            rows.update(**{field: new.pk})
    except IntegrityError:
        row.refresh_from_db()
        _merge_into_twin(row, field, new, log)
        return
    log.append({"did": "moved", "model": row._meta.label, "pk": row.pk, "field": field, "from": old.pk, "to": new.pk})


def _merge_into_twin(row: models.Model, field: str, new: models.Model, log: MoveLog) -> None:
    """Move the references of a duplicate row to its twin, if there is one, then delete the row."""
    twin = _twin(row, field, new)
    if twin is not None:
        _move_references(row, twin, log)
    _remove(row, log)


def _remove(row: models.Model, log: MoveLog) -> None:
    for referring_row, _field in list(_references(row)):
        _remove(referring_row, log)
    log.append({"did": "removed", "row": json.loads(serializers.serialize("json", [row]))[0]})
    row.delete()


def _twin(row: models.Model, field: str, new: models.Model) -> models.Model | None:
    """The row of `new` that `row` would duplicate by a unique constraint, or for a tie by an overlapping period."""
    moved_row = copy.copy(row)
    setattr(moved_row, field, new.pk)
    others = type(row)._base_manager.exclude(pk=row.pk)
    if isinstance(moved_row, Tie):
        same = {"subject_id": moved_row.subject_id, "object_id": moved_row.object_id, "kind": moved_row.kind}
        return others.filter(**same, days__overlap=moved_row.days).order_by("pk").first()
    for constraint in row._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            twin = others.filter(_unique_condition(moved_row, constraint)).order_by("pk").first()
            if twin is not None:
                return twin
    return None


def _unique_condition(row: models.Model, constraint: models.UniqueConstraint) -> Q:
    names = [row._meta.get_field(name).attname for name in constraint.fields]  # type: ignore[union-attr]
    return Q(constraint.condition or Q(), **{name: getattr(row, name) for name in names})


def mark_pair_as_same(log: MoveLog, kept: Organisation, absorbed: Organisation) -> None:
    """Decide the open lookalikes of the pair, in either direction, as the same organisation."""
    pair = Q(organisation=kept, incoming=absorbed) | Q(organisation=absorbed, incoming=kept)
    for lookalike in Lookalike.objects.filter(pair, decision="").order_by("pk"):
        set_and_log(log, lookalike, "decision", "same")
        lookalike.save()
