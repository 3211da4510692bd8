"""Mails to those who propose a change, in the language in which they proposed it."""

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
from maillage.notifications.bounces import set_return_address
from maillage.proposals.access_tokens import (
    CONFIRMATION_DELAY,
    make_confirmation_token,
    make_proposal_token,
)
from maillage.proposals.models import Proposal, ProposalKind, ProposalState, Proposer
from maillage.site.queries import mail_sender, network_name

# The task is named, since its module needs this one.
MAIL_TASK = "proposals.mail_proposer"


@dataclass(frozen=True, slots=True)
class MailContent:
    """The subject and paragraphs of a mail, and the address it leads to, with the words of that link."""

    subject: str
    paragraphs: tuple[str, ...]
    path: str
    link_words: str


def queue_proposer_mail(proposal: Proposal, kind: str) -> None:
    """Queue a mail of this kind to who proposed a change, sent once the transaction is committed."""
    app.configure_task(MAIL_TASK).defer(proposal_id=proposal.pk, kind=kind)


def proposer_mail(proposer: Proposer, kind: str) -> EmailMultiAlternatives:
    """The mail of a kind. Raises `KeyError` for an unknown kind."""
    with translation.override(proposer.language):
        words = _MAILS_BY_KIND[kind](proposer.proposal)
        context = {
            # An address that is not confirmed gets no words of a stranger.
            "name": "" if kind == "confirm" else proposer.name,
            "words": words,
            "link": urljoin(settings.SITE_URL, words.path),
            "language": proposer.language,
            "network": network_name(),
        }
        text = render_to_string("proposals/mail.txt", context)
        headers = {"Auto-Submitted": "auto-generated", "Content-Language": proposer.language}
        mail = EmailMultiAlternatives(words.subject, text, mail_sender(), [proposer.email], headers=headers)
        mail.attach_alternative(render_to_string("proposals/mail.html", context), "text/html")
        set_return_address(mail, "p", proposer.proposal_id)
    return mail


def _follow_path(proposal: Proposal) -> str:
    return reverse("follow-proposal", args=[make_proposal_token(proposal)])


def _confirm_mail(proposal: Proposal) -> MailContent:
    is_new = proposal.kind == ProposalKind.RECORD
    return MailContent(
        _("Confirm what you propose") if is_new else _("Confirm what you propose: %s") % proposal.title,
        (
            _("Somebody, probably you, proposed a change to the register with this mail address."),
            _(
                "Open the page below and confirm it within %(days)d days: only then is it read. If it was not you, do "
                "nothing: it is deleted."
            )
            % {"days": CONFIRMATION_DELAY.days},
        ),
        reverse("confirm-proposal", args=[make_confirmation_token(proposal)]),
        _("Confirm the proposal"),
    )


def _accepted_mail(proposal: Proposal) -> MailContent:
    return MailContent(
        _("Your proposal is accepted: %s") % proposal.title,
        tuple(text for text in (_("Thank you: the register now says what was found right."), proposal.answer) if text),
        _follow_path(proposal),
        _("See what was changed"),
    )


def _refused_mail(proposal: Proposal) -> MailContent:
    day = formats.day(timezone.localdate(proposal.proposed_at))
    return MailContent(
        _("Your proposal is not taken up: %s") % proposal.title,
        (
            _("What you proposed on %(day)s is not taken up, for the reason below.") % {"day": day},
            proposal.answer,
            _("If you know more, such as a source, propose it again."),
        ),
        _follow_path(proposal),
        _("See your proposal"),
    )


_MAILS_BY_KIND: dict[str, Callable[[Proposal], MailContent]] = {
    "confirm": _confirm_mail,
    ProposalState.ACCEPTED.value: _accepted_mail,
    ProposalState.REFUSED.value: _refused_mail,
}
