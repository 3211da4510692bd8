"""Notices of the replies of teams, of messages about a need, and of organisations for which nobody acts."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.core.actors import LEAD, MANAGER, OFFICER, PILOT, Actor
from maillage.notifications.notice_kinds import NoticeKind, Pace
from maillage.notifications.notifier import NoticeText, notify
from maillage.partnerships.addressee_mails import AddresseeMail, queue_contact_mails
from maillage.partnerships.addressees import somebody_acts
from maillage.partnerships.conversations import REQUESTER_THREAD, WAITING, Thread
from maillage.partnerships.mailed_files import file_words, files_of_message
from maillage.partnerships.models import AnswerDelay, Message, MessageThread, Need, NeedAddress, TeamRequest
from maillage.partnerships.queries import answering_organisation_ids, running_need_cases
from maillage.partnerships.reply_addresses import reply_address
from maillage.partnerships.requester_mails import queue_requester_mail
from maillage.people.models import User
from maillage.people.notifications import notify_mandate_holders
from maillage.people.queries import mandate_holder_ids
from maillage.register.noun_phrases import say

TEAM_REQUEST_NOTICES = NoticeKind(
    "teams",
    gettext_lazy("needs for which my team is asked, and what teams that I asked reply"),
    gettext_lazy("You act for the team that is asked, or for the organisation that asks it."),
)


def note_unreached_person(_kind: str, message_id: int, person: User, why: str, at: dt.datetime) -> None:
    """Note on a message of the side that answers, or of a team, that its mail did not reach a person."""
    message = Message.objects.filter(pk=message_id, organisation__isnull=False).select_related("need").first()
    if message:
        note_unreached(message, _("%(name)s (%(why)s)") % {"name": person.name, "why": why}, at)


def note_unreached(message: Message, line: str, at: dt.datetime) -> None:
    """Note that the mail of a message did not reach somebody, and tell whoever wrote it."""
    message.undelivered = "\n".join(filter(None, (message.undelivered, line)))
    message.save(update_fields=["undelivered"])

    def words() -> NoticeText:
        remedy = _("Write by another way, or have the address corrected: a requester’s on the page of the need, "
                   "a person’s by an officer of the site.")  # fmt: skip
        text = f"{line}\n\n{remedy}"
        return NoticeText(_("Your message did not arrive: %s") % message.need.title, text, _page_of_author(message))

    if message.author_id:
        notify(at=at, kind=RETURNED_MAIL_NOTICES, persons=[message.author_id], words=words)


def _page_of_author(message: Message) -> str:
    if message.team_id and message.organisation_id == message.team_id:
        requests = TeamRequest.objects.filter(need=message.need_id, offer__provider=message.team_id)
        if request := requests.order_by("pk").first():
            return reverse("reply-to-request", args=[request.pk]) + "#conversation"
    return f"{message.need.get_absolute_url()}#conversation"


RETURNED_MAIL_NOTICES = NoticeKind(
    "returned-mails",
    gettext_lazy("mails of mine that did not arrive"),
    gettext_lazy("You wrote it, or act for the organisation that answers the need."),
)
MESSAGE_NOTICES = NoticeKind(
    "messages",
    gettext_lazy("messages about needs: of requesters, of teams, and of those who ask my team"),
    gettext_lazy("You act for an organisation that takes part in this conversation."),
    files=files_of_message,
    failed=note_unreached_person,
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


def notify_requesting_organisations(*, actor: Actor, at: dt.datetime, value: TeamRequest, **_others: object) -> None:
    """Tell those who answer the need what the team replied."""
    team_id = value.offer.provider_id
    note = Message.objects.filter(need=value.need_id, organisation=team_id, team=team_id, written_at=at).last()

    def words() -> NoticeText:
        values = {"team": value.offer.provider.short_name, "word": value.get_reply_display(), "need": value.need.title}
        text = note.text if note else ""
        return NoticeText(_("%(team)s says %(word)s: %(need)s") % values, text, value.need.get_absolute_url())

    thread = Thread(MessageThread.TEAM, team_id)
    recipients = Recipients(TEAM_REQUEST_NOTICES, (MANAGER, PILOT), _answering_ids(value.need_id))
    notify_about_need(at, actor, recipients, words, value.need, thread)


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
        thread = Thread(value.thread, value.team_id)
        notify_about_need(at, actor, recipients, _words(value), value.need, thread, message=value)
        if value.thread == MessageThread.REQUESTER:
            queue_contact_mails(value.need, at, AddresseeMail.MESSAGE)


def notify_of_new_words(*, actor: Actor, at: dt.datetime, value: Need, **_others: object) -> None:
    """Tell those who deal with a need, and the contacts to which it was mailed, that its requester has changed it."""

    def words() -> NoticeText:
        return NoticeText(_("Need changed: %s") % value.title, "", value.get_absolute_url())

    recipients = Recipients(TEAM_REQUEST_NOTICES, (MANAGER, PILOT), answering_organisation_ids(value))
    notify_about_need(at, actor, recipients, words, value, REQUESTER_THREAD)
    queue_contact_mails(value, at, AddresseeMail.REWORDED)


def _words(message: Message) -> Callable[[], NoticeText]:
    def words() -> NoticeText:
        values = {"who": message.author_name, "need": message.need.title}
        subject = (
            _("Message from %(who)s: %(need)s")
            if message.organisation_id
            else _("Message from the requester: %(need)s")
        )
        parts = (message.text, file_words(message), _stopped_hint(message))
        text = "\n\n".join(part for part in parts if part)
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


def notify_about_need(
    at: dt.datetime,
    actor: Actor,
    to: Recipients,
    words: Callable[[], NoticeText],
    need: Need,
    thread: Thread,
    *,
    message: Message | None = None,
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
        about=(Message.kind_name(), message.pk) if message else None,
    )


def notify_officers(address: NeedAddress, at: dt.datetime) -> None:
    """Tell officers that nobody acts for the addressee of a need, and whether its contact is mailed."""

    def words() -> NoticeText:
        if address.mailed_to:
            text = _("Nobody holds a mandate for %(organisation)s. The need was mailed to %(mail)s with a link.")
        elif address.organisation.contact_mail:
            text = _("Nobody holds a mandate for %(organisation)s, and mail to its contact fails: record another one.")
        else:
            text = _("Nobody holds a mandate for %(organisation)s, which has no contact: record one and mail the need.")
        subject = _("New need, and nobody acts for %(organisation)s: %(need)s")
        subject = say(subject, address.organisation, need=address.need.title)
        text = say(text, address.organisation, mail=address.mailed_to)
        return NoticeText(subject, text, address.need.get_absolute_url())

    officers = mandate_holder_ids((OFFICER,), [], timezone.localdate(at))
    notify(at=at, kind=UNREACHED_NOTICES, persons=officers, words=words)


def notify_of_unattended_promise(*, at: dt.datetime, value: AnswerDelay, **_others: object) -> None:
    """Tell officers that an organisation promises to answer needs, and that nobody acts for it."""
    organisation, day = value.organisation, timezone.localdate(at)
    if somebody_acts(organisation.pk, day):
        return

    def words() -> NoticeText:
        text = _("Nobody holds a mandate by which %s could answer. Invite somebody before a need is sent to it.")
        subject = say(_("Answers are promised, and nobody acts for %s"), organisation)
        return NoticeText(subject, say(text, organisation), reverse("mandates-of", args=[organisation.key]))

    notify(at=at, kind=UNREACHED_NOTICES, persons=mandate_holder_ids((OFFICER,), [], day), words=words)
