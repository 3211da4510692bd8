"""The version of a record, as its history numbers it: read with it, and held against a change of it."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _

from maillage.kernel.actions import Impossible
from maillage.kernel.history import tracked_models
from maillage.kernel.request import Request
from maillage.kernel.scope import ACTING, opened


class Stale(Impossible):
    """Somebody has changed the record since it was read."""


@functools.cache
def _events() -> dict[type[models.Model], type[models.Model]]:
    return dict(tracked_models())


def version_of(model: type[models.Model], pk: int) -> str:
    """The version of a record: its kind, its number and that of its last event; empty where no history is kept."""
    event = _events().get(model)
    if event is None:
        return ""
    last = event._default_manager.filter(id=pk).order_by("-pgh_id").values_list("pgh_id", flat=True).first()
    return f'"{model._meta.label_lower}-{pk}-{last or 0}"'


def version_named(kind: str, pk: int) -> str:
    """The same for a record as citations name it."""
    return version_of(apps.get_model(kind), pk)


def refuse_stale(kind: str, pk: int, wanted: str) -> None:
    """Hold the record until the transaction ends. Raises `Stale` where it is none of the versions wanted."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError) as error:
        raise Impossible(_("“%s” is no kind of record.") % kind[:60]) from error
    exists = model._default_manager.select_for_update().filter(pk=pk).exists()
    versions = {each.strip() for each in wanted.split(",")}
    if not (exists and versions & {"*", version_of(model, pk)}):
        raise Stale(_("Read the record again, then decide anew: somebody has changed it since."))


def version_read(request: Request, record: models.Model) -> str:
    """The version that a form shows: kept while it is filled in again, so that what was read stays what is held to."""
    return request.POST.get("version", "") or version_of(type(record), record.pk)


@contextmanager
def as_read(kind: str, pk: int, wanted: str) -> Iterator[None]:
    """Do what is in the block on the version that was read, or raise `Stale`; where none is told, on what is there."""
    with transaction.atomic(), opened(ACTING, local=True):
        if wanted:
            refuse_stale(kind, pk, wanted)
        yield
