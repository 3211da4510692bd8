"""The certainty of a statement on its page and in lists, the same as on the ecosystem page."""

from collections.abc import Iterable

from django.utils import timezone

from maillage.core.request import Request
from maillage.publishing.models import Statement
from maillage.publishing.queries import EcosystemPage, get_ecosystem_page
from maillage.web.listing.page_parts import register_list_certainties, register_record_sections


@register_list_certainties("statements")
def statement_certainties(request: Request, statements: Iterable[Statement]) -> dict[int, str]:
    """The certainty of each sentence that is on the page of the day read, by id of the statement."""
    marked = _page(request).marked
    marks = {statement.pk: marked[statement.number].mark for statement in statements if statement.number in marked}
    return {pk: str(mark.standing) for pk, mark in marks.items() if mark}


@register_record_sections("statements")
def statement_sections(request: Request, statement: Statement) -> dict[str, object]:
    """The sentence of the day read with its certainty; both empty where the page does not have it."""
    sentence = _page(request).marked.get(statement.number)
    if sentence is None or sentence.mark is None:
        return {"template": "statement", "standing": "", "sentence": ""}
    return {
        "template": "statement",
        "standing": sentence.mark.standing,
        "standing_why": sentence.mark.why,
        "sentence": sentence.evaluated.text,
    }


def _page(request: Request) -> EcosystemPage:
    return get_ecosystem_page(actor=request.actor, day=request.as_of.on, today=timezone.localdate())
