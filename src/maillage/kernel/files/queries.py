"""Reading files."""

import functools
import operator
from typing import Any

from django.db.models import Exists, OuterRef, Q

from maillage.kernel.actors import Actor
from maillage.kernel.files.models import File
from maillage.kernel.listing import LISTINGS
from maillage.kernel.visibility import VisibleQuerySet

SHOWN = 100


def files_of(record_kind: str, record_id: int, *, actor: Actor) -> list[File]:
    """The files of a record that this actor may see, the latest first, at most 100."""
    return list(files(actor=actor).filter(record_kind=record_kind, record_id=record_id)[:SHOWN])


def files(*, actor: Actor) -> VisibleQuerySet:
    """The files this actor may see, the latest first. Whoever asks checks that their record may be seen too."""
    return File.objects.visible_to(actor).select_related("content", "uploaded_by").order_by("-uploaded_at", "-id")


def files_of_seen_records(*, actor: Actor) -> VisibleQuerySet:
    """The files this actor may see, of the records that this actor may see too."""
    seen = (_on_seen(listing.model, actor) for listing in LISTINGS.values())
    return files(actor=actor).filter(functools.reduce(operator.or_, seen, Q(pk__in=[])))


def _on_seen(model: Any, actor: Actor) -> Q:
    rows = model._default_manager.visible_to(actor).filter(pk=OuterRef("record_id"))
    return Q(Exists(rows), record_kind=model._meta.label_lower)
