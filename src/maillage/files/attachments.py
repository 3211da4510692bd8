"""Attach a file to a record: its bytes are stored once per content."""

import datetime as dt
from collections.abc import Collection

from django.core.files.base import File as DjangoFile
from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError
from maillage.core.actors import Actor
from maillage.core.security.visibility import Visibility
from maillage.files.file_names import clean_name
from maillage.files.file_types import FileRejectedError
from maillage.files.models import Content, File
from maillage.files.queries import distinct_files
from maillage.files.storage import get_storage, lock_content
from maillage.files.uploads import IncomingFile, storage_full_error


def store_file(
    *,
    actor: Actor,
    at: dt.datetime,
    incoming: IncomingFile,
    record: tuple[str, int],
    organisation_id: int | None,
    visibility: str,
) -> File:
    """The same inside an action of another room, which has checked who may attach a file to its record `(kind, id)`."""
    if visibility not in Visibility.values:
        raise ActionError(_("Say who may see the file: one of %s.") % ", ".join(Visibility.values))
    if organisation_id is None and visibility in (Visibility.NETWORK, Visibility.ORGANISATION):
        raise ActionError(_("This record belongs to no organisation: make the file public or for named persons."))
    try:
        kind = incoming.detect_type()
        content = _store_content(incoming, kind.media_type, at)
    except FileRejectedError as error:
        raise ActionError(str(error)) from error
    return File.objects.create(
        content=content,
        name=clean_name(incoming.name or "", kind),
        record_kind=record[0],
        record_id=record[1],
        organisation_id=organisation_id,
        visibility=visibility,
        uploaded_by_id=actor.user_id,
        uploaded_at=at,
    )


def share_files(record_kind: str, record_id: int, bodies: Collection[int]) -> None:
    """Let other bodies (ids) read what is attached to a record; the bytes are kept once all the same."""
    for file in distinct_files(record_kind, record_id):
        uses = File.objects.filter(record_kind=record_kind, record_id=record_id, content=file.content)
        for body in sorted(set(bodies) - set(uses.values_list("organisation_id", flat=True))):
            file.pk, file._state.adding, file.organisation_id = None, True, body
            file.save()


def unshare_files(record_kind: str, record_id: int, bodies: Collection[int]) -> None:
    """Bodies (ids) that have left a record read its files no more; the others do."""
    File.objects.filter(record_kind=record_kind, record_id=record_id, organisation_id__in=bodies).delete()


def _store_content(incoming: IncomingFile, media_type: str, at: dt.datetime) -> Content:
    """The bytes in the storage, written only where they are not there yet."""
    with lock_content(incoming.digest) as place:
        content, _made = Content.objects.get_or_create(
            digest=incoming.digest, defaults={"size": incoming.size, "media_type": media_type, "stored_at": at}
        )
        _write_bytes(incoming, place)
    return content


def _write_bytes(incoming: "DjangoFile[bytes]", place: str) -> None:
    try:
        if get_storage().exists(place):
            return
        written = get_storage().save(place, incoming)
    except OSError as error:
        raise storage_full_error() from error
    if written != place:
        get_storage().delete(written)
        raise FileRejectedError(
            _("The storage gave the file another name than asked; set it so that it renames nothing.")
        )
