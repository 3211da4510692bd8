"""Drafts."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from maillage.calls.call_document import Question, QuestionKind
from maillage.calls.models import Application, Reply
from maillage.core.action_registry import ActionError
from maillage.core.actors import Actor


def lock_draft_application(application_id: int) -> Application:
    """The dossier, held until the transaction ends. Raises `ActionError` where it was sent or withdrawn."""
    found: Application = (
        Application.objects.select_for_update(of=("self",)).select_related("version").get(pk=application_id)
    )
    if found.withdrawn_at:
        raise ActionError(_("This dossier was withdrawn."))
    if found.sent_at:
        raise ActionError(_("This dossier is sent; take it back before the call closes to change it."))
    return found


@dataclass(frozen=True, slots=True)
class ReplyPlace:
    """Where a reply stands: its section, its question, and the n-th filling of the section."""

    section: str
    question: str
    number: int = 1


def get_question(application: Application, place: ReplyPlace, kind: QuestionKind) -> Question:
    """The question of a place. Raises `ActionError` where the call asks none of that kind there."""
    part = application.call.section(place.section)
    asked = part.question(place.question) if part else None
    if part is None or asked is None or asked.kind is not kind or not 1 <= place.number <= part.repeat:
        raise ActionError(_("The dossier does not ask this; reload the page."))
    return asked


def save_reply(application: Application, place: ReplyPlace, value: Any, *, actor: Actor, at: dt.datetime) -> Reply:
    """Keep a reply, one version further than what is there."""
    where: dict[str, Any] = {"application": application, **asdict(place)}
    last = Reply.objects.filter(**where).values_list("version", flat=True).first()
    behalf = actor.acting.organisation if actor.acting else ""
    written = {"value": value, "version": (last or 0) + 1, "by_id": actor.user_id, "on_behalf": behalf, "at": at}
    made: Reply = Reply.objects.update_or_create(**where, defaults=written)[0]
    return made
