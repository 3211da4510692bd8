"""What a heading of a convention asks, in the form in which dossiers ask their questions."""

from maillage.calls.document import Column, Heading, HeadingKind, Kind, Question
from maillage.kernel.documents.words import Words

_LONGEST, _ROWS, _MEGABYTES = 20_000, 100, 20
_OBJECTIVE = (
    Column("objective", Words("Objectif", "Objective")),
    Column("unit", Words("Unité", "Unit")),
    Column("now", Words("Au départ", "At the start"), Kind.NUMBER),
    Column("target", Words("Cible", "Target"), Kind.NUMBER),
    Column("by", Words("Échéance", "Due"), Kind.DATE),
)


def question_of(heading: Heading) -> Question:
    """The question that a heading asks. Raises `KeyError` for a perimeter, which is no reply but entities."""
    kind, most, columns = {
        HeadingKind.TEXT: (Kind.TEXT, _LONGEST, ()),
        HeadingKind.OBJECTIVES: (Kind.TABLE, _ROWS, _OBJECTIVE),
        HeadingKind.ATTACHMENT: (Kind.FILE, _MEGABYTES, ()),
    }[heading.kind]
    return Question(heading.key, heading.title, kind, heading.guidance, heading.required, most, columns=columns)
