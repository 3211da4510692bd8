"""The mails that a requester gets, in the language in which the need was stated; each leads to the requester's page."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from maillage.kernel import wording
from maillage.partnerships.letters import letter_of
from maillage.partnerships.links import token_of
from maillage.partnerships.models import Address, AddressRole, Answer, Need, Requester


@dataclass(frozen=True, slots=True)
class Words:
    """The subject of a mail, what it says, and the answer whose letter it carries, if any."""

    subject: str
    paragraphs: tuple[str, ...]
    answer: Answer | None = None


def queue_mail(need: Need, kind: str, answer: Answer | None = None) -> None:
    """Have the requester told once the transaction is committed, and never else; of one answer, if it is about one."""
    from maillage.partnerships.tasks import mail_requester  # it needs the models loaded

    mail_requester.defer(need_id=need.pk, kind=kind, answer_id=answer.pk if answer else None)


def mail_of(need: Need, kind: str, answer_id: int | None = None) -> EmailMultiAlternatives:
    """The mail of a kind, about an answer if one is named. Raises `KeyError` for a kind there is not."""
    about = Answer.objects.select_related("organisation", "redirected_to").filter(pk=answer_id or 0).first()
    requester = Requester.objects.get(need=need)
    with translation.override(requester.language):
        words = _KINDS[kind](need, about)
        link = urljoin(settings.SITE_URL, reverse("follow-need", args=[token_of(need)]))
        context = {"requester": requester, "words": words, "link": link, "language": requester.language}
        text = render_to_string("partnerships/mail.txt", context)
        headers = {"Auto-Submitted": "auto-generated", "Content-Language": requester.language}
        mail = EmailMultiAlternatives(words.subject, text, to=[requester.email], headers=headers)
        mail.attach_alternative(render_to_string("partnerships/mail.html", context), "text/html")
        if words.answer:
            mail.attach(_("answer") + f"-{need.key}.pdf", letter_of(words.answer), "application/pdf")
    return mail


def _received(need: Need, _answer: Answer | None) -> Words:
    address = _address(need)
    day = wording.day(address.promised_day) if address.promised_day else ""
    return Words(
        _("Your need was received: %s") % need.title,
        (
            _("%(body)s has received your need and will answer you, or tell you who can, by %(day)s.")
            % {"body": address.organisation, "day": day},
            _("On the page below you see where it stands; you can also withdraw it there."),
        ),
    )


def _answered(need: Need, about: Answer | None) -> Words:
    answer = about or _last_answer(need)
    return Words(
        _("An answer to your need: %s") % need.title,
        (
            _("%s answers your need; the letter is attached.") % answer.organisation,
            _("On the page below you can rate the answer, or say what is wrong with it."),
        ),
        answer,
    )


def _redirected(need: Need, about: Answer | None) -> Words:
    answer, address = about or _last_answer(need), _address(need)
    day = wording.day(address.promised_day) if address.promised_day else ""
    said = _("%(body)s has passed your need on to %(other)s, which will answer you by %(day)s.")
    return Words(
        _("Your need was passed on: %s") % need.title,
        (said % {"body": answer.organisation, "other": answer.redirected_to, "day": day}, answer.letter),
    )


def _declined(need: Need, about: Answer | None) -> Words:
    answer = about or _last_answer(need)
    waits = need.addresses.filter(role=AddressRole.ADDRESSEE, dealt_at=None).select_related("organisation").first()
    return Words(
        _("Your need cannot be met: %s") % need.title,
        (
            _("%s cannot take up your need, for the reason below.") % answer.organisation,
            answer.letter,
            _passed_to(waits) if waits else _("If you think this is wrong, say so on the page below."),
        ),
    )


def _passed_to(waits: Address) -> str:
    day = wording.day(waits.promised_day) if waits.promised_day else ""
    said = _("The need now is before the network %(body)s, which will tell you by %(day)s whether another can meet it.")
    return said % {"body": waits.organisation, "day": day}


def _complaint(need: Need, _answer: Answer | None) -> Words:
    return Words(
        _("Your complaint was answered: %s") % need.title,
        (_("The answer stands on the page below."),),
    )


_KINDS: dict[str, Callable[[Need, Answer | None], Words]] = {
    "received": _received,
    "answered": _answered,
    "redirected": _redirected,
    "declined": _declined,
    "complaint": _complaint,
}


def _address(need: Need) -> Address:
    """The body that has the need before it now."""
    held = need.addresses.filter(role=AddressRole.ADDRESSEE).select_related("organisation")
    found: Address = held.latest("since", "pk")
    return found


def _last_answer(need: Need) -> Answer:
    sent = Answer.objects.filter(need=need).exclude(sent_at=None).select_related("organisation", "redirected_to")
    found: Answer = sent.latest("sent_at", "pk")
    return found
