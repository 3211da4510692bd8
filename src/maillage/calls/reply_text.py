"""Replies as text, for pages and paper."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from maillage.calls.call_document import Question, QuestionKind
from maillage.calls.field_types import fits_question
from maillage.core.json_types import Json


def format_reply(question: Question, value: Json) -> str:
    """A reply as text; a dash for none. A reply that no longer fits its question is shown unformatted."""
    if value is None:
        return "—"
    if not fits_question(question, value):
        return str(value)
    words: dict[QuestionKind, Callable[[], str]] = {
        QuestionKind.CHOICE: lambda: str(question.choices.get(value, value)),
        QuestionKind.YES_NO: lambda: _("Yes") if value else _("No"),
        QuestionKind.FIGURE: lambda: f"{value['value']} {value['unit']} ({value['evidence']}, {value['on']})",
        QuestionKind.FILE: lambda: f"{value['name']} (SHA-256 {value['file'][:16]}…)",
        QuestionKind.TABLE: lambda: "\n".join(" | ".join(filter(None, row.values())) for row in value),
    }
    return words.get(question.kind, lambda: str(value))()
