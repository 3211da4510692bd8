"""Mails to a requester, in the language in which the need was stated; each links to the requester's page."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from maillage.core import formats
from maillage.core.text import label_and_value
from maillage.notifications.bounces import set_return_address
from maillage.notifications.mails import attach_files
from maillage.partnerships.access_tokens import ERASURE_LINK_LIFETIME, make_erasure_token, make_need_token
from maillage.partnerships.conversations import REQUESTER_THREAD, WAITING
from maillage.partnerships.letters import answer_letter_pdf
from maillage.partnerships.linked_mails import LinkedMail, build_mail
from maillage.partnerships.mailed_files import file_words, files_of_message
from maillage.partnerships.models import Answer, Message, Need, NeedAddress, NeedAddressRole, Requester
from maillage.partnerships.queries import (
    CONSENT_DAYS,
    cases_waiting_for_agreement,
    consent_day,
    networks_to_agree_to,
    running_need_cases,
    working_days_promised,
)
from maillage.partnerships.reply_addresses import reply_address
from maillage.register.models import Organisation
from maillage.register.noun_phrases import say
from maillage.site.queries import network_name

# The task is named, since its module needs this one.
MAIL_TASK = "partnerships.mail_requester"
# Kinds of mails that nobody can answer: the need may have ended.
_NOT_ANSWERED = ("refused", "erase", "link")


@dataclass(frozen=True, slots=True)
class MailContent:
    """What a mail says happened (its subject), its paragraphs, and the answer whose letter is attached, if any."""

    subject: str
    paragraphs: tuple[str, ...]
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class MailSubject:
    """What a mail is about: a need, and an answer or a message if one is given. `known` says that the address is."""

    need: Need
    known: bool
    answer: Answer | None = None
    message: Message | None = None


def queue_requester_mail(
    need: Need, kind: str, answer: Answer | None = None, message: Message | None = None, note: str = ""
) -> None:
    """Queue a mail of this kind to the requester, sent once the transaction is committed."""
    app.configure_task(MAIL_TASK).defer(
        need_id=need.pk,
        kind=kind,
        answer_id=answer.pk if answer else None,
        message_id=message.pk if message else None,
        note=note,
    )


def queue_consent_reminder(answer: Answer) -> None:
    """Queue the mail that asks once more whether a confidential need may go on; nothing is sent once that is said."""
    task = app.configure_task(MAIL_TASK, schedule_in={"days": CONSENT_DAYS // 2})
    task.defer(need_id=answer.need_id, kind="consent", answer_id=answer.pk)


def queue_agreement_reminder(need: Need) -> None:
    """Queue the mail that asks once more whether an overdue need may go on; nothing is sent once that is said."""
    task = app.configure_task(MAIL_TASK, schedule_in={"days": CONSENT_DAYS // 2})
    task.defer(need_id=need.pk, kind="agreement")


def requester_mail(
    need: Need, kind: str, answer_id: int | None = None, message_id: int | None = None, note: str = ""
) -> EmailMultiAlternatives:
    """The mail of a kind, about an answer or a message if one is given. Raises `KeyError` for an unknown kind.

    Until the address has answered, it may be that of somebody else: its mails repeat nothing that a requester typed,
    and no letter, which may quote it.
    """
    requester = Requester.objects.get(need=need)
    about = MailSubject(
        need,
        requester.confirmed_at is not None,
        Answer.objects.select_related("organisation", "redirected_to").filter(pk=answer_id or 0).first(),
        Message.objects.select_related("organisation").filter(pk=message_id or 0).first(),
    )
    with translation.override(requester.language):
        words = _MAILS_BY_KIND[kind](about)
        # A notice that a mail was refused is not to be answered: two programs would never end.
        reply_to = reply_address(need, REQUESTER_THREAD) if kind not in _NOT_ANSWERED else ""
        content = LinkedMail(
            _greeting(requester.contact if about.known else ""),
            [*words.paragraphs, *([note] if note else []), *([_reply_hint()] if reply_to else [])],
            *_link(need, kind),
            _reason(need, kind),
        )
        subject = label_and_value(words.subject, _need_name(about))
        mail = build_mail(requester.email, subject, content, language=requester.language, reply_to=reply_to)
        if words.answer:
            mail.attach(_("answer") + f"-{need.key}.pdf", answer_letter_pdf(words.answer), "application/pdf")
        if about.message and about.known:
            attach_files(mail, files_of_message(Message.kind_name(), about.message.pk))
        set_return_address(mail, *(("m", about.message.pk) if about.message else ("r", need.pk)))
    return mail


def _link(need: Need, kind: str) -> tuple[str, str]:
    """The address to which a mail leads, and its words."""
    if kind == "erase":
        return _address("erase-requester", make_erasure_token(need)), _("Erase what you hold of me")
    return _address("follow-need", make_need_token(need, mailed=True)), _("Follow your need")


def _address(view: str, token: str) -> str:
    return urljoin(settings.SITE_URL, reverse(view, args=[token]))


def _greeting(name: str) -> str:
    return _("Hello %(name)s,") % {"name": name} if name else _("Hello,")


def _reply_hint() -> str:
    return _("You may answer this mail: your words, and files of the accepted types, join the conversation.")


def _reason(need: Need, kind: str) -> str:
    """Why somebody gets a mail, and how to end it: to withdraw the need, or once it has ended to be erased."""
    reason = _("You get this because a need was stated at “%s” with this mail address.") % network_name()
    if kind == "erase":
        return reason
    if need.addresses.filter(role=NeedAddressRole.ADDRESSEE, dealt_at=None).exists():
        return f"{reason} {_('The page above says how to withdraw it.')}"
    return f"{reason} {_('The page above says how to have what is held of you erased.')}"


def _need_name(about: MailSubject) -> str:
    """Which need: its title, or its number for an address that is not known."""
    return str(about.need.title if about.known else about.need.key)


def _received_mail(about: MailSubject) -> MailContent:
    address = _current_address(about.need)
    day = formats.day(address.promised_day) if address.promised_day else ""
    if working_days_promised(address.organisation_id, timezone.localdate(address.since)) is None:
        received = _("Your need is sent to %(organisation)s. It has promised no day; an answer is expected by %(day)s.")
    else:
        received = _("%(organisation)s has received your need and will answer you, or tell you who can, by %(day)s.")
    # Whoever reads this address has not written yet: the mail carries no words of whoever filled in the form.
    return MailContent(
        _("Your need was received"),
        (
            say(received, address.organisation, day=day),
            _("On the page below you see where it stands; you can also change or withdraw it there."),
        ),
    )


def _answered_mail(about: MailSubject) -> MailContent:
    answer = about.answer or _latest_answer(about.need)
    answers = (
        _("%s answers your need; the letter is attached.")
        if about.known
        else _("%s answers your need; the letter stands on the page below.")
    )
    return MailContent(
        _("An answer to your need"),
        (
            say(answers, answer.organisation),
            _("On the page below you can rate the answer, or say what is wrong with it."),
        ),
        answer if about.known else None,
    )


def _letter(about: MailSubject, answer: Answer) -> str:
    return answer.letter if about.known else _("Its letter stands on the page below.")


def _redirected_mail(about: MailSubject) -> MailContent:
    answer, address = about.answer or _latest_answer(about.need), _current_address(about.need)
    if answer.pass_on_to:
        message = say(_("%s cannot take up your need and names who can."), answer.organisation)
        paragraphs = (message, _letter(about, answer), _consent_paragraph(answer))
        return MailContent(_("May your need go on?"), paragraphs)
    day = formats.day(address.promised_day) if address.promised_day else ""
    message = _("%(organisation)s has passed your need on to %(other)s, which will answer you by %(day)s.")
    return MailContent(
        _("Your need was passed on"),
        (
            say(message, answer.organisation, other=answer.redirected_to, day=day),
            _letter(about, answer),
        ),
    )


def _declined_mail(about: MailSubject) -> MailContent:
    need, answer = about.need, about.answer or _latest_answer(about.need)
    waits = need.addresses.filter(role=NeedAddressRole.ADDRESSEE, dealt_at=None).select_related("organisation").first()
    return MailContent(
        _("Your need cannot be met"),
        (
            say(_("%s cannot take up your need, for the reason below."), answer.organisation),
            _letter(about, answer),
            _what_follows(answer, waits),
        ),
    )


def _what_follows(answer: Answer, waits: NeedAddress | None) -> str:
    if answer.pass_on_to:
        return _consent_paragraph(answer)
    return _forwarded_paragraph(waits) if waits else _("If you think this is wrong, write it on the page below.")


def _consent_paragraph(answer: Answer) -> str:
    organisations = Organisation.objects.filter(pk__in=answer.pass_on_to).order_by("sort_name")
    message = _(
        "Your need can be passed on to %(organisations)s, if you agree: it is confidential. Say yes or no on the page "
        "below by %(day)s; without your yes it goes to nobody else."
    )
    return say(message, organisations=organisations, day=formats.day(consent_day(answer)))


def _consent_mail(about: MailSubject) -> MailContent:
    answer = about.answer or _latest_answer(about.need)
    return MailContent(_("May your need go on?"), (_consent_paragraph(answer),))


def _agreement_mail(about: MailSubject) -> MailContent:
    case = next(iter(cases_waiting_for_agreement(about.need.pk)))
    day = timezone.localdate(case.due_at) if case.due_at else None
    networks = Organisation.objects.filter(pk__in=networks_to_agree_to(about.need)).order_by("sort_name")
    address = _current_address(about.need)
    is_late = address.promised_day is not None and address.promised_day < timezone.localdate()
    late = say(_("%s has not answered your need in the time that it promised."), address.organisation)
    message = _(
        "Your need can be passed on to %(organisations)s as well, if you agree: it is confidential. Say yes or no on "
        "the page below by %(day)s; without your yes it stays where it is."
    )
    message = say(message, organisations=networks, day=formats.day(day) if day else "")
    return MailContent(_("May your need go on?"), (late, message) if is_late else (message,))


def _forwarded_paragraph(waits: NeedAddress) -> str:
    day = formats.day(waits.promised_day) if waits.promised_day else ""
    message = _(
        "Your need has been passed on to %(organisation)s, which will tell you by %(day)s whether another "
        "organisation can meet it."
    )
    return say(message, waits.organisation, day=day)


def _complaint_mail(_about: MailSubject) -> MailContent:
    return MailContent(_("Your complaint was answered"), (_("The answer stands on the page below."),))


def _message_mail(about: MailSubject) -> MailContent:
    """A message of those who answer; its words go to an address that has answered before."""
    message = about.message
    name, organisation = (message.author_name, message.organisation) if message else ("", None)
    is_question = message is not None and _waits_for_answer(message)
    words: tuple[str, ...] = (
        (message.text, file_words(message))
        if message and about.known
        else (_("Read it on the page below, and answer there."),)
    )
    subject = (
        _("Question from %(organisation)s about your need")
        if is_question
        else _("Message from %(organisation)s about your need")
    )
    stopped = _(
        "The day promised to you moves on until you answer; to answer on the page below starts the clock again."
    )
    return MailContent(
        say(subject, organisation),
        (
            say(_("%(who)s, %(organisation)s, writes to you:"), organisation, who=name),
            *filter(None, words),
            *([stopped] if is_question else []),
        ),
    )


def _waits_for_answer(message: Message) -> bool:
    """Whether the clock of those who write stands still until the requester answers; others may answer beside them."""
    cases = running_need_cases(message.need_id)
    return any(case.state == WAITING and message.organisation_id in case.organisation_ids for case in cases)


def _refused_mail(_about: MailSubject) -> MailContent:
    return MailContent(
        _("Your mail was not taken"),
        (_("What you wrote by mail could not be added to the conversation. You can write it on the page below."),),
    )


def _withdrawn_mail(_about: MailSubject) -> MailContent:
    return MailContent(
        _("Your need is withdrawn"),
        (_("Your need is withdrawn, as you asked. Nobody will answer it; you can state another one at any time."),),
    )


def _erase_mail(_about: MailSubject) -> MailContent:
    days = ERASURE_LINK_LIFETIME.days
    asked = _(
        "Somebody has asked, on the page of your need, that what this site holds of you be erased. The link below does "
        "it, for good; it works for %(days)d days. If it was not you, do nothing: nothing is erased."
    )
    return MailContent(_("Erase what this site holds of you?"), (asked % {"days": days},))


def _link_mail(_about: MailSubject) -> MailContent:
    return MailContent(
        _("A new link to your need"), (_("The link to the page of your need had ended; here is a new one."),)
    )


_MAILS_BY_KIND: dict[str, Callable[[MailSubject], MailContent]] = {
    "received": _received_mail,
    "answered": _answered_mail,
    "redirected": _redirected_mail,
    "declined": _declined_mail,
    "consent": _consent_mail,
    "agreement": _agreement_mail,
    "complaint": _complaint_mail,
    "message": _message_mail,
    "refused": _refused_mail,
    "withdrawn": _withdrawn_mail,
    "erase": _erase_mail,
    "link": _link_mail,
}


def _current_address(need: Need) -> NeedAddress:
    """The latest addressee of the need."""
    addresses = need.addresses.filter(role=NeedAddressRole.ADDRESSEE).select_related("organisation")
    address: NeedAddress = addresses.latest("since", "pk")
    return address


def _latest_answer(need: Need) -> Answer:
    sent = Answer.objects.filter(need=need).exclude(sent_at=None).select_related("organisation", "redirected_to")
    answer: Answer = sent.latest("sent_at", "pk")
    return answer
