"""Mails to a requester, in the language in which the need was stated; each links to the requester's page."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from maillage.core import formats
from maillage.core.text import label_and_value
from maillage.notifications.mails import SITE_HEADER
from maillage.partnerships.access_tokens import make_need_token
from maillage.partnerships.conversations import REQUESTER_THREAD
from maillage.partnerships.letters import answer_letter_pdf
from maillage.partnerships.models import Answer, Message, Need, NeedAddress, NeedAddressRole, Requester
from maillage.partnerships.queries import working_days_promised
from maillage.partnerships.reply_addresses import reply_address
from maillage.register.models import Organisation
from maillage.site.queries import mail_sender, network_name

# The task is named, since its module needs this one.
MAIL_TASK = "partnerships.mail_requester"


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


def requester_mail(
    need: Need, kind: str, answer_id: int | None = None, message_id: int | None = None, note: str = ""
) -> EmailMultiAlternatives:
    """The mail of a kind, about an answer or a message if one is given. Raises `KeyError` for an unknown kind.

    Until the address has answered, it may be that of somebody else: its mails repeat nothing that a requester typed.
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
        reply_to = reply_address(need, REQUESTER_THREAD) if kind != "refused" else ""
        link = urljoin(settings.SITE_URL, reverse("follow-need", args=[make_need_token(need, mailed=True)]))
        context = {"name": requester.contact if about.known else "", "words": words, "link": link, "note": note}
        context |= {"language": requester.language, "network": network_name(), "may_reply": bool(reply_to)}
        mail = EmailMultiAlternatives(
            label_and_value(words.subject, _need_name(about)),
            render_to_string("partnerships/mail.txt", context),
            mail_sender(),
            [requester.email],
            headers=_headers(requester),
            reply_to=[reply_to] if reply_to else None,
        )
        mail.attach_alternative(render_to_string("partnerships/mail.html", context), "text/html")
        if words.answer:
            mail.attach(_("answer") + f"-{need.key}.pdf", answer_letter_pdf(words.answer), "application/pdf")
    return mail


def _headers(requester: Requester) -> dict[str, str]:
    return {
        "Auto-Submitted": "auto-generated",
        "Content-Language": requester.language,
        SITE_HEADER: settings.SITE_URL,
    }


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
            received % {"organisation": address.organisation, "day": day},
            _("On the page below you see where it stands; you can also change or withdraw it there."),
        ),
    )


def _answered_mail(about: MailSubject) -> MailContent:
    answer = about.answer or _latest_answer(about.need)
    return MailContent(
        _("An answer to your need"),
        (
            _("%s answers your need; the letter is attached.") % answer.organisation,
            _("On the page below you can rate the answer, or say what is wrong with it."),
        ),
        answer,
    )


def _redirected_mail(about: MailSubject) -> MailContent:
    answer, address = about.answer or _latest_answer(about.need), _current_address(about.need)
    day = formats.day(address.promised_day) if address.promised_day else ""
    message = _("%(organisation)s has passed your need on to %(other)s, which will answer you by %(day)s.")
    return MailContent(
        _("Your need was passed on"),
        (message % {"organisation": answer.organisation, "other": answer.redirected_to, "day": day}, answer.letter),
    )


def _declined_mail(about: MailSubject) -> MailContent:
    need, answer = about.need, about.answer or _latest_answer(about.need)
    waits = need.addresses.filter(role=NeedAddressRole.ADDRESSEE, dealt_at=None).select_related("organisation").first()
    return MailContent(
        _("Your need cannot be met"),
        (
            _("%s cannot take up your need, for the reason below.") % answer.organisation,
            answer.letter,
            _what_follows(answer, waits),
        ),
    )


def _what_follows(answer: Answer, waits: NeedAddress | None) -> str:
    if answer.pass_on_to:
        networks = Organisation.objects.filter(pk__in=answer.pass_on_to).order_by("sort_name")
        message = _(
            "It can be passed on to %s, if you agree: your need is confidential. Say yes or no on the page below."
        )
        return message % ", ".join(map(str, networks))
    return _forwarded_paragraph(waits) if waits else _("If you think this is wrong, write it on the page below.")


def _forwarded_paragraph(waits: NeedAddress) -> str:
    day = formats.day(waits.promised_day) if waits.promised_day else ""
    message = _(
        "Your need has been passed on to the network %(organisation)s, which will tell you by %(day)s whether "
        "another can meet it."
    )
    return message % {"organisation": waits.organisation, "day": day}


def _complaint_mail(_about: MailSubject) -> MailContent:
    return MailContent(_("Your complaint was answered"), (_("The answer stands on the page below."),))


def _message_mail(about: MailSubject) -> MailContent:
    """A message of those who answer; its words go to an address that has answered before."""
    message = about.message
    who = {"who": message.author_name if message else "", "organisation": message.organisation if message else ""}
    words: tuple[str, ...] = (
        (message.text,) if message and about.known else (_("Read it on the page below, and answer there."),)
    )
    return MailContent(
        _("Message from %(organisation)s about your need") % who,
        (_("%(who)s, %(organisation)s, writes to you:") % who, *words),
    )


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


_MAILS_BY_KIND: dict[str, Callable[[MailSubject], MailContent]] = {
    "received": _received_mail,
    "answered": _answered_mail,
    "redirected": _redirected_mail,
    "declined": _declined_mail,
    "complaint": _complaint_mail,
    "message": _message_mail,
    "refused": _refused_mail,
    "withdrawn": _withdrawn_mail,
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
