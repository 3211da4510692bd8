"""What comes of a mail that the inbox received: a message in its conversation, or a refusal that officers read."""

import datetime as dt
from contextlib import ExitStack

from django.core import signing
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from maillage.core.action_registry import ActionError, action
from maillage.core.actors import PUBLIC, READER, Actor
from maillage.files.file_types import FileRejectedError
from maillage.files.uploads import IncomingFile, receive_file
from maillage.notifications.notifier import NoticeText, notify
from maillage.partnerships.actions.messages import author_in_thread
from maillage.partnerships.conversations import (
    MAX_FILES_OF_MESSAGE,
    MessageAuthor,
    MessageContent,
    requester_author,
    save_message,
)
from maillage.partnerships.mail_parsing import IncomingMail
from maillage.partnerships.models import Message, Need, ReceivedMail, Requester
from maillage.partnerships.notifications import MESSAGE_NOTICES, REFUSED_MAIL_NOTICES, notify_of_message
from maillage.partnerships.reply_addresses import ReplyTarget, read_reply_token
from maillage.partnerships.requester_mails import queue_requester_mail
from maillage.people.models import User
from maillage.people.queries import actor_of, mandates_of

MAX_TOLD = 100
# How long it is kept which mails were dealt with; by then they have long been moved on the server.
RETENTION = dt.timedelta(days=90)


class MailRefusedError(ValueError):
    """A mail becomes no message; `why` says it in the language of whoever reads it."""

    def __init__(self, why: str | Promise) -> None:
        super().__init__(why)
        self.why = why


def find_sender(mail: IncomingMail, at: dt.datetime) -> tuple[ReplyTarget, Actor]:
    """The conversation of a mail and who answers. Raises `MailRefusedError` for a mail of nobody who may write there.

    Whoever forwards a mail gives its address away: the answer must come from the address that the mail was sent to.
    """
    if mail.automatic:
        raise MailRefusedError(mail.automatic)
    try:
        target = read_reply_token(mail.token)
    except signing.BadSignature as error:
        raise MailRefusedError(gettext_lazy("its address belongs to no conversation")) from error
    need = Need.objects.filter(pk=target.need_id).first()
    known = _address_of(target)
    if need is None or not known:
        raise MailRefusedError(gettext_lazy("its conversation is not there any more"))
    if known.casefold() != mail.sender.casefold():
        raise MailRefusedError(gettext_lazy("it comes from another address than the one that was written to"))
    return target, _actor_of(need, target, at)


def _address_of(target: ReplyTarget) -> str:
    if target.person_id:
        return User.objects.filter(pk=target.person_id, is_active=True).values_list("email", flat=True).first() or ""
    return Requester.objects.filter(need=target.need_id).values_list("email", flat=True).first() or ""


def _actor_of(need: Need, target: ReplyTarget, at: dt.datetime) -> Actor:
    if not target.person_id:
        return PUBLIC
    person = User.objects.get(pk=target.person_id)
    for mandate in mandates_of(person, timezone.localdate(at)):
        actor = actor_of(person, at, mandate.pk)
        try:
            author_in_thread(need, target.thread, actor)
        except ActionError:
            continue
        return actor
    raise MailRefusedError(gettext_lazy("its sender does not take part in this conversation any more"))


@action(READER, title=gettext_lazy("Add a mail to its conversation"), over_api=False)
def take_mail(*, actor: Actor, at: dt.datetime, mail: IncomingMail, target: ReplyTarget) -> ReceivedMail:
    """Add a mail to its conversation as a message, once; the caller has found who sent it. The need stays as it is.

    Raises `ActionError` where the message is beyond the limits, or the need has ended.
    """
    known = ReceivedMail.objects.filter(digest=mail.digest).first()
    if known:
        return known
    need = Need.objects.select_for_update().get(pk=target.need_id)
    with ExitStack() as stack:
        files, not_taken = _accepted_files(mail, stack)
        content = MessageContent(mail.text, files, by_mail=True, quoted=mail.quoted, not_taken="\n".join(not_taken))
        author = _author(need, target, actor)
        message = save_message(need, target.thread, author, content, actor=actor, at=at)
    if not target.person_id:
        Requester.objects.filter(need=need, confirmed_at=None).update(confirmed_at=at)
    notify_of_message(actor=actor, at=at, value=message)
    return _record(mail, at, message=message)


def _author(need: Need, target: ReplyTarget, actor: Actor) -> MessageAuthor:
    return author_in_thread(need, target.thread, actor) if target.person_id else requester_author(need, actor)


def _accepted_files(mail: IncomingMail, stack: ExitStack) -> tuple[list[IncomingFile], list[str]]:
    """The files that the site takes, and a sentence for each that it does not."""
    accepted: list[IncomingFile] = []
    refused: list[str] = []
    for name, content in mail.files:
        try:
            if len(accepted) == MAX_FILES_OF_MESSAGE:
                raise FileRejectedError(_("a message has at most %d files") % MAX_FILES_OF_MESSAGE)
            incoming = stack.enter_context(receive_file(name, [content]))
            incoming.detect_type()
        except FileRejectedError as error:
            refused.append(_("Not taken: %(file)s (%(why)s)") % {"file": name[:200], "why": error})
            continue
        accepted.append(incoming)
    return accepted, refused


@action(title=gettext_lazy("Refuse a mail"), over_api=False)
def refuse_mail(*, actor: Actor, at: dt.datetime, mail: IncomingMail, why: str | Promise) -> ReceivedMail:
    """Note why a mail became no message; whom the conversation knows is told, unless a program wrote the mail."""
    known = ReceivedMail.objects.filter(digest=mail.digest).first()
    if known:
        return known
    # One notice a day: programs that answer each mail by another would go on for ever.
    lately = ReceivedMail.objects.filter(sender=mail.sender, received_at__gt=at - dt.timedelta(days=1))
    if not mail.automatic and not lately.exclude(refused="").exists():
        _tell_sender(mail, at, why)
    return _record(mail, at, refused=str(why))


def _tell_sender(mail: IncomingMail, at: dt.datetime, why: str | Promise) -> None:
    """Tell the person to whom the address was given, at the address that the site knows."""
    try:
        target = read_reply_token(mail.token)
    except signing.BadSignature:
        return
    need = Need.objects.filter(pk=target.need_id, requester__isnull=False).first()
    if need is None:
        return
    if not target.person_id:
        with override(need.requester.language):
            queue_requester_mail(need, "refused", note=str(why))
        return

    def words() -> NoticeText:
        return NoticeText(_("Your mail was not taken: %s") % need.title, str(why), need.get_absolute_url())

    notify(at=at, kind=MESSAGE_NOTICES, persons=[target.person_id], words=words)


def _record(mail: IncomingMail, at: dt.datetime, *, message: Message | None = None, refused: str = "") -> ReceivedMail:
    received: ReceivedMail = ReceivedMail.objects.create(
        digest=mail.digest,
        received_at=at,
        sender=mail.sender,
        subject=mail.subject,
        refused=refused,
        message=message,
    )
    return received


@action(title=gettext_lazy("Tell the officers which mails were refused"), over_api=False)
def tell_officers(*, actor: Actor, at: dt.datetime) -> list[ReceivedMail]:
    """Tell the officers of the mails refused within the last day; older records of mails are removed."""
    ReceivedMail.objects.filter(received_at__lt=at - RETENTION).delete()
    refused = ReceivedMail.objects.filter(received_at__gt=at - dt.timedelta(days=1)).exclude(refused="")
    mails = list(refused.order_by("received_at")[:MAX_TOLD])

    def words() -> NoticeText:
        count = len(mails)
        subject = ngettext("%d mail to a conversation was refused", "%d mails to conversations were refused", count)
        lines = (f"{mail.sender}, {mail.subject}: {mail.refused}" for mail in mails)
        return NoticeText(subject % count, "\n".join(lines))

    if mails:
        officers = User.objects.filter(is_officer=True, is_active=True).values_list("pk", flat=True)
        notify(at=at, kind=REFUSED_MAIL_NOTICES, persons=officers, words=words)
    return mails
