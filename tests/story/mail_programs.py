"""A person at a mail program: reads what came last, answers it with the text quoted below, and attaches a file."""

import itertools
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from django.utils import timezone

from tests.dovecot import MailServer
from tests.site_process import Site
from tests.story.need_pages import read_mailbox
from tests.story.person_pages import list_mails, wait_for_mail

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_numbers = itertools.count(1)


def newest_mail(email: str, words: str) -> EmailMessage:
    """The last mail to an address that says this, as soon as it is there."""
    wait_for_mail(email, words)
    return next(mail for mail in list_mails(email) if words in f"{mail['Subject']}\n{text_of(mail)}")


def text_of(mail: EmailMessage) -> str:
    """What a mail says."""
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


def file_names(mail: EmailMessage) -> list[str]:
    """The names of the files that a mail carries."""
    return [str(part.get_filename()) for part in mail.iter_attachments()]


def answer_mail(site: Site, mailbox: MailServer, mail: EmailMessage, text: str, file: str = "") -> None:
    """Answer a mail at the address that it names, from the address to which it came; the worker reads it at once."""
    answer = EmailMessage()
    answer["From"], answer["To"] = str(mail["To"]), str(mail["Reply-To"])
    answer["Subject"], answer["Date"] = f"Re: {mail['Subject']}", format_datetime(timezone.now())
    answer["Message-ID"] = make_msgid(str(next(_numbers)), "company.example")
    answer["In-Reply-To"] = str(mail["Message-ID"])
    quoted = "\n".join(f"> {line}" for line in text_of(mail).splitlines())
    answer.set_content(f"{text}\n\nOn Mon, 30 Nov 2026 at 11:02, Maillage wrote:\n{quoted}\n")
    if file:
        answer.add_attachment(PDF, maintype="application", subtype="pdf", filename=file)
    mailbox.deliver(answer.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    read_mailbox(site)
