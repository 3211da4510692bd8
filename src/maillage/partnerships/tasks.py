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
from maillage.notifications.actions.deliveries import record_bounce
from maillage.notifications.bounces import failure_of_report, find_returned_mail
from maillage.notifications.mails import is_permanent, mail_failure_text
from maillage.partnerships.actions import addressee_mails, erasures
from maillage.partnerships.actions.received_mails import (
    MailRefusedError,
    find_sender,
    refuse_mail,
    take_mail,
    tell_officers,
)
from maillage.partnerships.actions.undelivered import note_undelivered
from maillage.partnerships.addressee_mails import ADDRESSEE_MAIL_TASK, AddresseeMail, addressee_mail
from maillage.partnerships.erasure_list import add_to_file, erasure_file, known_erasures, read_erasures
from maillage.partnerships.imap_mailbox import MailOnServer, read_inbox
from maillage.partnerships.mail_parsing import IncomingMail, parse_heading, parse_mail, recipients
from maillage.partnerships.models import Need, NeedAddress, ReceivedMail
from maillage.partnerships.queries import answers_waiting_for_consent, cases_waiting_for_agreement
from maillage.partnerships.requester_mails import MAIL_TASK, requester_mail
from maillage.site.queries import reread_site

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
    """Send one mail to the requester of a need, unless they are erased, or what it asks for is said."""
    need = Need.objects.filter(pk=need_id, requester__isnull=False, requester__erased_at=None).first()
    if need is None:
        return
    if kind == "consent" and not answers_waiting_for_consent(timezone.now()).filter(pk=answer_id or 0).exists():
        return
    if kind == "agreement" and not cases_waiting_for_agreement(need_id):
        return
    try:
        requester_mail(need, kind, answer_id, message_id, note).send()
    except (SMTPException, OSError, ValueError) as error:
        if context.job.attempts + 1 < ATTEMPTS and not is_permanent(error):
            raise
        note_undelivered(
            actor=SYSTEM, at=timezone.now(), need_id=need.pk, message_id=message_id, why=mail_failure_text(error)
        )


@app.periodic(cron="* * * * *")
@app.task(name="partnerships.read_mails", queueing_lock="partnerships.read_mails", lock="partnerships.read_mails")
def read_mails(timestamp: int) -> int:
    """Bring the answers of the mailbox into their conversations; return how many mails were dealt with."""
    return read_inbox(settings.INBOX, deal_with_mail) if settings.INBOX else 0


def deal_with_mail(mail: MailOnServer) -> bool:
    """Make a message of a mail, or note why it is refused; whether it was taken. Each mail is dealt with once."""
    returned = find_returned_mail(recipients(mail.heading))
    if returned and not mail.is_too_large and (whole := mail.fetch()):
        return _note_returned(returned, failure_of_report(whole.obj))
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


def _note_returned(returned: tuple[str, int], failure: str) -> bool:
    """Record that a mail of the site came back; whether it did: an automatic answer to it is left alone."""
    if failure:
        record_bounce(actor=SYSTEM, at=timezone.now(), letter=returned[0], number=returned[1], failure=failure)
    return bool(failure)


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
def mail_addressee(context: JobContext, address_id: int, kind: str = AddresseeMail.NEED) -> None:
    """Mail a need, or what its requester has done since, to its addressee's contact, unless it is dealt with by now."""
    address = NeedAddress.objects.select_related("organisation").filter(pk=address_id).first()
    if address is None or not address.mailed_to or (address.dealt_at and kind != AddresseeMail.WITHDRAWN):
        return
    try:
        addressee_mail(address, AddresseeMail(kind)).send()
    except (SMTPException, OSError, ValueError) as error:
        if context.job.attempts + 1 < ATTEMPTS and not is_permanent(error):
            raise
        addressee_mails.note_unreached(actor=SYSTEM, at=timezone.now(), address_id=address.pk)


@app.periodic(cron="55 3 * * *")
@app.task(name="partnerships.erase_old_requesters", queueing_lock="partnerships.erase_old_requesters")
def erase_old_requesters(timestamp: int) -> int:
    """Each night, erase who stated needs that ended long ago, and repeat the erasures that a restore undid."""
    years = reread_site().values.requester_years
    count = int(erasures.erase_old_requesters(actor=SYSTEM, at=timezone.now(), years=years))
    # After it: a file that cannot be read fails the job, but holds up no erasure that is due.
    return count + replay_kept_erasures()


def replay_kept_erasures() -> int:
    """Repeat the erasures of the file that the database does not know, and add to it those that it lacks."""
    known = known_erasures()
    lost = {key: day for key, day in read_erasures(erasure_file()).items() if key not in known}
    count = int(erasures.replay_erasures(actor=SYSTEM, at=timezone.now(), erasures=lost)) if lost else 0
    add_to_file(known_erasures())
    return count
