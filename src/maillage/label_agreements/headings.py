"""What a heading of a convention asks, in the form in which dossiers ask their questions."""

from maillage.calls.call_document import AgreementHeading, HeadingKind, Question, QuestionKind, TableColumn
from maillage.documents.bilingual_text import BilingualText

_MAX_TEXT, _MAX_ROWS, _MAX_MEGABYTES = 20_000, 100, 20
_OBJECTIVE_COLUMNS = (
    TableColumn("objective", BilingualText("Objectif", "Objective")),
    TableColumn("unit", BilingualText("Unité", "Unit")),
    TableColumn("now", BilingualText("Au départ", "At the start"), QuestionKind.NUMBER),
    TableColumn("target", BilingualText("Cible", "Target"), QuestionKind.NUMBER),
    TableColumn("by", BilingualText("Échéance", "Due"), QuestionKind.DATE),
)


def question_for_heading(heading: AgreementHeading) -> Question:
    """The question that a heading asks. Raises `KeyError` for a perimeter, which is no reply but entities."""
    kind, most, columns = {
        HeadingKind.TEXT: (QuestionKind.TEXT, _MAX_TEXT, ()),
        HeadingKind.OBJECTIVES: (QuestionKind.TABLE, _MAX_ROWS, _OBJECTIVE_COLUMNS),
        HeadingKind.ATTACHMENT: (QuestionKind.FILE, _MAX_MEGABYTES, ()),
    }[heading.kind]
    return Question(heading.key, heading.title, kind, heading.guidance, heading.required, most, columns=columns)
