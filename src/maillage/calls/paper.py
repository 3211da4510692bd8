"""The dossier on paper: a PDF with numbered pages, in the language of who prints it."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.calls.blind import UNVEILED, Veil
from maillage.calls.document import Kind, Question
from maillage.calls.models import Dossier, Reply
from maillage.calls.queries import Fillings, parties_of, replies_of
from maillage.calls.values import fits
from maillage.kernel import wording
from maillage.kernel.paper import pdf


def paper_of(dossier: Dossier, veil: Veil = UNVEILED) -> bytes:
    """The PDF of a dossier as it reads now, in the active language; for reviewers, under the veil of a blind call."""
    return pdf("maillage.calls", "paper.typ", content_of(dossier, veil))


def content_of(dossier: Dossier, veil: Veil) -> dict[str, Any]:
    """What stands on paper (a value of JSON); the template sets it, and treats no text as markup."""
    sent = wording.moment(timezone.localtime(dossier.sent_at)) if dossier.sent_at else ""
    replies = replies_of(dossier)
    return {
        "language": wording.language(),
        "title": veil.text(dossier.title),
        "call": str(dossier.version.call),
        "version": _("Version %s of the call") % dossier.version.version,
        "state": _("Sent on %s") % sent if sent else _("Not sent: a draft"),
        "receipt": f"SHA-256 {dossier.digest}" if dossier.digest else "",
        "parties": [] if veil.pattern else [
            [str(one.organisation), str(one.get_part_display())] for one in parties_of(dossier)
        ],
        "heads": [_("Body"), _("Part")],
        "sections": [
            {"title": str(section.title),
             "fillings": list(_fillings(section.questions, replies.get(section.key, {}), veil))}
            for section in dossier.call.sections
        ],
    }  # fmt: skip


def _fillings(questions: tuple[Question, ...], fillings: Fillings, veil: Veil) -> Any:
    for number in sorted(fillings) or [1]:
        given = fillings.get(number, {})
        yield [_reply(question, given.get(question.key), veil) for question in questions]


def _reply(question: Question, reply: Reply | None, veil: Veil) -> dict[str, Any]:
    value = veil.reply(question, reply.value) if reply else None
    table = value if question.kind is Kind.TABLE and value else []
    return {
        "title": str(question.title),
        "text": "" if table else said(question, value),
        "heads": [str(column.title) for column in question.columns] if table else [],
        "rows": [[row.get(column.key, "") for column in question.columns] for row in table],
    }


def said(question: Question, value: Any) -> str:
    """A reply in words; a dash for none. One from before the question was changed is told as it stands."""
    if value is None:
        return "—"
    if not fits(question, value):
        return str(value)
    words: dict[Kind, Callable[[], str]] = {
        Kind.CHOICE: lambda: str(question.choices.get(value, value)),
        Kind.YES_NO: lambda: _("Yes") if value else _("No"),
        Kind.FIGURE: lambda: f"{value['value']} {value['unit']} ({value['evidence']}, {value['on']})",
        Kind.FILE: lambda: f"{value['name']} (SHA-256 {value['file'][:16]}…)",
        Kind.TABLE: lambda: "\n".join(" | ".join(filter(None, row.values())) for row in value),
    }
    return words.get(question.kind, lambda: str(value))()
