"""The headings of a label agreement as questions, in the form of the questions of a call."""

from maillage.calls.call_document import AgreementHeading, HeadingKind, Question, QuestionKind, TableColumn
from maillage.documents.bilingual_text import BilingualText

_MAX_TEXT, _MAX_ROWS, _MAX_MEGABYTES = 20_000, 100, 20
_OBJECTIVE_COLUMNS = (
    TableColumn(key="objective", title=BilingualText("Objectif", "Objective")),
    TableColumn(key="unit", title=BilingualText("Unité", "Unit")),
    TableColumn(key="now", title=BilingualText("Au départ", "At the start"), kind=QuestionKind.NUMBER),
    TableColumn(key="target", title=BilingualText("Cible", "Target"), kind=QuestionKind.NUMBER),
    TableColumn(key="by", title=BilingualText("Échéance", "Due"), kind=QuestionKind.DATE),
)


def question_for_heading(heading: AgreementHeading) -> Question:
    """The question of a heading. Raises `KeyError` for a perimeter, which has entities and no reply."""
    kind, most, columns = {
        HeadingKind.TEXT: (QuestionKind.TEXT, _MAX_TEXT, ()),
        HeadingKind.OBJECTIVES: (QuestionKind.TABLE, _MAX_ROWS, _OBJECTIVE_COLUMNS),
        HeadingKind.ATTACHMENT: (QuestionKind.FILE, _MAX_MEGABYTES, ()),
    }[heading.kind]
    return Question(
        key=heading.key,
        title=heading.title,
        kind=kind,
        help=heading.guidance,
        required=heading.required,
        most=most,
        columns=columns,
    )
