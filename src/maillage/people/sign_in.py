"""Adapters of allauth: no sign-up, mails in the recipient's language, encrypted secrets of second factors."""

import logging
import smtplib
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import translate_url
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from maillage.core.action_registry import Arguments
from maillage.core.security.encryption import decrypt, encrypt
from maillage.people.models import User
from maillage.site.queries import mail_sender, network_name

log = logging.getLogger("django.maillage.mail")
_PURPOSE = "second factor"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by mail address."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The mail address or the password is not right."),
        "too_many_login_attempts": _("Too many attempts failed. Wait a quarter of an hour, then try again."),
        "incorrect_code": _("This code is not right."),
        "incorrect_password": _("This password is not right."),
        "email_taken": _("This mail address cannot be used; another account may have it."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts are created by invitation."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: Arguments) -> None:
        """Send a mail in the recipient's language; if sending fails, show an error on the page."""
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        language = user.language if isinstance(user, User) else settings.LANGUAGE_CODE
        links = {key: link_for_mail(str(value), language) for key, value in context.items() if key.endswith("_url")}
        with override(language):
            message = self.render_mail(template_prefix, email, context | links | {"user": user, "language": language})
        try:
            message.send()
        except (OSError, smtplib.SMTPException):
            log.exception("A mail could not be sent.")
            messages.error(current.request, gettext("The mail could not be sent; try again later, or ask an officer."))

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: Mapping[str, object],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """A mail from one text template: its first line is the subject, and the HTML is made of its paragraphs."""
        text = render_to_string(
            f"{template_prefix}.txt", {**context, "site_url": settings.SITE_URL, "network": network_name()}
        )
        subject, _blank, body = text.strip().partition("\n")
        html_context = {
            **context,
            "subject": subject,
            "network": network_name(),
            "paragraphs": body.strip().split("\n\n"),
        }
        to = [email] if isinstance(email, str) else email
        message = EmailMultiAlternatives(subject, body.strip() + "\n", mail_sender(), to, headers=headers)
        message.attach_alternative(render_to_string("account/email/mail.html", html_context), "text/html")
        return message


def link_for_mail(link: str, language: str) -> str:
    """A link for a mail, in the given language and at `SITE_URL`, whatever the host of the request."""
    parts = urlsplit(translate_url(link, language))
    return urljoin(settings.SITE_URL, parts.path + (f"?{parts.query}" if parts.query else ""))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors, whose secrets are encrypted in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _("This code is not right.")}

    def get_totp_issuer(self) -> str:
        """The name of the network, by which an authenticator app lists the account."""
        return network_name()

    def encrypt(self, text: str) -> str:
        return encrypt(text, _PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text, _PURPOSE)
