"""What goes with a fact that is withdrawn, and what keeps it from being withdrawn."""

import json

from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, router
from django.db.models.deletion import Collector, ProtectedError, RestrictedError

from maillage.core.json_types import JsonObject
from maillage.core.models import Citation, ContradictionSubject


def dependents_of(record: models.Model, parts: tuple[type[models.Model], ...]) -> list[models.Model]:
    """The records that refer to a record and would go with it or be left without it, but for its own `parts`."""
    try:
        collected = _collect(record)
    except (ProtectedError, RestrictedError) as error:
        blocking = getattr(error, "protected_objects", None) or getattr(error, "restricted_objects", None)
        return list(blocking or ())
    return [other for other in collected if not isinstance(other, parts) and other != record]


def _collect(record: models.Model) -> list[models.Model]:
    """The record and everything that its deletion would delete, in an order in which it can be written again."""
    collector = Collector(using=router.db_for_write(type(record), instance=record))
    collector.collect([record])
    collector.sort()
    collected = [item for queryset in collector.fast_deletes for item in queryset]
    for model_items in collector.data.values():
        collected += list(model_items)
    return sorted(collected, key=lambda item: item != record)


def serialise_records(record: models.Model) -> list[JsonObject]:
    """A record with its parts, citations and places in contradictions, as JSON that `restore_records` writes again."""
    about = {"record_kind": record._meta.label_lower, "record_id": record.pk}
    loose = [*Citation.objects.filter(**about), *ContradictionSubject.objects.filter(**about)]
    python = serializers.serialize("python", [*_collect(record), *loose])
    records: list[JsonObject] = json.loads(json.dumps(python, cls=DjangoJSONEncoder))
    for item in loose:
        item.delete()
    return records


def restore_records(records: list[JsonObject]) -> None:
    """Write the records of `serialise_records` again, under the ids that they had. Raises `IntegrityError`."""
    for item in serializers.deserialize("python", records):
        item.object.save(force_insert=True)
    # Checked now rather than at the commit, so that a record that is gone raises here.
    connection.check_constraints()
