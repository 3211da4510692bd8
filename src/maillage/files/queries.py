"""Queries of the files of records; who may read a file is decided in `access`."""

from maillage.core.actors import Actor
from maillage.core.security.visibility import VisibleQuerySet
from maillage.files.models import File

FILES_SHOWN = 100


def files_of(record_kind: str, record_id: int, *, actor: Actor) -> list[File]:
    """The files of a record that this actor may see, latest first, at most `FILES_SHOWN`."""
    return list(
        files_without_record_check(actor=actor).filter(record_kind=record_kind, record_id=record_id)[:FILES_SHOWN]
    )


def files_without_record_check(*, actor: Actor) -> VisibleQuerySet[File]:
    """The files that their own visibility shows to this actor, latest first.

    Whoever serves one has checked its record too, or takes `access.readable_file`, which does.
    """
    return File.objects.visible_to(actor).select_related("content", "uploaded_by").order_by("-uploaded_at", "-id")


def distinct_files(record_kind: str, record_id: int) -> list[File]:
    """The files of a record in order of upload, each content once however many organisations read it."""
    uses = File.objects.filter(record_kind=record_kind, record_id=record_id).select_related("content")
    return list({file.content_id: file for file in uses.order_by("-pk")}.values())[::-1]
