"""Who may read a file: those who see it by its own visibility, and the record that it belongs to."""

import functools
import operator

from django.db.models import Exists, Model, OuterRef, Q

from maillage.core.actors import Actor
from maillage.core.models import Source
from maillage.core.security.visibility import VisibleQuerySet, visible_records
from maillage.files.models import File
from maillage.files.queries import files_without_record_check
from maillage.files.source_documents import is_document_of_visible_source
from maillage.listing.listing import LISTINGS, listing_of_kind


def readable_file(pk: int, *, actor: Actor) -> File | None:
    """The file with this id, if this actor may read it; a document is that of every source that cites it."""
    file: File | None = files_without_record_check(actor=actor).filter(pk=pk).first()
    return file if file and _may_read_record(file, actor) else None


def _may_read_record(file: File, actor: Actor) -> bool:
    if file.record_kind == Source.kind_name():
        return is_document_of_visible_source(file, actor=actor)
    listing = listing_of_kind(file.record_kind)
    return listing is not None and listing.visible(actor).filter(pk=file.record_id).exists()


def readable_files(*, actor: Actor) -> VisibleQuerySet[File]:
    """The files this actor may read on records that have a list, latest first."""
    conditions = (_on_visible_record(listing.model, actor) for listing in LISTINGS.values())
    return files_without_record_check(actor=actor).filter(functools.reduce(operator.or_, conditions, Q(pk__in=[])))


def _on_visible_record(model: type[Model], actor: Actor) -> Q:
    rows = visible_records(model, actor).filter(pk=OuterRef("record_id"))
    return Q(record_kind=model._meta.label_lower) & Q(Exists(rows))
