"""Attachment of files to records; the same content is stored once."""

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
    """Attach a file to a record `(kind, id)` from another action, without a permission check. Raises `ActionError`."""
    if visibility not in Visibility.values:
        raise ActionError(_("Say who may see the file: one of %s.") % ", ".join(Visibility.values))
    if organisation_id is None and visibility in (Visibility.NETWORK, Visibility.ORGANISATION):
        raise ActionError(_("This record belongs to no organisation: make the file public or for named persons."))
    try:
        file_type = incoming.detect_type()
        content = _store_content(incoming, file_type.media_type, at)
    except FileRejectedError as error:
        raise ActionError(str(error)) from error
    return File.objects.create(
        content=content,
        name=clean_name(incoming.name or "", file_type),
        record_kind=record[0],
        record_id=record[1],
        organisation_id=organisation_id,
        visibility=visibility,
        uploaded_by_id=actor.user_id,
        uploaded_at=at,
    )


def share_files(record_kind: str, record_id: int, organisation_ids: Collection[int]) -> None:
    """Let other organisations (ids) read the files of a record; their content is still stored once."""
    for file in distinct_files(record_kind, record_id):
        uses = File.objects.filter(record_kind=record_kind, record_id=record_id, content=file.content)
        for organisation_id in sorted(set(organisation_ids) - set(uses.values_list("organisation_id", flat=True))):
            copy_file(file, organisation_id=organisation_id)


def copy_file(file: File, **values: object) -> File:
    """Another use of the content of a file, with these fields changed."""
    kept = {
        field.attname: getattr(file, field.attname) for field in File._meta.concrete_fields if not field.primary_key
    }
    copy: File = File.objects.create(**kept | values)
    return copy


def unshare_files(record_kind: str, record_id: int, organisation_ids: Collection[int]) -> None:
    """Remove the files of a record for these organisations (ids); other organisations keep theirs."""
    File.objects.filter(record_kind=record_kind, record_id=record_id, organisation_id__in=organisation_ids).delete()


def _store_content(incoming: IncomingFile, media_type: str, at: dt.datetime) -> Content:
    """Store the content of a file unless it is stored already."""
    with lock_content(incoming.digest) as path:
        content, _made = Content.objects.get_or_create(
            digest=incoming.digest, defaults={"size": incoming.size, "media_type": media_type, "stored_at": at}
        )
        _write_bytes(incoming, path)
    return content


def _write_bytes(incoming: "DjangoFile[bytes]", path: str) -> None:
    try:
        if get_storage().exists(path):
            return
        stored_path = get_storage().save(path, incoming)
    except OSError as error:
        raise storage_full_error() from error
    if stored_path != path:
        get_storage().delete(stored_path)
        raise FileRejectedError(
            _("The storage gave the file another name than asked; set it so that it renames nothing.")
        )
