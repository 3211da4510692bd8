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

from maillage.core.action_registry import ActionError
from maillage.core.history import tracked_models
from maillage.core.request import Request
from maillage.core.security.session_scope import ACTION_SCOPE, use_scope

_QUOTE = '"'
# What `response_etag` adds: an answer may change where its record has not.
_SHOWN = re.compile('/[^"]*')


class StaleRecordError(ActionError):
    """Somebody has changed the record since it was read."""


@functools.cache
def _event_models() -> dict[type[models.Model], type[models.Model]]:
    return dict(tracked_models())


def record_version(model: type[models.Model], pk: int) -> str:
    """The version of a record: its kind, its number and that of its last event; empty where no history is kept."""
    event = _event_models().get(model)
    if event is None:
        return ""
    last = event._default_manager.filter(id=pk).order_by("-pgh_id").values_list("pgh_id", flat=True).first()
    return f'"{model._meta.label_lower}-{pk}-{last or 0}"'


def record_version_by_kind(kind: str, pk: int) -> str:
    """The same for a record as citations name it."""
    return record_version(apps.get_model(kind), pk)


def response_etag(version: str, shown: bytes) -> str:
    """The ETag of an answer: the version of its record, if any, and a digest of all that it shows beside it."""
    digest = hashlib.blake2b(shown, digest_size=10).hexdigest()
    return f'"{version.strip(_QUOTE)}/{digest}"'


def check_record_version(kind: str, pk: int, wanted: str) -> None:
    """Hold the record until the transaction ends. Raises `StaleRecordError` where it is none of the versions wanted."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError) as error:
        raise ActionError(_("“%s” is no kind of record.") % kind[:60]) from error
    exists = model._default_manager.select_for_update().filter(pk=pk).exists()
    versions = {_SHOWN.sub("", each) for each in parse_etags(wanted)}
    if not (exists and versions & {"*", record_version(model, pk)}):
        raise StaleRecordError(_("Read the record again, then decide anew: somebody has changed it since."))


def form_version(request: Request, record: models.Model) -> str:
    """The version that a form shows: kept while it is filled in again, so that what was read stays what is held to."""
    return request.POST.get("version", "") or record_version(type(record), record.pk)


@contextmanager
def version_guard(kind: str, pk: int, wanted: str) -> Iterator[None]:
    """Run the block on the version that was read, else raise `StaleRecordError`; without a version, on what is there."""
    with transaction.atomic(), use_scope(ACTION_SCOPE, local=True):
        if wanted:
            check_record_version(kind, pk, wanted)
        yield
