"""Notices of requests to teams, of their replies, and of messages about a need."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core import formats
from maillage.core.actors import LEAD, MANAGER, OFFICER, PILOT, Actor
from maillage.notifications.notice_kinds import NoticeKind, Pace
from maillage.notifications.notifier import NoticeText
from maillage.partnerships.conversations import REQUESTER_THREAD, WAITING, Thread
from maillage.partnerships.mails import queue_requester_mail
from maillage.partnerships.models import Message, MessageThread, Need, NeedAddress, NeedAddressRole, TeamRequest
from maillage.partnerships.queries import answering_organisation_ids, running_need_cases
from maillage.partnerships.reply_addresses import reply_address
from maillage.people.notifications import notify_mandate_holders
from maillage.people.queries import mandate_holder_ids

TEAM_REQUEST_NOTICES = NoticeKind(
    "teams",
    gettext_lazy("needs for which my team is asked, and what teams that I asked reply"),
    gettext_lazy("You act for the team that is asked, or for the organisation that asks it."),
)
MESSAGE_NOTICES = NoticeKind(
    "messages",
    gettext_lazy("messages about needs: of requesters, of teams, and of those who ask my team"),
    gettext_lazy("You act for an organisation that takes part in this conversation."),
)

REFUSED_MAIL_NOTICES = NoticeKind(
    "refused-mails",
    gettext_lazy("mails to conversations that were refused, once a day"),
    gettext_lazy("You are an officer of this site; these mails stay in the folder of refused mails of its mailbox."),
    pace=Pace.DIGEST,
)


@dataclass(frozen=True, slots=True)
class Recipients:
    """Those who hold one of the roles for the organisations (ids), and the kind of notice that they get."""

    kind: NoticeKind
    roles: tuple[str, ...]
    organisation_ids: list[int]


UNREACHED_NOTICES = NoticeKind(
    "unreached",
    gettext_lazy("needs sent to organisations for which nobody acts"),
    gettext_lazy("You are an officer of this site, and whoever states the need waits for an answer."),
    must_reach=True,
)


def notify_teams(*, actor: Actor, at: dt.datetime, value: list[TeamRequest], **_others: object) -> None:
    """Tell those who lead or manage the providers that they are asked to take part."""
    for request in value:
        if request.asked_at == at:
            team_id = request.offer.provider_id
            recipients = Recipients(TEAM_REQUEST_NOTICES, (LEAD, MANAGER), [team_id])
            thread = Thread(MessageThread.TEAM, team_id)
            _notify(at, actor, recipients, _request_message(request, at), request.need, thread)


def _request_message(request: TeamRequest, at: dt.datetime) -> Callable[[], NoticeText]:
    def words() -> NoticeText:
        need, day = request.need, _promised_day(request.need)
        subject = _("Your team is asked: %(need)s, by %(day)s") if day else _("Your team is asked: %(need)s")
        lines = [_("With the offer “%s”.") % request.offer]
        if not need.is_confidential:
            lines.append(_("Who asks: %s") % need.requester.organisation)
        message = Message.objects.filter(need=need, team=request.offer.provider_id, written_at=at).last()
        lines += [message.text] if message else []
        address = reverse("reply-to-request", args=[request.pk])
        return NoticeText(subject % {"need": need.title, "day": day}, "\n\n".join(lines), address)

    return words


def _promised_day(need: Need) -> str:
    waiting = NeedAddress.objects.filter(need=need, role=NeedAddressRole.ADDRESSEE, dealt_at=None)
    day = waiting.order_by("promised_day").values_list("promised_day", flat=True).first()
    return formats.day(day) if day else ""


def notify_requesting_organisations(*, actor: Actor, at: dt.datetime, value: TeamRequest, **_others: object) -> None:
    """Tell those who answer the need what the team replied."""
    team_id = value.offer.provider_id
    note = Message.objects.filter(need=value.need_id, organisation=team_id, team=team_id, written_at=at).last()

    def words() -> NoticeText:
        values = {"team": value.offer.provider.short_name, "word": value.get_reply_display(), "need": value.need.title}
        text = note.text if note else ""
        return NoticeText(_("%(team)s: %(word)s. %(need)s") % values, text, value.need.get_absolute_url())

    thread = Thread(MessageThread.TEAM, team_id)
    recipients = Recipients(TEAM_REQUEST_NOTICES, (MANAGER, PILOT), _answering_ids(value.need_id))
    _notify(at, actor, recipients, words, value.need, thread)


def notify_of_message(*, actor: Actor, at: dt.datetime, value: Message, **_others: object) -> None:
    """Mail a message to the other side of its conversation; a note is mailed to nobody."""
    if value.thread == MessageThread.REQUESTER and value.organisation_id:
        queue_requester_mail(value.need, "message", message=value)
    elif value.thread != MessageThread.NOTE:
        to_team = value.team_id is not None and value.organisation_id != value.team_id
        recipients = (
            Recipients(MESSAGE_NOTICES, (LEAD, MANAGER), [value.team_id or 0])
            if to_team
            else Recipients(MESSAGE_NOTICES, *_answering_roles(value.need_id, at))
        )
        _notify(at, actor, recipients, _words(value), value.need, Thread(value.thread, value.team_id))


def notify_of_new_words(*, actor: Actor, at: dt.datetime, value: Need, **_others: object) -> None:
    """Tell those who deal with a need that its requester has changed it."""

    def words() -> NoticeText:
        return NoticeText(_("Need changed: %s") % value.title, "", value.get_absolute_url())

    recipients = Recipients(TEAM_REQUEST_NOTICES, (MANAGER, PILOT), answering_organisation_ids(value))
    _notify(at, actor, recipients, words, value, REQUESTER_THREAD)


def _words(message: Message) -> Callable[[], NoticeText]:
    def words() -> NoticeText:
        values = {"who": message.author_name, "need": message.need.title}
        subject = (
            _("Message from %(who)s: %(need)s")
            if message.organisation_id
            else _("Message from the requester: %(need)s")
        )
        text = f"{message.text}\n\n{_stopped_hint(message)}".strip()
        return NoticeText(subject % values, text, _message_address(message))

    return words


def _stopped_hint(message: Message) -> str:
    """What an answer by mail leaves to do: a sender can be forged, so that no mail moves a case."""
    is_answer = message.by_mail and message.organisation_id is None
    if not is_answer or all(case.state != WAITING for case in running_need_cases(message.need_id)):
        return ""
    return _("The clock still stands still: start it again on the page of the need, if this answers your question.")


def _message_address(message: Message) -> str:
    """The page of the team for what is written to a team, else that of the need."""
    if message.team_id and message.organisation_id != message.team_id:
        requests = TeamRequest.objects.filter(need=message.need_id, offer__provider=message.team_id)
        if request := requests.order_by("pk").first():
            return reverse("reply-to-request", args=[request.pk]) + "#conversation"
    return f"{message.need.get_absolute_url()}#conversation"


def _answering_roles(need_id: int, at: dt.datetime) -> tuple[tuple[str, ...], list[int]]:
    """The roles and organisations (ids) of those who answer a need; officers where nobody does."""
    ids = _answering_ids(need_id)
    answering = mandate_holder_ids((MANAGER, PILOT), ids, timezone.localdate(at))
    return ((MANAGER, PILOT) if answering else (OFFICER,)), ids


def _answering_ids(need_id: int) -> list[int]:
    return [pk for case in running_need_cases(need_id) for pk in case.organisation_ids]


def _notify(
    at: dt.datetime, actor: Actor, to: Recipients, words: Callable[[], NoticeText], need: Need, thread: Thread
) -> None:
    """Notify those who hold the roles; each may answer by mail into the conversation."""
    notify_mandate_holders(
        at=at,
        kind=to.kind,
        roles=to.roles,
        organisation_ids=to.organisation_ids,
        words=words,
        by=actor,
        reply_to=lambda person_id: reply_address(need, thread, person_id),
    )
