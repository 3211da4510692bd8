"""Mails of strangers as data: nothing in one makes it too long to read, or impossible to store."""

import time
from email.message import EmailMessage

import pytest
from django.conf import settings
from imap_tools import MailMessage

from maillage.partnerships.mail_parsing import MAX_READ_LENGTH, parse_mail


def mail(content: str, kind: str = "plain", subject: str = "Re: your need") -> MailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "company@example.org", "needs@maillage.example", subject
    message.set_content(content, subtype=kind)
    return MailMessage.from_bytes(message.as_bytes())


@pytest.mark.programs
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("<blockquote>" * 60_000 + "Tuesday.", "html"),
        ("\n" * 150_000 + "Tuesday.", "plain"),
        ("Tuesday.\n" + ">\n" * 90_000 + "Yes.", "plain"),
    ],
    ids=["nested quotes", "empty lines", "quoted lines"],
)
def test_a_long_mail_is_read_within_seconds_and_bounds(content, kind):
    begun = time.process_time()
    read = parse_mail(mail(content, kind))
    assert len(read.text) + len(read.quoted) < 12 * MAX_READ_LENGTH
    # A bound of kind, not of speed: what grows with the square of the length takes minutes.
    assert time.process_time() - begun < 30


def test_what_the_database_cannot_hold_is_left_out():
    raw = mail("Tuesday.").obj.as_bytes().replace(b"Subject: Re: your need", b"Subject: =?utf-8?q?a=00b?=")
    read = parse_mail(MailMessage.from_bytes(raw.replace(b"Tuesday.", b"Tues\x00day.")))
    assert "\x00" not in read.subject + read.text + read.quoted


def test_signed_links_of_the_site_are_left_out_of_what_a_mail_repeats():
    link = f"{settings.SITE_URL}/fr/needs/follow/MQ:1xXwCq:s5dUYCN0XMMs0b7WFIUjN3VMIF6l4Dz5m7smZdL1X3o"
    page = f"{settings.SITE_URL}/fr/offers/of-22"
    read = parse_mail(mail(f"Tuesday suits us, see {page}\n\n> Follow your need: {link}\n"))
    assert "s5dUYCN0" not in read.text + read.quoted
    assert page in read.text
