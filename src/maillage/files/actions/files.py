"""What can be done to files: attach one to a record, remove it, sweep away bytes that nobody uses any more."""

import datetime as dt

from django.utils.translation import gettext_lazy

from maillage.core.action_registry import Reason, action
from maillage.core.actors import OFFICER, Actor
from maillage.core.security.visibility import Visibility
from maillage.files.attachments import store_file
from maillage.files.models import File
from maillage.files.uploads import IncomingFile


@action(OFFICER, title=gettext_lazy("Attach a file"), over_api=False)
def attach_file(
    *,
    actor: Actor,
    at: dt.datetime,
    incoming: IncomingFile,
    record_kind: str,
    record_id: int,
    organisation_id: int | None = None,
    visibility: str = Visibility.ORGANISATION,
) -> File:
    """Keep a file that came in and attach it to a record.

    Raises `ActionError` where its type is not taken, where it could not be stored, or where it would be kept for an
    organisation and none is named.
    """
    return store_file(
        actor=actor,
        at=at,
        incoming=incoming,
        record=(record_kind, record_id),
        organisation_id=organisation_id,
        visibility=visibility,
    )


@action(OFFICER, title=gettext_lazy("Remove a file"))
def remove_file(*, actor: Actor, at: dt.datetime, file_id: int, reason: Reason) -> None:
    """Take a file from its record. History keeps that it was there; its bytes go by a job when no other use remains.

    Raises `ActionError` where the reason is missing, `File.DoesNotExist` where it is gone already.
    """
    from maillage.files.tasks import remove_unused_content_task  # it needs the models loaded

    file = File.objects.select_for_update().select_related("content").get(pk=file_id)
    digest = file.content.digest
    file.delete()
    remove_unused_content_task.defer(digest=digest)
