"""Moving dossiers to another version of their call, by a recorded decision; what that does to each is told before."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.calls.applying import Place, kept_reply, writable
from maillage.calls.document import CallDocument, Question
from maillage.calls.models import Call, CallVersion, Dossier, Reply
from maillage.calls.queries import offices_of_call, offices_of_dossier
from maillage.calls.values import fits
from maillage.kernel.actions import Impossible, action
from maillage.kernel.actors import LABEL_OFFICER, OFFICER, Actor


@dataclass(frozen=True, slots=True)
class Move:
    """What a move does to a dossier: replies nobody is asked for any more, those to write again, new questions.

    All are titles of questions. A reply that must be written again stays in the history.
    """

    dossier: Dossier
    dropped: tuple[str, ...]
    again: tuple[str, ...]
    new: tuple[str, ...]


def moves_of(call: Call, version: CallVersion) -> list[Move]:
    """What moving every dossier that is still being written to a version would do, without doing it."""
    return [_move(dossier, version.says) for dossier in _being_written(call, version).prefetch_related("replies")]


def _being_written(call: Call, version: CallVersion) -> QuerySet[Dossier]:
    within = Dossier.objects.filter(version__call=call, sent_at=None, withdrawn_at=None).exclude(version=version)
    found: QuerySet[Dossier] = within.select_related("version").order_by("pk")
    return found


def _move(dossier: Dossier, to: CallDocument) -> Move:
    asked_before = {(section.key, one.key) for section, one in dossier.call.questions()}
    written = [one for one in dossier.replies.all() if one.value is not None]
    replies = sorted(written, key=lambda one: (one.section, one.question, one.number))
    told = {place: one for one in replies if (place := (one.section, one.question))}
    new = [str(one.title) for section, one in to.questions() if (section.key, one.key) not in asked_before]
    dropped = [_title(dossier.call, one) for one in told.values() if _asked(to, one) is None]
    again = dict.fromkeys(str(asked.title) for _one, asked in _unfit(replies, to))
    return Move(dossier, tuple(dropped), tuple(again), tuple(new))


def _title(call: CallDocument, reply: Reply) -> str:
    asked = _asked(call, reply)
    return str(asked.title) if asked else reply.question


def _asked(call: CallDocument, reply: Reply) -> Question | None:
    section = call.section(reply.section)
    return section.question(reply.question) if section and reply.number <= section.repeat else None


def _unfit(replies: list[Reply], to: CallDocument) -> Iterator[tuple[Reply, Question]]:
    """The replies that the version does not take as they are, with what it asks."""
    for reply in replies:
        asked = _asked(to, reply)
        if asked and not fits(asked, reply.value):
            yield reply, asked


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Move a dossier to another version of its call"),
        concerns=offices_of_dossier)  # fmt: skip
def move_dossier(*, actor: Actor, at: dt.datetime, dossier_id: int, version: int, reason: str) -> Dossier:
    """Let a dossier be written for another version of its call.

    Replies to what is no longer asked stay unread, and those that the version does not take are to be written again.
    Raises `Impossible` without a reason, for a version that is not there or that lacks the dossier's theme, or once the
    dossier is sent.
    """
    dossier = writable(dossier_id)
    found = _wanted(dossier.version.call, version, reason)
    if dossier.theme and dossier.theme not in found.says.themes:
        told = _("Version %(version)d has no theme “%(theme)s”, which the dossier %(dossier)s is written for.")
        raise Impossible(told % {"version": version, "theme": dossier.theme, "dossier": dossier.key})
    for reply, _asked_now in _unfit(list(dossier.replies.exclude(value=None)), found.says):
        kept_reply(dossier, Place(reply.section, reply.question, reply.number), None, actor=actor, at=at)
    dossier.version = found
    dossier.save()
    return dossier


@action(LABEL_OFFICER, OFFICER, title=gettext_lazy("Move all dossiers to another version of their call"),
        concerns=offices_of_call)  # fmt: skip
def move_dossiers(*, actor: Actor, at: dt.datetime, call_id: int, version: int, reason: str) -> int:
    """Move every dossier that is still being written; how many. `moves_of` tells before what that does.

    Raises `Impossible` without a reason, for a version that is not there, or where there is nothing to move.
    """
    call = Call.objects.select_for_update().get(pk=call_id)
    found = _wanted(call, version, reason)
    # Held until all are moved, so that none is sent in between.
    written = _being_written(call, found).select_for_update(of=("self",))
    moved = [move_dossier(actor=actor, at=at, dossier_id=one.pk, version=version, reason=reason) for one in written]
    if not moved:
        raise Impossible(_("No dossier is being written for another version."))
    return len(moved)


def _wanted(call: Call, version: int, reason: str) -> CallVersion:
    if not reason.strip():
        raise Impossible(_("Say why: the reason stays in the history."))
    found = CallVersion.objects.filter(call=call, version=version).first()
    if found is None:
        raise Impossible(_("The call has no version %d.") % version)
    return found
