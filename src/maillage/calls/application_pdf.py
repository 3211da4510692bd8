"""The PDF of an application, with numbered pages."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.calls.blind_review import NO_MASK, NameMask
from maillage.calls.call_document import Question, QuestionKind
from maillage.calls.models import Application, Reply
from maillage.calls.queries import Fillings, application_parties, replies_by_section
from maillage.calls.reply_text import format_reply
from maillage.core import formats
from maillage.core.pdf import render_pdf


def render_application_pdf(application: Application, name_mask: NameMask = NO_MASK) -> bytes:
    """The PDF of an application as it is now, in the active language; `name_mask` hides names from blind reviewers."""
    return render_pdf("maillage.calls", "paper.typ", application_pdf_content(application, name_mask))


def application_pdf_content(application: Application, name_mask: NameMask) -> dict[str, object]:
    """The content of the PDF as a JSON value; the template treats no text as markup."""
    sent = formats.moment(timezone.localtime(application.sent_at)) if application.sent_at else ""
    replies = replies_by_section(application)
    return {
        "language": formats.language(),
        "title": name_mask.text(application.title),
        "call": str(application.version.call),
        "version": _("Version %s of the call") % application.version.version,
        "state": _("Sent on %s") % sent if sent else _("Not sent: a draft"),
        "receipt": f"SHA-256 {application.digest}" if application.digest else "",
        "parties": [] if name_mask.pattern else [
            [str(party.organisation), str(party.get_part_display())] for party in application_parties(application)
        ],
        "heads": [_("Organisation"), _("Part")],
        "sections": [
            {"title": str(section.title),
             "fillings": list(_filling_rows(section.questions, replies.get(section.key, {}), name_mask))}
            for section in application.call_document.sections
        ],
    }  # fmt: skip


def _filling_rows(
    questions: tuple[Question, ...], fillings: Fillings, name_mask: NameMask
) -> Iterator[list[dict[str, object]]]:
    for number in sorted(fillings) or [1]:
        replies = fillings.get(number, {})
        yield [_reply_block(question, replies.get(question.key), name_mask) for question in questions]


def _reply_block(question: Question, reply: Reply | None, name_mask: NameMask) -> dict[str, object]:
    value = name_mask.reply(question, reply.value) if reply else None
    table = value if question.kind is QuestionKind.TABLE and value else []
    return {
        "title": str(question.title),
        "text": "" if table else format_reply(question, value),
        "heads": [str(column.title) for column in question.columns] if table else [],
        "rows": [[row.get(column.key, "") for column in question.columns] for row in table],
    }
