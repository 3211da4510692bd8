"""The mark of a statement on its own page and in lists, the same as its sentence has on the ecosystem page."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from maillage.core.request import Request
from maillage.publishing.models import Statement
from maillage.publishing.queries import EcosystemPage, get_ecosystem_page
from maillage.web.listing.page_parts import register_list_certainties, register_record_sections


@register_list_certainties("statements")
def statement_certainties(request: Request, statements: Iterable[Statement]) -> dict[int, str]:
    """How sure each sentence on the page of the day read is, by id of the statement."""
    marked = _page(request).marked
    marks = {statement.pk: marked[statement.number].mark for statement in statements if statement.number in marked}
    return {pk: str(mark.standing) for pk, mark in marks.items() if mark}


@register_record_sections("statements")
def statement_sections(request: Request, statement: Statement) -> dict[str, Any]:
    """The sentence as told on the day read, and its mark; nothing of both where it is not told."""
    one = _page(request).marked.get(statement.number)
    if one is None or one.mark is None:
        return {"template": "statement", "standing": "", "sentence": ""}
    return {
        "template": "statement",
        "standing": one.mark.standing,
        "standing_why": one.mark.why,
        "sentence": one.evaluated.text,
    }


def _page(request: Request) -> EcosystemPage:
    return get_ecosystem_page(actor=request.actor, day=request.as_of.on, today=timezone.localdate())
