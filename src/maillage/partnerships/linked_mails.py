"""Mails about a need to people who may have no account: words, and a link to a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from maillage.notifications.mails import SITE_HEADER
from maillage.site.queries import mail_sender


@dataclass(frozen=True, slots=True)
class LinkedMail:
    """The words of a mail: `about_link` follows the link, `reason` says why one gets it."""

    greeting: str
    paragraphs: Sequence[str]
    link: str
    link_words: str
    reason: str
    about_link: str = ""


def build_mail(
    to: str, subject: str, content: LinkedMail, *, language: str, reply_to: str = ""
) -> EmailMultiAlternatives:
    """The mail as text and HTML, marked as written by this site."""
    context = {"subject": subject, "content": content, "language": language}
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": language, SITE_HEADER: settings.SITE_URL}
    mail = EmailMultiAlternatives(
        subject,
        render_to_string("partnerships/mail.txt", context),
        mail_sender(),
        [to],
        headers=headers,
        reply_to=[reply_to] if reply_to else None,
    )
    mail.attach_alternative(render_to_string("partnerships/mail.html", context), "text/html")
    return mail
