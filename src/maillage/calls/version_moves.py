"""What moving draft applications to another version of their call changes in their replies."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from maillage.calls.call_document import CallDocument, Question
from maillage.calls.field_types import fits_question
from maillage.calls.models import Application, Call, CallVersion, Reply


@dataclass(frozen=True, slots=True)
class VersionMovePreview:
    """The titles of the questions that a move drops, has answered again, or adds to an application.

    A reply that must be written again stays in the history.
    """

    application: Application
    dropped: tuple[str, ...]
    again: tuple[str, ...]
    new: tuple[str, ...]


def version_move_previews(call: Call, version: CallVersion) -> list[VersionMovePreview]:
    """What moving every draft application of a call to a version would change; nothing is saved."""
    return [
        _version_move_preview(application, version.document)
        for application in drafts_on_other_versions(call, version).prefetch_related("replies")
    ]


def drafts_on_other_versions(call: Call, version: CallVersion) -> QuerySet[Application]:
    drafts = Application.objects.filter(version__call=call, sent_at=None, withdrawn_at=None).exclude(version=version)
    return drafts.select_related("version").order_by("pk")


def _version_move_preview(application: Application, target: CallDocument) -> VersionMovePreview:
    old_keys = {(section.key, question.key) for section, question in application.call_document.questions()}
    answered = [reply for reply in application.replies.all() if reply.value is not None]
    replies = sorted(answered, key=lambda reply: (reply.section, reply.question, reply.number))
    reply_by_question = {(reply.section, reply.question): reply for reply in replies}
    new = [
        str(question.title) for section, question in target.questions() if (section.key, question.key) not in old_keys
    ]
    dropped = [
        _question_title(application.call_document, reply)
        for reply in reply_by_question.values()
        if _question_of_reply(target, reply) is None
    ]
    again = dict.fromkeys(str(question.title) for _reply, question in replies_to_rewrite(replies, target))
    return VersionMovePreview(application, tuple(dropped), tuple(again), tuple(new))


def _question_title(document: CallDocument, reply: Reply) -> str:
    question = _question_of_reply(document, reply)
    return str(question.title) if question else reply.question


def _question_of_reply(document: CallDocument, reply: Reply) -> Question | None:
    section = document.section(reply.section)
    return section.question(reply.question) if section and reply.number <= section.repeat else None


def replies_to_rewrite(replies: list[Reply], to: CallDocument) -> Iterator[tuple[Reply, Question]]:
    """The replies that do not fit their question in the new version, with that question."""
    for reply in replies:
        question = _question_of_reply(to, reply)
        if question and not fits_question(question, reply.value):
            yield reply, question
