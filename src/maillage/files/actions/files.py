"""Actions that attach files to records and remove them."""

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
    """Store an uploaded file and attach it to a record.

    Raises `ActionError` if its type is not accepted, if it cannot be stored, or if its visibility needs an organisation
    and there is none.
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
    """Remove a file from its record; it stays in the history. A job removes its content if no other file uses it.

    Raises `ActionError` for a blank reason, `File.DoesNotExist` if there is no such file.
    """
    from maillage.files.tasks import remove_unused_content_task  # needs the models to be loaded

    file = File.objects.select_for_update().select_related("content").get(pk=file_id)
    digest = file.content.digest
    file.delete()
    remove_unused_content_task.defer(digest=digest)
