"""Reading files."""

from maillage.kernel.actors import Actor
from maillage.kernel.files.models import File
from maillage.kernel.visibility import VisibleQuerySet

SHOWN = 100


def files_of(record_kind: str, record_id: int, *, actor: Actor) -> list[File]:
    """The files of a record that this actor may see, the latest first, at most 100."""
    return list(files(actor=actor).filter(record_kind=record_kind, record_id=record_id)[:SHOWN])


def files(*, actor: Actor) -> VisibleQuerySet:
    """The files this actor may see, the latest first. Whoever asks checks that their record may be seen too."""
    return File.objects.visible_to(actor).select_related("content", "uploaded_by").order_by("-uploaded_at", "-id")
