"""Mails that come back: each leaves with a return address of its own, so that a bounce says which mail it is about.

The address stands in the envelope alone. It holds the kind of the mail, its number and a mark of the address to which
it went, signed: nobody who did not get the mail can make it come back.
"""

import base64
import binascii
import datetime as dt
import re
from collections.abc import Callable, Iterable
from email.message import Message

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from maillage.core.registers import Register

_SALT = "maillage.bounce"
_PATTERN = r"b-[a-z][0-9a-z]+-[a-z2-7]{20}"
_MAX_REASON_LENGTH = 500

# What is done about a mail that came back: its number, why, and when. By the letter of its kind.
BounceHandler = Callable[[int, str, dt.datetime], None]
# The address to which a mail of a number goes today; empty where it goes to nobody.
CurrentAddress = Callable[[int], str]
# The bits of a return address that say to which address the mail went.
_ADDRESS_BITS = 16
BOUNCE_HANDLERS: Register[BounceHandler] = Register("what is done about mails that came back")


def handles_bounces(letter: str, address_of: CurrentAddress) -> Callable[[BounceHandler], BounceHandler]:
    """Register what is done about the mails of a kind, named by one letter, that came back.

    A report about an address that has been corrected since is late: nothing is done about it.
    """

    def register(handler: BounceHandler) -> BounceHandler:
        def handle(content: int, why: str, at: dt.datetime) -> None:
            number, address_mark = divmod(content, 1 << _ADDRESS_BITS)
            if address_mark == _address_mark(address_of(number)):
                handler(number, why, at)

        BOUNCE_HANDLERS[letter] = handle
        return handler

    return register


def _address_mark(address: str) -> int:
    return binascii.crc_hqx(address.strip().lower().encode(), 0)


def set_return_address(mail: EmailMessage, letter: str, number: int) -> None:
    """Have a mail come back to the mailbox of the site if it cannot be delivered; who sends it stays as it is."""
    if settings.INBOX:
        marked = (number << _ADDRESS_BITS) + _address_mark(mail.to[0])
        content = f"b-{letter}{int_to_base36(marked)}"
        mail.extra_headers.setdefault("From", mail.from_email)
        mail.from_email = settings.INBOX.address_with(f"{content}-{_signature(content)}")


def _signature(content: str) -> str:
    digest = salted_hmac(_SALT, content, algorithm="sha256").digest()
    return base64.b32encode(digest)[:20].decode().lower()


def find_returned_mail(headers: Iterable[str]) -> tuple[str, int] | None:
    """The kind (a letter) and the content of the return address to which a mail was sent; `None` for others."""
    if settings.INBOX is None:
        return None
    before, _sep, after = settings.INBOX.address.partition("*")
    pattern = re.compile(f"{re.escape(before)}({_PATTERN}){re.escape(after)}", re.IGNORECASE)
    token = next((match.group(1).lower() for text in headers if (match := pattern.search(text))), "")
    content, _sep, signature = token.rpartition("-")
    if not content or not constant_time_compare(signature, _signature(content)):
        return None
    return content[2], base36_to_int(content[3:])


def failure_of_report(mail: Message) -> str:
    """Why a mail was not delivered, as a report of a mail server (RFC 3464) says; empty for any other mail.

    A report of a delay, or of a delivery, is no failure.
    """
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload() if isinstance(part.get_payload(), list) else ():
            if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
                return _reason(block)
    return ""


def _reason(block: Message) -> str:
    diagnosis = str(block.get("Diagnostic-Code", "")).partition(";")[2] or str(block.get("Diagnostic-Code", ""))
    words = " ".join(f"{block.get('Status', '')} {diagnosis}".replace("\x00", "").split())
    return words[:_MAX_REASON_LENGTH] or "failed"
