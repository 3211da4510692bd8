"""The certainty of a statement on its page and in lists, the same as on the ecosystem page."""

from collections.abc import Iterable

from django.utils import timezone

from maillage.core.request import Request
from maillage.listing.values import LocalisedText
from maillage.publishing.models import Statement
from maillage.publishing.queries import MarkedSentence, marked_sentences
from maillage.publishing.sentences import is_written_here
from maillage.web.listing.page_parts import (
    register_list_certainties,
    register_list_names,
    register_record_sections,
)


@register_list_names("statements")
def statement_names(request: Request, statements: Iterable[Statement]) -> dict[int, LocalisedText]:
    """What the sentences that were written here say on the day read, to this reader: their claims have no values."""
    rows = [row for row in statements if is_written_here(row)]
    marked = _marked(request, rows)
    texts = {row: marked[row.number].evaluated.text for row in rows}
    return {row.pk: LocalisedText(text, row.get_absolute_url()) for row, text in texts.items() if text}


@register_list_certainties("statements")
def statement_certainties(request: Request, statements: Iterable[Statement]) -> dict[int, str]:
    """The certainty of each sentence that is on a page of the day read, by id of the statement."""
    rows = [row for row in statements if row.section_id is not None]
    marked = _marked(request, rows)
    marks = {row.pk: marked[row.number].mark for row in rows}
    return {pk: str(mark.standing) for pk, mark in marks.items() if mark}


@register_record_sections("statements")
def statement_sections(request: Request, statement: Statement) -> dict[str, object]:
    """The sentence of the day read with its certainty; both empty where no page has it."""
    sentence = _marked(request, [statement] if statement.section_id is not None else []).get(statement.number)
    if sentence is None or sentence.mark is None:
        return {"template": "statement", "standing": "", "sentence": ""}
    return {
        "template": "statement",
        "standing": sentence.mark.standing,
        "standing_why": sentence.mark.why,
        "sentence": sentence.evaluated.text,
    }


def _marked(request: Request, statements: list[Statement]) -> dict[int, MarkedSentence]:
    today = timezone.localdate()
    return marked_sentences(statements, actor=request.actor, day=request.as_of.on, today=today)
