"""The mails of notices: of a single notice, or a digest of several."""

from collections.abc import Sequence
from smtplib import SMTPRecipientsRefused
from urllib.parse import urljoin

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from maillage.notifications.bounces import set_return_address
from maillage.notifications.models import Notice
from maillage.notifications.notice_kinds import MailFile, MailRow, Pace, Recipient
from maillage.site.queries import mail_sender, network_name

_SALT = "maillage.notices.stop"
# Says which site sent a mail, so that the site knows its own mails when they come back to it.
SITE_HEADER = "X-Maillage-Site"
# From this code on, an answer of a mail server is final (RFC 5321).
_PERMANENT = 500
# The most that the files of one mail may hold: many servers refuse mails of more than 10 MB, encoded.
MAX_FILES_BYTES = 7 * 1024 * 1024


def unsubscribe_token(notice: Notice, *, digest: bool = False) -> str:
    """The signed token of the link that stops notices of this kind, or the digest, without signing in."""
    return signing.dumps([notice.pk, int(digest)], salt=_SALT)


def read_unsubscribe_token(token: str) -> tuple[int, bool]:
    """The id of the notice and whether the token is for the digest. Raises `signing.BadSignature`."""
    notice_id, digest = signing.loads(token, salt=_SALT)
    return int(notice_id), bool(digest)


def notice_mail(notice: Notice) -> EmailMultiAlternatives:
    """The mail of one notice, in the language of the person."""
    with translation.override(notice.person.language):
        stoppable = bool(notice.notice_kind and not notice.notice_kind.must_reach)
        stop_address = _stop_address(unsubscribe_token(notice)) if stoppable else ""
        return _mail(notice.person, str(notice.subject), [notice], stop_address, digest=False)


def digest_mail(person: Recipient, notices: Sequence[Notice]) -> EmailMultiAlternatives:
    """The mail of several notices of one person, in the language of the person."""
    with translation.override(person.language):
        notices = sorted(notices, key=lambda notice: not _has_rows(notice))
        count = len(notices)
        first = str(notices[0].subject) if _has_rows(notices[0]) else ""
        subject = first or ngettext("%d notice", "%d notices", count) % count
        return _mail(person, subject, notices, _stop_address(unsubscribe_token(notices[0], digest=True)), digest=True)


def _mail(
    person: Recipient, subject: str, notices: Sequence[Notice], stop_address: str, *, digest: bool
) -> EmailMultiAlternatives:
    context = {
        "person": person,
        "notices": [(notice, _absolute_address(str(notice.link or "")), _mail_rows(notice)) for notice in notices],
        "stop": stop_address,
        "choices": _absolute_address(reverse("notices:choices")),
        "digest": digest,
        "pace": Pace(notices[0].pace).label if len({notice.pace for notice in notices}) == 1 else "",
        "may_reply": bool(not digest and notices[0].reply_to),
        "language": person.language,
        "network": network_name(),
    }
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": person.language, SITE_HEADER: settings.SITE_URL}
    if stop_address:
        headers |= {"List-Unsubscribe": f"<{stop_address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    text, reply_to = render_to_string("notifications/mail.txt", context), "" if digest else notices[0].reply_to
    mail = EmailMultiAlternatives(
        f"[{network_name()}] {subject}",
        text,
        mail_sender(),
        [person.email],
        headers=headers,
        reply_to=[reply_to] if reply_to else None,
    )
    mail.attach_alternative(render_to_string("notifications/mail.html", context), "text/html")
    attach_files(mail, [file for notice in notices for file in _mail_files(notice)])
    set_return_address(mail, "n", notices[0].pk)
    return mail


def _has_rows(notice: Notice) -> bool:
    return bool(notice.notice_kind and notice.notice_kind.rows)


def _mail_files(notice: Notice) -> Sequence[MailFile]:
    kind = notice.notice_kind
    return kind.files(notice.record_kind, notice.record_id) if kind and kind.files and notice.record_id else ()


def attach_files(mail: EmailMultiAlternatives, files: Sequence[MailFile]) -> None:
    """Add files to a mail, those that come first, as far as they fit into one."""
    size = 0
    for file in files:
        if size + len(file.content) <= MAX_FILES_BYTES:
            size += len(file.content)
            mail.attach(file.name, file.content, file.media_type)


def _mail_rows(notice: Notice) -> list[tuple[MailRow, str]]:
    """The rows of a notice, each with its full address."""
    if notice.notice_kind is None or notice.notice_kind.rows is None:
        return []
    return [(row, _absolute_address(row.path)) for row in notice.notice_kind.rows(notice.person, timezone.now())]


def _stop_address(token: str) -> str:
    return _absolute_address(reverse("notices:stop", args=[token]))


def _absolute_address(path: str) -> str:
    return urljoin(settings.SITE_URL, path) if path else ""


def mail_failure_text(error: Exception) -> str:
    """Why a mail was not sent: what the mail server answered, else the error; at most 1,000 characters."""
    if isinstance(error, SMTPRecipientsRefused):
        answers = {f"{code} {_decoded(words)}".strip() for code, words in error.recipients.values()}
        return "; ".join(sorted(answers))[:1000]
    return f"{type(error).__name__}: {error}"[:1000]


def _decoded(words: bytes | str) -> str:
    return " ".join((words.decode(errors="replace") if isinstance(words, bytes) else words).split())


def is_permanent(error: Exception) -> bool:
    """Whether a mail server refused all recipients for good, so that trying again is of no use."""
    refused = error.recipients if isinstance(error, SMTPRecipientsRefused) else {}
    return bool(refused) and all(code >= _PERMANENT for code, _words in refused.values())
