"""The version of a record, as its history numbers it: read with it, and held against a change of it."""

import functools
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import models, transaction
from django.utils.http import parse_etags
from django.utils.translation import gettext as _

from maillage.kernel.actions import Impossible
from maillage.kernel.history import tracked_models
from maillage.kernel.request import Request
from maillage.kernel.scope import ACTING, opened

_QUOTE = '"'
# What `etag_of` adds: an answer may change where its record has not.
_SHOWN = re.compile('/[^"]*')


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


def etag_of(version: str, shown: bytes) -> str:
    """The ETag of an answer: the version of its record, if any, and a digest of all that it shows beside it."""
    digest = hashlib.blake2b(shown, digest_size=10).hexdigest()
    return f'"{version.strip(_QUOTE)}/{digest}"'


def refuse_stale(kind: str, pk: int, wanted: str) -> None:
    """Hold the record until the transaction ends. Raises `Stale` where it is none of the versions wanted."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError) as error:
        raise Impossible(_("“%s” is no kind of record.") % kind[:60]) from error
    exists = model._default_manager.select_for_update().filter(pk=pk).exists()
    versions = {_SHOWN.sub("", each) for each in parse_etags(wanted)}
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
