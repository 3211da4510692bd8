"""Jobs of the worker: mails about needs, tried again on failure; answers by mail, brought into conversations."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from maillage.core.action_registry import ActionError
from maillage.core.actors import SYSTEM
from maillage.notifications.mails import mail_failure_text
from maillage.partnerships.actions import answers, mailed_needs
from maillage.partnerships.actions.inbox import MailRefusedError, find_sender, refuse_mail, take_mail, tell_officers
from maillage.partnerships.addressee_mails import ADDRESSEE_MAIL_TASK, addressee_mail
from maillage.partnerships.inbox import MailOnServer, read_inbox
from maillage.partnerships.incoming_mails import IncomingMail, parse_heading, parse_mail
from maillage.partnerships.mails import MAIL_TASK, requester_mail
from maillage.partnerships.models import Need, NeedAddress, ReceivedMail

log = logging.getLogger(__name__)
ATTEMPTS = 6
_AGAIN = RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=8)


@app.task(name=MAIL_TASK, pass_context=True, retry=_AGAIN)
def mail_requester(
    context: JobContext,
    need_id: int,
    kind: str,
    answer_id: int | None = None,
    message_id: int | None = None,
    note: str = "",
) -> None:
    """Send one mail to the requester of a need, unless the need has been deleted."""
    need = Need.objects.filter(pk=need_id, requester__isnull=False).first()
    if need is None:
        return
    try:
        requester_mail(need, kind, answer_id, message_id, note).send()
    except (SMTPException, OSError, ValueError) as error:
        if context.job.attempts + 1 < ATTEMPTS:
            raise
        answers.note_undelivered(actor=SYSTEM, at=timezone.now(), need_id=need.pk, why=mail_failure_text(error))


@app.periodic(cron="* * * * *")
@app.task(name="partnerships.read_mails", queueing_lock="partnerships.read_mails", lock="partnerships.read_mails")
def read_mails(timestamp: int) -> int:
    """Bring the answers of the mailbox into their conversations; return how many mails were dealt with."""
    return read_inbox(settings.INBOX, deal_with_mail) if settings.INBOX else 0


def deal_with_mail(mail: MailOnServer) -> bool:
    """Make a message of a mail, or note why it is refused; whether it was taken. Each mail is dealt with once."""
    heading = parse_heading(mail.heading)
    known = ReceivedMail.objects.filter(digest=heading.digest).first()
    if known:
        return not known.refused
    try:
        _take(mail, heading)
    except MailRefusedError as error:
        _refuse(heading, error.why)
        return False
    except ActionError as error:
        _refuse(heading, str(error))
        return False
    return True


def _refuse(mail: IncomingMail, why: str | Promise) -> None:
    log.warning("A mail from %s was refused: %s", mail.sender, why)
    refuse_mail(actor=SYSTEM, at=timezone.now(), mail=mail, why=why)


def _take(mail: MailOnServer, heading: IncomingMail) -> None:
    at = timezone.now()
    target, actor = find_sender(heading, at)
    if mail.is_too_large:
        raise MailRefusedError(_("it is larger than this site takes"))
    whole = mail.fetch()
    if whole is None:
        raise MailRefusedError(_("it was removed from the mailbox while it was read"))
    take_mail(actor=actor, at=at, mail=parse_mail(whole), target=target)


@app.periodic(cron="45 4 * * *")
@app.task(name="partnerships.tell_refused_mails", queueing_lock="partnerships.tell_refused_mails")
def tell_refused_mails(timestamp: int) -> int:
    """Each morning, tell the officers which mails were refused since the day before; return how many."""
    return len(tell_officers(actor=SYSTEM, at=timezone.now()))


@app.task(name=ADDRESSEE_MAIL_TASK, pass_context=True, retry=_AGAIN)
def mail_addressee(context: JobContext, address_id: int) -> None:
    """Mail a need to the contact of its addressee, unless it has been dealt with meanwhile."""
    address = NeedAddress.objects.select_related("organisation").filter(pk=address_id, dealt_at=None).first()
    if address is None or not address.mailed_to:
        return
    try:
        addressee_mail(address).send()
    except (SMTPException, OSError, ValueError):
        if context.job.attempts + 1 < ATTEMPTS:
            raise
        mailed_needs.note_unreached(actor=SYSTEM, at=timezone.now(), address_id=address.pk)
