"""Moving dossiers to another version of their call, by a recorded decision; what that does to each is told before."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.drafts import ReplyPlace, lock_draft_application, save_reply
from maillage.calls.models import Application, Call, CallVersion
from maillage.calls.queries import offices_of_application, offices_of_call
from maillage.calls.version_moves import drafts_on_other_versions, replies_to_rewrite
from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, Actor


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Move a dossier to another version of its call"),
        concerns=offices_of_application)  # fmt: skip
def move_application(
    *, actor: Actor, at: dt.datetime, application_id: int, version: int, reason: Reason
) -> Application:
    """Let a dossier be written for another version of its call.

    Replies to what is no longer asked stay unread, and those that the version does not take are to be written again.
    Raises `ActionError` without a reason, for a version that is not there or that lacks the dossier’s theme, or once
    the dossier is sent.
    """
    application = lock_draft_application(application_id)
    found = _get_version(application.version.call, version)
    if application.theme and application.theme not in found.says.themes:
        told = _("Version %(version)d has no theme “%(theme)s”, which the dossier %(dossier)s is written for.")
        raise ActionError(told % {"version": version, "theme": application.theme, "dossier": application.key})
    for reply, _asked_now in replies_to_rewrite(list(application.replies.exclude(value=None)), found.says):
        save_reply(application, ReplyPlace(reply.section, reply.question, reply.number), None, actor=actor, at=at)
    application.version = found
    application.save()
    return application


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Move all dossiers to another version of their call"),
        concerns=offices_of_call)  # fmt: skip
def move_applications(*, actor: Actor, at: dt.datetime, call_id: int, version: int, reason: Reason) -> int:
    """Move every dossier that is still being written; how many. `moves_of` tells before what that does.

    Raises `ActionError` without a reason, for a version that is not there, or where there is nothing to move.
    """
    call = Call.objects.select_for_update().get(pk=call_id)
    found = _get_version(call, version)
    # Held until all are moved, so that none is sent in between.
    written = drafts_on_other_versions(call, found).select_for_update(of=("self",))
    moved = [
        move_application(actor=actor, at=at, application_id=one.pk, version=version, reason=reason) for one in written
    ]
    if not moved:
        raise ActionError(_("No dossier is being written for another version."))
    return len(moved)


def _get_version(call: Call, version: int) -> CallVersion:
    found = CallVersion.objects.filter(call=call, version=version).first()
    if found is None:
        raise ActionError(_("The call has no version %d.") % version)
    return found
