"""Files that a requester attaches to a need: read by the organisations that answer it, not by teams."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, action
from maillage.core.actors import READER, Actor
from maillage.core.security.visibility import Visibility
from maillage.files.attachments import share_files, store_file
from maillage.files.models import File
from maillage.files.uploads import IncomingFile
from maillage.partnerships.models import Need
from maillage.partnerships.queries import addressed_organisation_ids, need_files

MAX_FILES = 10


@action(READER, title=gettext_lazy("Attach a file to one’s need"), over_api=False)
def attach_to_need(*, actor: Actor, at: dt.datetime, need_id: int, incoming: IncomingFile) -> File:
    """Store a file for each organisation that has received the need; the caller has checked the signed link.

    Raises `ActionError` for a type or size that is not accepted, or beyond ten files.
    """
    need: Need = Need.objects.select_for_update().get(pk=need_id)
    if len(need_files(need)) >= MAX_FILES:
        raise ActionError(_("A need has at most %d files; put several into one.") % MAX_FILES)
    first, *others = addressed_organisation_ids(need.pk)
    file = store_file(
        actor=actor,
        at=at,
        incoming=incoming,
        record=(Need.kind_name(), need.pk),
        organisation_id=first,
        visibility=Visibility.ORGANISATION,
    )
    share_files(Need.kind_name(), need.pk, others)
    return file
