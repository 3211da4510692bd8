"""The version of a record, as its history numbers it: an ETag to read, and to hold a change against."""

import functools

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from maillage.api.problems import Problem
from maillage.kernel.history import tracked_models


@functools.cache
def _events() -> dict[type[models.Model], type[models.Model]]:
    return dict(tracked_models())


def version_of(model: type[models.Model], pk: int) -> str:
    """The ETag of a record: its kind, its number and that of its last event; empty where no history is kept."""
    event = _events().get(model)
    if event is None:
        return ""
    last = event._default_manager.filter(id=pk).order_by("-pgh_id").values_list("pgh_id", flat=True).first()
    return f'"{model._meta.label_lower}-{pk}-{last or 0}"'


def version_named(kind: str, pk: int) -> str:
    """The same for a record as citations name it."""
    return version_of(apps.get_model(kind), pk)


def refuse_stale(kind: str, pk: int, wanted: str) -> None:
    """Hold the record until the transaction ends. Raises a problem 412 where it is not the version wanted."""
    model = apps.get_model(kind)
    exists = model._default_manager.select_for_update().filter(pk=pk).exists()
    versions = {each.strip() for each in wanted.split(",")}
    if not (exists and versions & {"*", version_of(model, pk)}):
        raise Problem(412, _("Read the record again, then decide anew: somebody has changed it since."))
