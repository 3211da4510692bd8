"""Who takes part in the conversations about a need, and how a message is kept."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from maillage.core.action_registry import ActionError
from maillage.core.actors import Actor
from maillage.core.security.visibility import Visibility
from maillage.core.text import normalise_lines
from maillage.files.attachments import share_files, store_file
from maillage.files.uploads import IncomingFile
from maillage.partnerships.models import Message, MessageThread, Need, Requester
from maillage.partnerships.queries import answering_organisation_ids, running_need_cases
from maillage.register.models import Organisation

# The state of a case whose clock stands still until the requester answers.
WAITING = "waiting"
MAX_MESSAGE_LENGTH = 20_000
MAX_FILES_OF_MESSAGE = 10
# Messages that one need takes within an hour: more is a loop or a flood.
HOURLY_MESSAGES = 60


@dataclass(frozen=True, slots=True)
class Thread:
    """One conversation about a need; `team_id` is the organisation asked, for a conversation with a team."""

    kind: str
    team_id: int | None = None


REQUESTER_THREAD = Thread(MessageThread.REQUESTER)


@dataclass(frozen=True, slots=True)
class MessageAuthor:
    """Who writes, and for which organisation (id); none for the requester."""

    name: str
    user_id: int | None = None
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class MessageContent:
    """What is written. By mail, `quoted` is what it repeats of earlier ones, and `not_taken` names refused files."""

    text: str
    files: Sequence[IncomingFile] = ()
    by_mail: bool = False
    quoted: str = ""
    not_taken: str = ""


def institute_organisation_ids(need: Need) -> list[int]:
    """The ids of the organisations that deal with a need, also after their answer while its case is open."""
    running = {pk for case in running_need_cases(need.pk) for pk in case.organisation_ids}
    return sorted(running | set(answering_organisation_ids(need)))


def institute_author(need: Need, actor: Actor) -> MessageAuthor:
    """The actor as an author on the side that answers; a network that is involved writes for itself."""
    own = actor.acting.organisation_id if actor.acting else None
    cases = running_need_cases(need.pk)
    allowed = [pk for case in cases for pk in case.organisation_ids]
    return MessageAuthor(actor.name, actor.user_id, own if own in allowed or not allowed else allowed[0])


def requester_author(need: Need, actor: Actor) -> MessageAuthor:
    """Whoever stated the need, by the name that they gave."""
    requester = Requester.objects.get(need=need)
    name = ", ".join(part for part in (requester.contact, requester.organisation) if part)
    return MessageAuthor(name, actor.user_id)


def is_conversation_open(need: Need) -> bool:
    """Whether messages can be written: as long as the need has an open case."""
    return bool(running_need_cases(need.pk))


def save_message(
    need: Need, thread: Thread, author: MessageAuthor, content: MessageContent, *, actor: Actor, at: dt.datetime
) -> Message:
    """Save a message with its files from another action, without a permission check.

    Raises `ActionError` for no text, a text or files beyond the limits, or a need that has ended.
    """
    text = normalise_lines(content.text)
    _check_message(need, text, content.files, at)
    requester = Requester.objects.filter(need=need).first() if thread == REQUESTER_THREAD else None
    message: Message = Message.objects.create(
        need=need,
        thread=thread.kind,
        team_id=thread.team_id,
        organisation_id=author.organisation_id,
        author_id=author.user_id,
        author_name=author.name,
        text=text,
        quoted=content.quoted,
        not_taken=content.not_taken,
        by_mail=content.by_mail,
        written_at=at,
        requester_id=requester.person_id if requester else None,
        readers=_readers(need, thread, author),
    )
    _store_files(message, content.files, actor, at)
    return message


def _check_message(need: Need, text: str, files: Collection[IncomingFile], at: dt.datetime) -> None:
    if not text:
        raise ActionError(_("Write something first: a message needs a text."))
    if len(text) > MAX_MESSAGE_LENGTH:
        raise ActionError(_("Shorten the message to %d characters, or attach it as a file.") % MAX_MESSAGE_LENGTH)
    if len(files) > MAX_FILES_OF_MESSAGE:
        raise ActionError(_("A message has at most %d files; put several into one.") % MAX_FILES_OF_MESSAGE)
    if not is_conversation_open(need):
        raise ActionError(_("This need has ended, and its conversations with it; write to the person directly."))
    if Message.objects.filter(need=need, written_at__gt=at - dt.timedelta(hours=1)).count() >= HOURLY_MESSAGES:
        raise ActionError(_("Too many messages were written about this need within an hour; write again later."))


def _readers(need: Need, thread: Thread, author: MessageAuthor) -> list[int]:
    if thread.kind == MessageThread.NOTE:
        return [author.organisation_id] if author.organisation_id else []
    return sorted({*institute_organisation_ids(need), *([thread.team_id] if thread.team_id else [])})


def _store_files(message: Message, files: Sequence[IncomingFile], actor: Actor, at: dt.datetime) -> None:
    record, readers = (Message.kind_name(), message.pk), message.readers
    for incoming in files:
        store_file(
            actor=actor,
            at=at,
            incoming=incoming,
            record=record,
            organisation_id=readers[0],
            visibility=Visibility.ORGANISATION,
        )
    if files:
        share_files(*record, readers)


def share_messages(need: Need, organisation_ids: set[int]) -> None:
    """Let organisations (ids) that now answer a need read its conversations, but not the notes of others."""
    for message in Message.objects.filter(need=need).exclude(thread=MessageThread.NOTE):
        message.readers = sorted({*message.readers, *organisation_ids})
        message.save(update_fields=["readers"])
        share_files(Message.kind_name(), message.pk, organisation_ids)


def team_of_need(need: Need, team_id: int) -> Organisation:
    """An organisation that is asked about a need. Raises `ActionError` for another."""
    team: Organisation | None = Organisation.objects.filter(offers__requests__need=need, pk=team_id).first()
    if team is None:
        raise ActionError(_("This team has not been asked about the need; ask it first."))
    return team
