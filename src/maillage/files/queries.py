"""Queries of the files of records."""

import functools
import operator
from typing import Any

from django.db.models import Exists, OuterRef, Q

from maillage.core.actors import Actor
from maillage.core.security.visibility import VisibleQuerySet
from maillage.files.models import File
from maillage.listing.listing import LISTINGS

FILES_SHOWN = 100


def files_of(record_kind: str, record_id: int, *, actor: Actor) -> list[File]:
    """The files of a record that this actor may see, latest first, at most `FILES_SHOWN`."""
    return list(files(actor=actor).filter(record_kind=record_kind, record_id=record_id)[:FILES_SHOWN])


def files(*, actor: Actor) -> VisibleQuerySet[File]:
    """The files this actor may see, latest first. The caller checks that the actor may see their record too."""
    return File.objects.visible_to(actor).select_related("content", "uploaded_by").order_by("-uploaded_at", "-id")


def files_of_visible_records(*, actor: Actor) -> VisibleQuerySet[File]:
    """The files this actor may see, on records that this actor may see."""
    conditions = (_on_visible_record(listing.model, actor) for listing in LISTINGS.values())
    return files(actor=actor).filter(functools.reduce(operator.or_, conditions, Q(pk__in=[])))


def _on_visible_record(model: Any, actor: Actor) -> Q:
    rows = model._default_manager.visible_to(actor).filter(pk=OuterRef("record_id"))
    return Q(Exists(rows), record_kind=model._meta.label_lower)


def distinct_files(record_kind: str, record_id: int) -> list[File]:
    """The files of a record in order of upload, each content once however many organisations read it."""
    uses = File.objects.filter(record_kind=record_kind, record_id=record_id).select_related("content")
    return list({file.content_id: file for file in uses.order_by("-pk")}.values())[::-1]
