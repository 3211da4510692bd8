"""Version moves."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from maillage.calls.call_document import CallDocument, Question
from maillage.calls.field_types import fits_question
from maillage.calls.models import Application, Call, CallVersion, Reply


@dataclass(frozen=True, slots=True)
class VersionMovePreview:
    """What a move does to a dossier: replies nobody is asked for any more, those to write again, new questions.

    All are titles of questions. A reply that must be written again stays in the history.
    """

    application: Application
    dropped: tuple[str, ...]
    again: tuple[str, ...]
    new: tuple[str, ...]


def version_move_previews(call: Call, version: CallVersion) -> list[VersionMovePreview]:
    """What moving every dossier that is still being written to a version would do, without doing it."""
    return [
        _version_move_preview(application, version.says)
        for application in drafts_on_other_versions(call, version).prefetch_related("replies")
    ]


def drafts_on_other_versions(call: Call, version: CallVersion) -> QuerySet[Application]:
    within = Application.objects.filter(version__call=call, sent_at=None, withdrawn_at=None).exclude(version=version)
    found: QuerySet[Application] = within.select_related("version").order_by("pk")
    return found


def _version_move_preview(application: Application, to: CallDocument) -> VersionMovePreview:
    asked_before = {(section.key, one.key) for section, one in application.call.questions()}
    written = [one for one in application.replies.all() if one.value is not None]
    replies = sorted(written, key=lambda one: (one.section, one.question, one.number))
    told = {place: one for one in replies if (place := (one.section, one.question))}
    new = [str(one.title) for section, one in to.questions() if (section.key, one.key) not in asked_before]
    dropped = [_question_title(application.call, one) for one in told.values() if _question_of_reply(to, one) is None]
    again = dict.fromkeys(str(asked.title) for _one, asked in replies_to_rewrite(replies, to))
    return VersionMovePreview(application, tuple(dropped), tuple(again), tuple(new))


def _question_title(call: CallDocument, reply: Reply) -> str:
    asked = _question_of_reply(call, reply)
    return str(asked.title) if asked else reply.question


def _question_of_reply(call: CallDocument, reply: Reply) -> Question | None:
    section = call.section(reply.section)
    return section.question(reply.question) if section and reply.number <= section.repeat else None


def replies_to_rewrite(replies: list[Reply], to: CallDocument) -> Iterator[tuple[Reply, Question]]:
    """The replies that the version does not take as they are, with what it asks."""
    for reply in replies:
        asked = _question_of_reply(to, reply)
        if asked and not fits_question(asked, reply.value):
            yield reply, asked
