"""The mark of a statement on its own page and in lists: the very one that its sentence bears on the ecosystem page."""

from typing import Any

from django.utils import timezone

from maillage.core.request import Request
from maillage.publishing.models import Statement
from maillage.publishing.queries import EcosystemPage, get_ecosystem_page


def statement_certainties(request: Request) -> dict[int, str]:
    """The standing of each sentence told on the day read, by number of statement."""
    return {number: str(one.mark.standing) for number, one in _page(request).marked.items() if one.mark}


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
