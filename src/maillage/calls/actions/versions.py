"""Actions: move draft applications to another version of their call.

`maillage.calls.version_moves` previews what that changes.
"""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.drafts import ReplyPlace, lock_draft_application, save_reply
from maillage.calls.models import Application, Call, CallVersion
from maillage.calls.queries import operators_of_application, operators_of_call
from maillage.calls.version_moves import drafts_on_other_versions, replies_to_rewrite
from maillage.core.action_registry import ActionError, Reason, action
from maillage.core.actors import LABEL_OFFICER, OFFICER, Actor


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Move an application to another version of its call"),
        concerns=operators_of_application)  # fmt: skip
def move_application(
    *, actor: Actor, at: dt.datetime, application_id: int, version: int, reason: Reason
) -> Application:
    """Move a draft application to another version of its call.

    Replies to removed questions are kept but not shown; replies that do not fit the new version are emptied.
    Raises `ActionError` without a reason, for a version that is not there or that lacks the theme of the application,
    or once the application is sent.
    """
    application = lock_draft_application(application_id)
    target = _get_version(application.version.call, version)
    if application.theme and application.theme not in target.document.themes:
        message = _(
            "Version %(version)d has no theme “%(theme)s”, which the application %(application)s is written for."
        )
        raise ActionError(message % {"version": version, "theme": application.theme, "application": application.key})
    for reply, _question in replies_to_rewrite(list(application.replies.exclude(value=None)), target.document):
        save_reply(application, ReplyPlace(reply.section, reply.question, reply.number), None, actor=actor, at=at)
    application.version = target
    application.save()
    return application


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Move all applications to another version of their call"),
        concerns=operators_of_call)  # fmt: skip
def move_applications(*, actor: Actor, at: dt.datetime, call_id: int, version: int, reason: Reason) -> int:
    """Move every draft application of a call and return their number; `version_move_previews` shows the effect before.

    Raises `ActionError` without a reason, for a version that is not there, or where there is nothing to move.
    """
    call = Call.objects.select_for_update().get(pk=call_id)
    target = _get_version(call, version)
    # Locked until all are moved, so that none is sent in between.
    drafts = drafts_on_other_versions(call, target).select_for_update(of=("self",))
    moved = [
        move_application(actor=actor, at=at, application_id=application.pk, version=version, reason=reason)
        for application in drafts
    ]
    if not moved:
        raise ActionError(_("No application is being written for another version."))
    return len(moved)


def _get_version(call: Call, version: int) -> CallVersion:
    call_version = CallVersion.objects.filter(call=call, version=version).first()
    if call_version is None:
        raise ActionError(_("The call has no version %d.") % version)
    return call_version
