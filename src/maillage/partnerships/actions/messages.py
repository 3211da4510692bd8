"""Messages about a need: between its requester, the organisations that answer, and the teams that they ask."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.action_registry import ActionError, action
from maillage.core.actors import LEAD, MANAGER, PILOT, READER, Actor
from maillage.files.uploads import IncomingFile
from maillage.partnerships.actions.questions import start_clocks
from maillage.partnerships.conversations import (
    REQUESTER_THREAD,
    MessageAuthor,
    MessageContent,
    Thread,
    institute_author,
    institute_organisation_ids,
    requester_author,
    save_message,
    team_of_need,
)
from maillage.partnerships.models import Message, MessageThread, Need, NeedAddress


def _organisations_of_need(*, need_id: int, **_others: object) -> Iterable[int]:
    return NeedAddress.objects.filter(need=need_id).values_list("organisation_id", flat=True)


@action(MANAGER, PILOT, LEAD, title=gettext_lazy("Write a message about a need"), concerns=_organisations_of_need)
def write_message(
    *, actor: Actor, at: dt.datetime, need_id: int, thread: str, text: str, team_id: int | None = None
) -> Message:
    """Write to the requester (`requester`) or to a team (`team`, with its organisation), or an internal `note`.

    A team writes to those who asked it. Raises `ActionError` for an empty or too long text, a need that has ended, or
    a conversation of others.
    """
    return _write(actor, at, need_id, Thread(thread, team_id), MessageContent(text))


@action(
    MANAGER,
    PILOT,
    LEAD,
    title=gettext_lazy("Write a message with files about a need"),
    concerns=_organisations_of_need,
    over_api=False,
)
def write_message_with_files(
    *, actor: Actor, at: dt.datetime, need_id: int, thread: Thread, text: str, files: Sequence[IncomingFile]
) -> Message:
    """Write a message as `write_message` does, with files. Raises `ActionError` for a file that is not accepted too."""
    return _write(actor, at, need_id, thread, MessageContent(text, files))


@action(READER, title=gettext_lazy("Write to those who answer one’s need"), over_api=False)
def write_as_requester(
    *, actor: Actor, at: dt.datetime, need_id: int, text: str, files: Sequence[IncomingFile] = ()
) -> Message:
    """Write as the requester of a need; the caller has checked the signed link. A stopped clock starts again.

    Raises `ActionError` once the need has ended, or for a message beyond the limits.
    """
    need = Need.objects.select_for_update().get(pk=need_id)
    content = MessageContent(text, files)
    message = save_message(need, REQUESTER_THREAD, requester_author(need, actor), content, actor=actor, at=at)
    start_clocks(need, at)
    return message


def _write(actor: Actor, at: dt.datetime, need_id: int, thread: Thread, content: MessageContent) -> Message:
    need = Need.objects.select_for_update().get(pk=need_id)
    return save_message(need, thread, author_in_thread(need, thread, actor), content, actor=actor, at=at)


def author_in_thread(need: Need, thread: Thread, actor: Actor) -> MessageAuthor:
    """The actor as an author in a conversation. Raises `ActionError` for one of others."""
    if thread.kind not in MessageThread.values or (thread.kind == MessageThread.TEAM) != bool(thread.team_id):
        raise ActionError(_("Choose to whom you write: the requester, a team that is asked, or an internal note."))
    if thread.team_id:
        team_of_need(need, thread.team_id)
    if _is_answering(need, actor):
        return institute_author(need, actor)
    if thread.team_id and thread.team_id in actor.reach:
        return MessageAuthor(actor.name, actor.user_id, thread.team_id)
    raise ActionError(_("This conversation is between others; write to those who asked you."))


def _is_answering(need: Need, actor: Actor) -> bool:
    role = actor.acting.role if actor.acting else ""
    return role in (MANAGER, PILOT) and bool(actor.reach & set(institute_organisation_ids(need)))
