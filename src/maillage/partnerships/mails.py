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
from maillage.partnerships.access_tokens import make_need_token
from maillage.partnerships.letters import answer_letter_pdf
from maillage.partnerships.models import Answer, Need, NeedAddress, NeedAddressRole, Requester
from maillage.partnerships.queries import working_days_promised
from maillage.site.queries import mail_sender, network_name

# The task is named, since its module needs this one.
MAIL_TASK = "partnerships.mail_requester"


@dataclass(frozen=True, slots=True)
class MailContent:
    """The subject and paragraphs of a mail, and the answer whose letter is attached, if any.

    `greets` says whether the mail greets its reader by the name that was typed in the form.
    """

    subject: str
    paragraphs: tuple[str, ...]
    answer: Answer | None = None
    greets: bool = True


def queue_requester_mail(need: Need, kind: str, answer: Answer | None = None) -> None:
    """Queue a mail of this kind to the requester, sent once the transaction is committed."""
    app.configure_task(MAIL_TASK).defer(need_id=need.pk, kind=kind, answer_id=answer.pk if answer else None)


def requester_mail(need: Need, kind: str, answer_id: int | None = None) -> EmailMultiAlternatives:
    """The mail of a kind, about an answer if one is given. Raises `KeyError` for an unknown kind."""
    about = Answer.objects.select_related("organisation", "redirected_to").filter(pk=answer_id or 0).first()
    requester = Requester.objects.get(need=need)
    with translation.override(requester.language):
        words = _MAILS_BY_KIND[kind](need, about)
        link = urljoin(settings.SITE_URL, reverse("follow-need", args=[make_need_token(need)]))
        context = {"requester": requester, "words": words, "link": link, "language": requester.language}
        context["network"] = network_name()
        text = render_to_string("partnerships/mail.txt", context)
        headers = {"Auto-Submitted": "auto-generated", "Content-Language": requester.language}
        mail = EmailMultiAlternatives(words.subject, text, mail_sender(), [requester.email], headers=headers)
        mail.attach_alternative(render_to_string("partnerships/mail.html", context), "text/html")
        if words.answer:
            mail.attach(_("answer") + f"-{need.key}.pdf", answer_letter_pdf(words.answer), "application/pdf")
    return mail


def _received_mail(need: Need, _answer: Answer | None) -> MailContent:
    address = _current_address(need)
    day = formats.day(address.promised_day) if address.promised_day else ""
    if working_days_promised(address.organisation_id, timezone.localdate(address.since)) is None:
        received = _("Your need is sent to %(organisation)s. It has promised no day; an answer is expected by %(day)s.")
    else:
        received = _("%(organisation)s has received your need and will answer you, or tell you who can, by %(day)s.")
    # Whoever reads this address has not written yet: the mail carries no words of whoever filled in the form.
    return MailContent(
        _("A need was received: %s") % need.key,
        (
            received % {"organisation": address.organisation, "day": day},
            _("On the page below you see where it stands; you can also change or withdraw it there."),
        ),
        greets=False,
    )


def _answered_mail(need: Need, about: Answer | None) -> MailContent:
    answer = about or _latest_answer(need)
    return MailContent(
        _("An answer to your need: %s") % need.title,
        (
            _("%s answers your need; the letter is attached.") % answer.organisation,
            _("On the page below you can rate the answer, or say what is wrong with it."),
        ),
        answer,
    )


def _redirected_mail(need: Need, about: Answer | None) -> MailContent:
    answer, address = about or _latest_answer(need), _current_address(need)
    day = formats.day(address.promised_day) if address.promised_day else ""
    message = _("%(organisation)s has passed your need on to %(other)s, which will answer you by %(day)s.")
    return MailContent(
        _("Your need was passed on: %s") % need.title,
        (message % {"organisation": answer.organisation, "other": answer.redirected_to, "day": day}, answer.letter),
    )


def _declined_mail(need: Need, about: Answer | None) -> MailContent:
    answer = about or _latest_answer(need)
    waits = need.addresses.filter(role=NeedAddressRole.ADDRESSEE, dealt_at=None).select_related("organisation").first()
    return MailContent(
        _("Your need cannot be met: %s") % need.title,
        (
            _("%s cannot take up your need, for the reason below.") % answer.organisation,
            answer.letter,
            _forwarded_paragraph(waits) if waits else _("If you think this is wrong, write it on the page below."),
        ),
    )


def _forwarded_paragraph(waits: NeedAddress) -> str:
    day = formats.day(waits.promised_day) if waits.promised_day else ""
    message = _(
        "Your need has been passed on to the network %(organisation)s, which will tell you by %(day)s whether "
        "another can meet it."
    )
    return message % {"organisation": waits.organisation, "day": day}


def _complaint_mail(need: Need, _answer: Answer | None) -> MailContent:
    return MailContent(
        _("Your complaint was answered: %s") % need.title,
        (_("The answer stands on the page below."),),
    )


def _withdrawn_mail(need: Need, _answer: Answer | None) -> MailContent:
    return MailContent(
        _("Your need is withdrawn: %s") % need.title,
        (_("Your need is withdrawn, as you asked. Nobody will answer it; you can state another one at any time."),),
    )


_MAILS_BY_KIND: dict[str, Callable[[Need, Answer | None], MailContent]] = {
    "received": _received_mail,
    "answered": _answered_mail,
    "redirected": _redirected_mail,
    "declined": _declined_mail,
    "complaint": _complaint_mail,
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
