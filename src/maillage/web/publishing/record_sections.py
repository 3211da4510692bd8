"""The certainty of a statement on its page and in lists, the same as on the ecosystem page."""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from maillage.core.request import Request
from maillage.listing.values import LocalisedText
from maillage.publishing.models import Statement
from maillage.publishing.queries import EcosystemPage, get_ecosystem_page, sentences_on
from maillage.register.models import Organisation
from maillage.web.listing.page_parts import (
    register_list_certainties,
    register_list_names,
    register_record_sections,
)


@register_list_names("statements")
def statement_names(request: Request, statements: Iterable[Statement]) -> dict[int, LocalisedText]:
    """What the sentences that were written here say on the day read, to this reader."""
    rows = list(statements)
    texts = sentences_on(rows, actor=request.actor, day=request.as_of.on)
    return {row.pk: LocalisedText(texts[row.pk], row.get_absolute_url()) for row in rows if row.pk in texts}


@register_list_certainties("statements")
def statement_certainties(request: Request, statements: Iterable[Statement]) -> dict[int, str]:
    """The certainty of each sentence that is on a page of the day read, by id of the statement."""
    rows = list(statements)
    organisations = {row.section.organisation for row in rows if row.section is not None}
    marked = {number: row for page in _pages(request, organisations) for number, row in page.marked.items()}
    marks = {row.pk: marked[row.number].mark for row in rows if row.number in marked}
    return {pk: str(mark.standing) for pk, mark in marks.items() if mark}


@register_record_sections("statements")
def statement_sections(request: Request, statement: Statement) -> dict[str, object]:
    """The sentence of the day read with its certainty; both empty where no page has it."""
    organisations = {statement.section.organisation} if statement.section else set()
    sentence = next((page.marked.get(statement.number) for page in _pages(request, organisations)), None)
    if sentence is None or sentence.mark is None:
        return {"template": "statement", "standing": "", "sentence": ""}
    return {
        "template": "statement",
        "standing": sentence.mark.standing,
        "standing_why": sentence.mark.why,
        "sentence": sentence.evaluated.text,
    }


def _pages(request: Request, organisations: Iterable[Organisation]) -> Iterator[EcosystemPage]:
    today = timezone.localdate()
    for organisation in organisations:
        yield get_ecosystem_page(organisation, actor=request.actor, day=request.as_of.on, today=today)
