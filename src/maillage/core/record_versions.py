"""Versions of records, from the ids of their events: to refuse a change based on a stale version."""

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
# The digest that `response_etag` adds to a version.
_DIGEST_SUFFIX = re.compile('/[^"]*')


class StaleRecordError(ActionError):
    """Somebody has changed the record since it was read."""


@functools.cache
def _event_models() -> dict[type[models.Model], type[models.Model]]:
    return dict(tracked_models())


def record_version(model: type[models.Model], pk: int) -> str:
    """The version of a record, from its kind, its id and the id of its last event; empty without a history."""
    event_model = _event_models().get(model)
    if event_model is None:
        return ""
    last_event_id = (
        event_model._default_manager.filter(id=pk).order_by("-pgh_id").values_list("pgh_id", flat=True).first()
    )
    return f'"{model._meta.label_lower}-{pk}-{last_event_id or 0}"'


def record_version_by_kind(kind: str, pk: int) -> str:
    """The version of a record by its kind as citations name it: `register.organisation`."""
    return record_version(apps.get_model(kind), pk)


def response_etag(version: str, shown: bytes) -> str:
    """The ETag of a response: the version of its record, if any, and a digest of the content `shown`."""
    digest = hashlib.blake2b(shown, digest_size=10).hexdigest()
    return f'"{version.strip(_QUOTE)}/{digest}"'


def check_record_version(kind: str, pk: int, wanted: str) -> None:
    """Lock the record until the transaction ends and compare its version with the ETags in `wanted`.

    Raises `StaleRecordError` if none of them matches, and `ActionError` for an unknown kind.
    """
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError) as error:
        raise ActionError(_("“%s” is no kind of record.") % kind[:60]) from error
    exists = model._default_manager.select_for_update().filter(pk=pk).exists()
    versions = {_DIGEST_SUFFIX.sub("", etag) for etag in parse_etags(wanted)}
    if not (exists and versions & {"*", record_version(model, pk)}):
        raise StaleRecordError(_("Read the record again, then decide anew: somebody has changed it since."))


def form_version(request: Request, record: models.Model) -> str:
    """The version for a form: the posted one when the form is shown again, else that of the record."""
    return request.POST.get("version", "") or record_version(type(record), record.pk)


@contextmanager
def version_guard(kind: str, pk: int, wanted: str) -> Iterator[None]:
    """Run the block in a transaction if the record still has the version `wanted`; an empty one is not checked.

    Raises `StaleRecordError`.
    """
    with transaction.atomic(), use_scope(ACTION_SCOPE, local=True):
        if wanted:
            check_record_version(kind, pk, wanted)
        yield
