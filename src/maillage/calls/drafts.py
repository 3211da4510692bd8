"""Lock a draft application, find its questions and save its replies."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from maillage.calls.call_document import Question, QuestionKind
from maillage.calls.models import Application, Reply
from maillage.core.action_registry import ActionError, Arguments
from maillage.core.actors import Actor


def lock_draft_application(application_id: int) -> Application:
    """The application, locked until the transaction ends. Raises `ActionError` where it was sent or withdrawn."""
    application: Application = (
        Application.objects.select_for_update(of=("self",)).select_related("version").get(pk=application_id)
    )
    if application.withdrawn_at:
        raise ActionError(_("This application was withdrawn."))
    if application.sent_at:
        raise ActionError(_("This application is sent; take it back before the call closes to change it."))
    return application


@dataclass(frozen=True, slots=True)
class ReplyPlace:
    """The place of a reply: section, question, and filling of the section (`number`, from 1)."""

    section: str
    question: str
    number: int = 1


def get_question(application: Application, place: ReplyPlace, kind: QuestionKind) -> Question:
    """The question at a place. Raises `ActionError` where the call has no question of that kind there."""
    part = application.call_document.section(place.section)
    question = part.question(place.question) if part else None
    if part is None or question is None or question.kind is not kind or not 1 <= place.number <= part.repeat:
        raise ActionError(_("The application does not ask this; reload the page."))
    return question


def save_reply(application: Application, place: ReplyPlace, value: object, *, actor: Actor, at: dt.datetime) -> Reply:
    """Create or replace a reply, and increment its version."""
    lookup: Arguments = {"application": application, **asdict(place)}
    last = Reply.objects.filter(**lookup).values_list("version", flat=True).first()
    behalf = actor.acting.organisation if actor.acting else ""
    values = {"value": value, "version": (last or 0) + 1, "by_id": actor.user_id, "on_behalf": behalf, "at": at}
    reply: Reply = Reply.objects.update_or_create(**lookup, defaults=values)[0]
    return reply
