"""Incoming mails as data: who answers which conversation, what they wrote, what they only repeat, and their files.

Mails are texts of strangers: whatever is read of them here is data, and nothing of it is trusted but the signed token
of the address that they were sent to.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email.message import Message as MimePart
from html.parser import HTMLParser

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from imap_tools import MailMessage
from mailparser_reply import EmailReplyParser

from maillage.core.action_registry import Arguments
from maillage.core.text import normalise_lines
from maillage.notifications.mails import SITE_HEADER
from maillage.partnerships.reply_addresses import find_reply_token

# Headers that may hold the address of a conversation, after whatever forwarding.
_RECIPIENTS = (
    "to",
    "cc",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-forwarded-to",
    "resent-to",
)
_AUTOMATIC_PRECEDENCE = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_AUTOMATIC_HEADERS = ("x-autoreply", "x-autorespond", "x-auto-reply", "list-id", "list-unsubscribe", "feedback-id")
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
# Characters of a mail that are read: a longer one is beyond what a message may hold.
MAX_READ_LENGTH = 200_000
_DEEPEST_QUOTE = 8
# Lines at which programs begin what they repeat, beyond those that the parser knows.
_QUOTE_BEGINS = re.compile(
    r"^[ \t]*(?:-{2,}\s*(?:Message d['’]origine|Original Message|Message transféré|Forwarded message)\b.*|_{10,}\s*"
    r"|(?:De|From)\s?:\s.+\n(?:.*\n){0,2}?(?:Envoyé|Date|Sent|À|To)\s?:.*"
    r"|(?:Le|On)\s[^\n]{4,120}(?:\n[^\n]{0,120})?(?:a\s+écrit|wrote)\s?:\s*)$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """A mail as it was received; `automatic` says why it was not written by a person, if it was not."""

    digest: str
    token: str
    sender: str
    subject: str
    automatic: str | Promise
    text: str = ""
    quoted: str = ""
    files: list[tuple[str, bytes]] = field(default_factory=list)


def parse_mail(mail: MailMessage) -> IncomingMail:
    """A mail as data. Whatever its headers and parts are, this raises nothing but the errors of broken encodings."""
    written = mail.text[:MAX_READ_LENGTH] or _text_of_html(mail.html[:MAX_READ_LENGTH])
    text, quoted = split_reply(_without_signed_links(normalise_lines(storable_text(written))))
    return IncomingMail(**_heading(mail), text=text, quoted=quoted, files=list(_files(mail)))


def storable_text(text: str) -> str:
    """A text without the characters that the database cannot hold: NUL, and halves of surrogate pairs."""
    return _NOT_STORABLE.sub("", text)


def _without_signed_links(text: str) -> str:
    """A text without links of this site that act for whoever was mailed: a reply repeats them to the other side."""
    signed = re.compile(re.escape(settings.SITE_URL.rstrip("/")) + r"/[^\s<>]*:[\w-]{20,}[^\s<>]*")
    return signed.sub("[…]", text)


def parse_heading(mail: MailMessage) -> IncomingMail:
    """A mail of which only the headers were fetched."""
    return IncomingMail(**_heading(mail))


def _heading(mail: MailMessage) -> Arguments:
    token = find_reply_token(recipients(mail))
    identity = next(iter(_values(mail, ("message-id",))), "") or mail.date_str + mail.subject + mail.from_
    return {
        "digest": hashlib.sha256(f"{identity.strip()}\n{token}".encode("utf-8", "replace")).hexdigest(),
        "token": token,
        "sender": storable_text(mail.from_).strip().lower()[:320],
        "subject": " ".join(storable_text(mail.subject).split())[:300],
        "automatic": automatic_reason(mail),
    }


def recipients(mail: MailMessage) -> list[str]:
    """The headers that may name the address to which a mail was sent."""
    return _values(mail, _RECIPIENTS)


def _values(mail: MailMessage, names: Iterable[str]) -> list[str]:
    return [value for name in names if name in mail.headers for value in mail.headers[name]]


def automatic_reason(mail: MailMessage) -> str | Promise:
    """Why a mail is taken for one of a program (an automatic reply, a list, a bounce, a loop); empty for a person's."""
    if _values(mail, (SITE_HEADER.lower(),)):
        return _("it comes from this site itself")
    if any(value.split(";")[0].strip().lower() != "no" for value in _values(mail, ("auto-submitted",))):
        return _("it is an automatic reply (Auto-Submitted)")
    if any(value.strip().lower() in _AUTOMATIC_PRECEDENCE for value in _values(mail, ("precedence",))):
        return _("it was sent to many, or by a program (Precedence)")
    if any(value.strip() == "<>" for value in _values(mail, ("return-path",))):
        return _("it has no return path, as a notice of failure has none")
    if _values(mail, _AUTOMATIC_HEADERS):
        return _("it comes from a program or a mailing list")
    return ""


def split_reply(text: str) -> tuple[str, str]:
    """What a mail says, and what it repeats of earlier ones.

    Whoever answers between the lines of the quoted text, or under it, has said the whole of it.
    """
    quote = _QUOTE_BEGINS.search(text)
    first = text[: quote.start()] if quote else text
    replies = EmailReplyParser(languages=["fr", "en"]).read(first).replies
    said = (replies[0].full_body if replies else first).strip()
    said = _without_quotes_at_end(said)
    if not said or _answers_below(text, quote):
        return text.strip(), ""
    return said, text[len(said) + text.index(said[:40]) :].strip() if said[:40] in text else text


def _without_quotes_at_end(text: str) -> str:
    lines = text.split("\n")
    while lines and (lines[-1].startswith(">") or not lines[-1].strip()):
        lines.pop()
    return "\n".join(lines).strip()


def _answers_below(text: str, quote: re.Match[str] | None) -> bool:
    """Whether unquoted lines follow lines quoted with `>`: an answer under or between what is quoted."""
    rest = re.split(r"\n-- ?\n", text[quote.end() :])[0] if quote else ""
    lines = [line for line in rest.split("\n") if line.strip()]
    quoted = [number for number, line in enumerate(lines) if line.lstrip().startswith(">")]
    return bool(quoted) and any(not line.lstrip().startswith(">") for line in lines[quoted[0] :])


def _files(mail: MailMessage) -> Iterator[tuple[str, bytes]]:
    """The attached files, without the pictures of a signature that the text shows in place."""
    for part in mail.obj.walk():
        if part.is_multipart() or not part.get_filename() or _is_shown_in_place(part):
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield storable_text(_decoded_name(mail, part)), content


def _is_shown_in_place(part: MimePart) -> bool:
    is_picture = part.get_content_maintype() == "image" and "Content-ID" in part
    return is_picture and part.get_content_disposition() != "attachment"


def _decoded_name(mail: MailMessage, part: MimePart) -> str:
    names = [attached.filename for attached in mail.attachments if attached.part is part]
    return names[0] if names else str(part.get_filename())


class _TextOfHtml(HTMLParser):
    """Collects the text of an HTML mail: a line for each block, nothing of styles and scripts."""

    _BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "blockquote", "hr"})
    _HIDDEN = frozenset({"style", "script", "head", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.hidden = self.quotes = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Begin a line at a block."""
        self.hidden += tag in self._HIDDEN
        self.quotes += tag == "blockquote"
        if tag in self._BLOCKS:
            self.pieces.append("\n" + "> " * min(self.quotes, _DEEPEST_QUOTE))

    def handle_endtag(self, tag: str) -> None:
        """End a line at a block."""
        self.hidden -= tag in self._HIDDEN and self.hidden > 0
        self.quotes -= tag == "blockquote" and self.quotes > 0
        if tag in self._BLOCKS:
            self.pieces.append("\n" + "> " * min(self.quotes, _DEEPEST_QUOTE))

    def handle_data(self, data: str) -> None:
        """Keep a text, its white space as one."""
        if not self.hidden:
            self.pieces.append(re.sub(r"\s+", " ", data))


def _text_of_html(html: str) -> str:
    reader = _TextOfHtml()
    reader.feed(html)
    lines = (line.strip() for line in "".join(reader.pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join("" if line == ">" else line for line in lines))
