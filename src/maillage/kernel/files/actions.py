"""What can be done to files: attach one to a record, remove it, sweep away bytes that nobody uses any more."""

import datetime as dt
from collections.abc import Collection

from django.core.files.base import File as DjangoFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.kernel.actions import Impossible, action
from maillage.kernel.actors import OFFICER, Actor
from maillage.kernel.files.intake import Incoming, not_written
from maillage.kernel.files.models import Content, File
from maillage.kernel.files.names import clean_name
from maillage.kernel.files.storage import alone_with, storage
from maillage.kernel.files.types import NotTaken
from maillage.kernel.visibility import Visibility


@action(OFFICER, title=gettext_lazy("Attach a file"), over_api=False)
def attach_file(
    *,
    actor: Actor,
    at: dt.datetime,
    incoming: Incoming,
    record_kind: str,
    record_id: int,
    organisation_id: int | None = None,
    visibility: str = Visibility.ORGANISATION,
) -> File:
    """Keep a file that came in and attach it to a record.

    Raises `Impossible` where its type is not taken, where it could not be stored, or where it would be kept for an
    organisation and none is named.
    """
    return keep(
        actor=actor,
        at=at,
        incoming=incoming,
        record=(record_kind, record_id),
        organisation_id=organisation_id,
        visibility=visibility,
    )


def keep(
    *,
    actor: Actor,
    at: dt.datetime,
    incoming: Incoming,
    record: tuple[str, int],
    organisation_id: int | None,
    visibility: str,
) -> File:
    """The same inside an action of another room, which has checked who may attach a file to its record `(kind, id)`."""
    if visibility not in Visibility.values:
        raise Impossible(_("Say who may see the file: one of %s.") % ", ".join(Visibility.values))
    if organisation_id is None and visibility in (Visibility.NETWORK, Visibility.ORGANISATION):
        raise Impossible(_("This record belongs to no organisation: make the file public or for named persons."))
    try:
        kind = incoming.examined()
        content = _stored(incoming, kind.media_type, at)
    except NotTaken as error:
        raise Impossible(str(error)) from error
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


def each_once(record_kind: str, record_id: int) -> list[File]:
    """The files of a record, each once however many bodies read it, in their order."""
    found = File.objects.filter(record_kind=record_kind, record_id=record_id).select_related("content")
    return list({file.content_id: file for file in found.order_by("-pk")}.values())[::-1]


def hand_on(record_kind: str, record_id: int, bodies: Collection[int]) -> None:
    """Let other bodies (ids) read what is attached to a record; the bytes are kept once all the same."""
    for file in each_once(record_kind, record_id):
        uses = File.objects.filter(record_kind=record_kind, record_id=record_id, content=file.content)
        for body in sorted(set(bodies) - set(uses.values_list("organisation_id", flat=True))):
            file.pk, file._state.adding, file.organisation_id = None, True, body
            file.save()


def take_away(record_kind: str, record_id: int, bodies: Collection[int]) -> None:
    """Bodies (ids) that have left a record read its files no more; the others do."""
    File.objects.filter(record_kind=record_kind, record_id=record_id, organisation_id__in=bodies).delete()


def _stored(incoming: Incoming, media_type: str, at: dt.datetime) -> Content:
    """The bytes in the storage, written only where they are not there yet."""
    with alone_with(incoming.digest) as place:
        content, _made = Content.objects.get_or_create(
            digest=incoming.digest, defaults={"size": incoming.size, "media_type": media_type, "stored_at": at}
        )
        _write(incoming, place)
    return content


def _write(incoming: DjangoFile, place: str) -> None:  # type: ignore[type-arg]
    try:
        if storage().exists(place):
            return
        written = storage().save(place, incoming)
    except OSError as error:
        raise not_written() from error
    if written != place:
        storage().delete(written)
        raise NotTaken(_("The storage gave the file another name than asked; set it so that it renames nothing."))


@action(OFFICER, title=gettext_lazy("Remove a file"))
def remove_file(*, actor: Actor, at: dt.datetime, file_id: int, reason: str) -> None:
    """Take a file from its record. History keeps that it was there; its bytes go by a job when no other use remains.

    Raises `Impossible` where the reason is missing, `File.DoesNotExist` where it is gone already.
    """
    from maillage.kernel.files.tasks import sweep_content  # it needs the models loaded

    if not reason.strip():
        raise Impossible(_("Give the reason: it stays in the history."))
    file = File.objects.select_for_update().select_related("content").get(pk=file_id)
    digest = file.content.digest
    file.delete()
    sweep_content.defer(digest=digest)


@action(title=gettext_lazy("Remove bytes without a use"))
def sweep(*, actor: Actor, at: dt.datetime, digest: str) -> bool:
    """Remove the bytes of a digest where no file uses them; return whether nothing is left of them."""
    with alone_with(digest) as place:
        if File.objects.filter(content__digest=digest).exists():
            return False
        Content.objects.filter(digest=digest).delete()
        # After the row is surely gone; should this fail, the nightly sweep finds bytes without a row.
        transaction.on_commit(lambda: _delete_unless_back(digest, place))
    return True


def _delete_unless_back(digest: str, place: str) -> None:
    with transaction.atomic(), alone_with(digest):
        if not Content.objects.filter(digest=digest).exists():
            storage().delete(place)
